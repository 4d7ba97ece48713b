import ImageFormats
public import SystemPackage

/// A format of responsibilities.
///
/// A further one is a case here and its `SoftWriter`: help texts, error
/// messages and the choice of streaming follow.
public enum SoftFormat: String, CaseIterable, Sendable {
  /// Arrays for NumPy.
  case npz

  /// OpenEXR in the Cryptomatte convention.
  case exr

  /// OpenRaster, a layer a colour.
  case ora

  /// TIFF, a page a colour.
  case tiff

  /// A folder of greyscale PNGs with an index.
  case folder

  /// Its writer.
  var writer: any SoftWriter.Type {
    switch self {
    case .npz: NPZWriter.self
    case .exr: CryptomatteWriter.self
    case .ora: OpenRasterWriter.self
    case .tiff: TIFFWriter.self
    case .folder: MaskFolderWriter.self
    }
  }

  /// The format that a file's name says; `nil` when its ending is none of a
  /// format's.
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

  /// The usual ending as messages write it: ".npz", "a folder/".
  public var label: String { isFolder ? "a folder/" : writer.endings[0] }

  /// Whether it is a folder, and not a file.
  public var isFolder: Bool { writer.endings == ["/"] }

  /// The depths of samples there are, the one that is used without a choice
  /// first.
  public var depths: [SampleDepth] { writer.depths }

  /// The depth that is used without a choice.
  public var defaultDepth: SampleDepth { depths[0] }

  /// Whether it is written in one or two passes over the pixels, strip by
  /// strip, with nothing kept in memory.
  public var isStreamed: Bool { writer.isStreamed }

  /// Refuses a depth that the format does not have.
  ///
  /// - Throws: `SoftFormatError.depth`.
  public func check(_ depth: SampleDepth) throws(SoftFormatError) {
    guard depths.contains(depth) else { throw .depth(self, depth) }
  }

  /// Loads the library that writes the format, where there is one. `write`
  /// does it as well; call this before the work that leads there.
  ///
  /// - Throws: `SoftFormatError.missingLibrary`.
  public func loadLibrary() throws(SoftFormatError) {
    try writer.loadLibrary()
  }

  /// Writes a file or fills a folder.
  ///
  /// - Parameters:
  ///   - image: The responsibilities.
  ///   - path: The file, which is replaced, or an empty folder.
  ///   - depth: The depth of samples; `nil` for ``defaultDepth``. A format with
  ///     one depth takes that.
  /// - Throws: `SoftFormatError`.
  public func write(
    _ image: SoftImage, to path: FilePath, depth: SampleDepth? = nil
  ) throws(SoftFormatError) {
    guard image.pages == 1 || self == .npz else {
      throw .pages(name: name, others: Self.npz.label)
    }
    try writer.write(
      image, to: path,
      depth: depths.count > 1 ? depth ?? defaultDepth : defaultDepth)
  }

  /// The endings of file names, for messages: ".npz, .exr, .ora, .tif or a
  /// folder/".
  public static let endings = TextList.or(allCases.map(\.label))

  /// The formats that are streamed, for messages: ".npz and .exr".
  public static let streamed = TextList.and(
    allCases.filter(\.isStreamed).map(\.label))
}
