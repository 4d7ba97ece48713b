import Segmentation
import SystemPackage

/// Writes layers in a format, and states the format's properties.
protocol LayerWriter {
  /// The name that messages use.
  static var name: String { get }

  /// The endings of file names, with the dot and in lower case, the usual one first; a
  /// slash for a folder.
  static var endings: [String] { get }

  /// How layers can be put together, the way that is taken without a choice first.
  static var blends: [LayerBlend] { get }

  /// Loads the library that writes the format, where there is one.
  ///
  /// - Throws: `SoftFormatError.missingLibrary`.
  static func loadLibrary() throws(SoftFormatError)

  /// Writes a file or fills a folder.
  ///
  /// - Parameters:
  ///   - image: The layers.
  ///   - path: The file, which is replaced, or an empty folder.
  /// - Throws: `SoftFormatError`.
  static func write(
    _ image: LayerImage, to path: FilePath
  ) throws(SoftFormatError)
}

extension LayerWriter {
  static func loadLibrary() throws(SoftFormatError) {}
}
