import ImageFormats
public import Segmentation
public import SystemPackage

/// A format of layers.
public enum LayerFormat: String, CaseIterable, Sendable {
  /// OpenRaster.
  case ora

  /// Photoshop.
  case psd

  /// Photoshop's format for large documents.
  case psb

  /// TIFF, a page a layer.
  case tiff

  /// OpenEXR, a part a layer.
  case exr

  /// A folder of PNGs with an index.
  case folder

  /// Its writer.
  var writer: any LayerWriter.Type {
    switch self {
    case .ora: LayerRasterWriter.self
    case .psd: PhotoshopWriter.self
    case .psb: LargePhotoshopWriter.self
    case .tiff: LayerTIFFWriter.self
    case .exr: LayerEXRWriter.self
    case .folder: LayerFolderWriter.self
    }
  }

  /// The format that a file's name says; `nil` when its ending is none of a format's.
  ///
  /// - Parameter name: A path; one that ends in a slash names a folder.
  public init?(name: String) {
    guard let ending = FileEnding.of(name),
      let match = Self.allCases.first(where: {
        $0.writer.endings.contains(ending)
      })
    else { return nil }
    self = match
  }

  /// The name that messages use.
  public var name: String { writer.name }

  /// The usual ending as messages write it: ".psd", "a folder/".
  public var label: String { isFolder ? "a folder/" : writer.endings[0] }

  /// Whether it is a folder, and not a file.
  public var isFolder: Bool { writer.endings == ["/"] }

  /// How layers can be put together, the way that is taken without a choice first.
  public var blends: [LayerBlend] { writer.blends }

  /// Loads the library that writes the format, where there is one.
  ///
  /// - Throws: `SoftFormatError.missingLibrary`.
  public func loadLibrary() throws(SoftFormatError) {
    try writer.loadLibrary()
  }

  /// Writes a file or fills a folder.
  ///
  /// - Parameters:
  ///   - image: The layers.
  ///   - path: The file, which is replaced, or an empty folder.
  /// - Throws: `SoftFormatError`.
  public func write(
    _ image: LayerImage, to path: FilePath
  ) throws(SoftFormatError) {
    // Only light has an alpha that adds up in all programs.
    guard self == .exr || image.split.blend == .normal || !image.hasAlpha else {
      throw .layersOfTransparent
    }
    try writer.write(image, to: path)
  }

  /// The endings of file names, for messages.
  public static let endings = TextList.or(allCases.map(\.label))
}
