package import SystemPackage

/// Writes responsibilities in a format, and states the format's properties.
///
/// All that help texts, messages and jobs need to know of a format is here.
package protocol SoftWriter {
  /// The name that messages use.
  static var name: String { get }

  /// The endings of file names, with the dot and in lower case, the usual
  /// one first; a slash for a folder.
  static var endings: [String] { get }

  /// The depths of samples there are, the one that is used without a choice
  /// first.
  static var depths: [SampleDepth] { get }

  /// Whether it is written in one or two passes over the pixels, strip by
  /// strip, with nothing kept in memory.
  static var isStreamed: Bool { get }

  /// Loads the library that writes the format, where there is one. `write` does
  /// it as well.
  ///
  /// - Throws: `SoftFormatError.missingLibrary`.
  static func loadLibrary() throws(SoftFormatError)

  /// Writes a file or fills a folder.
  ///
  /// - Parameters:
  ///   - image: The responsibilities.
  ///   - path: The file, which is replaced, or an empty folder.
  ///   - depth: One of ``depths``.
  /// - Throws: `SoftFormatError`; `.depth` for a depth that is none of those.
  static func write(
    _ image: SoftImage, to path: FilePath, depth: SampleDepth
  ) throws(SoftFormatError)
}

extension SoftWriter {
  package static func loadLibrary() throws(SoftFormatError) {}

  /// Writes with the depth that is used without a choice.
  ///
  /// - Parameters:
  ///   - image: The responsibilities.
  ///   - path: The file, which is replaced, or an empty folder.
  /// - Throws: `SoftFormatError`.
  package static func write(
    _ image: SoftImage, to path: FilePath
  ) throws(SoftFormatError) {
    try write(image, to: path, depth: depths[0])
  }
}
