/// A file format that is read.
///
/// A further one is a case here with the type of its reader: help texts, error
/// messages and the choice of files in a folder follow.
public enum InputFormat: String, CaseIterable, Sendable {
  /// Portable Network Graphics.
  case png

  /// JPEG File Interchange Format and its relatives.
  case jpeg

  /// Tagged Image File Format.
  case tiff

  /// WebP.
  case webp

  /// Graphics Interchange Format.
  case gif

  /// Windows bitmap.
  case bmp

  /// The name that messages use, such as "PNG".
  public var name: String {
    switch self {
    case .png: "PNG"
    case .jpeg: "JPEG"
    case .tiff: "TIFF"
    case .webp: "WebP"
    case .gif: "GIF"
    case .bmp: "BMP"
    }
  }

  /// The endings of file names in use for the format, in lower case and
  /// without the dot, the usual one first.
  public var fileExtensions: [String] {
    switch self {
    case .png: ["png"]
    case .jpeg: ["jpg", "jpeg", "jpe", "jfif"]
    case .tiff: ["tif", "tiff"]
    case .webp: ["webp"]
    case .gif: ["gif"]
    case .bmp: ["bmp", "dib"]
    }
  }

  /// The kind that the content of such a file is recognised as.
  package var signature: FileSignature {
    switch self {
    case .png: .png
    case .jpeg: .jpeg
    case .tiff: .tiff
    case .webp: .webp
    case .gif: .gif
    case .bmp: .bmp
    }
  }

  /// The same format as one that is written; `nil` where it is not.
  package var output: OutputFormat? {
    OutputFormat(pathExtension: fileExtensions[0])
  }

  /// Its reader.
  var reader: any ImageReader.Type {
    switch self {
    case .png: PNGReader.self
    case .jpeg: JPEGReader.self
    case .tiff: TIFFReader.self
    case .webp: WebPReader.self
    case .gif: GIFReader.self
    case .bmp: BMPReader.self
    }
  }

  /// The format with a signature, or `nil` when files of that kind are not
  /// read.
  public init?(_ signature: FileSignature) {
    let match = Self.allCases.first { $0.signature == signature }
    guard let match else { return nil }
    self = match
  }

  /// The format that a file's name suggests, or `nil` when no format uses its
  /// ending.
  ///
  /// - Parameter pathExtension: The part after the last dot, in any case.
  public init?(pathExtension: String) {
    let wanted = pathExtension.lowercased()
    let match = Self.allCases.first { $0.fileExtensions.contains(wanted) }
    guard let match else { return nil }
    self = match
  }

  /// The formats as messages and help texts list them: "PNG, JPEG, TIFF, WebP,
  /// GIF or BMP".
  public static let list = TextList.or(allCases.map(\.name))
}
