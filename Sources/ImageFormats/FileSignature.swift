/// The kind of a file, told by its content and never by its name.
public enum FileSignature: Equatable, Sendable {
  /// No bytes at all.
  case empty
  /// PNG.
  case png
  /// JPEG.
  case jpeg
  /// GIF.
  case gif
  /// WebP.
  case webp
  /// TIFF, and the raw formats of cameras that are built on it.
  case tiff
  /// Windows bitmap.
  case bmp
  /// HEIF with HEVC pictures, as telephones write it.
  case heic
  /// HEIF with AV1 pictures.
  case avif
  /// JPEG 2000, as a file or a bare codestream.
  case jpeg2000
  /// JPEG XL, as a file or a bare codestream.
  case jpegXL
  /// An array of NumPy.
  case numpy
  /// A ZIP file, as which NumPy saves several arrays.
  case zip
  /// Adobe Photoshop.
  case psd
  /// Portable Document Format.
  case pdf
  /// Scalable Vector Graphics.
  case svg
  /// Any other XML or HTML.
  case xml
  /// Plain text: no control characters but white space in the first bytes.
  case text
  /// None of these.
  case unknown

  /// As many bytes as any kind is told by.
  public static let mostBytes = 1_024

  /// Recognises a file by its first bytes.
  ///
  /// A file that begins like one kind may still be damaged further on.
  /// - Complexity: O(1); at most the first `mostBytes` are read.
  public static func of(_ bytes: [UInt8]) -> FileSignature {
    guard !bytes.isEmpty else { return .empty }
    for (prefix, signature) in prefixes where bytes.starts(with: prefix) {
      return signature
    }
    return container(bytes) ?? text(bytes)
  }

  /// The name in messages, with its article: "a GIF".
  var phrase: String { words.phrase }

  /// The usual file name ending of a picture that ImageMagick could convert,
  /// or `nil`.
  var convertibleExtension: String? { words.ending }

  private var words: (phrase: String, ending: String?) {
    switch self {
    case .empty: ("empty", nil)
    case .png: ("a PNG", "png")
    case .jpeg: ("a JPEG", "jpg")
    case .gif: ("a GIF", "gif")
    case .webp: ("a WebP", "webp")
    case .tiff: ("a TIFF", "tif")
    case .bmp: ("a BMP", "bmp")
    case .heic: ("a HEIC", "heic")
    case .avif: ("an AVIF", "avif")
    case .jpeg2000: ("a JPEG 2000", "jp2")
    case .jpegXL: ("a JPEG XL", "jxl")
    case .numpy: ("a NumPy array", nil)
    case .zip: ("a ZIP file", nil)
    case .psd: ("a Photoshop file", "psd")
    case .pdf: ("a PDF", "pdf")
    case .svg: ("an SVG", "svg")
    case .xml: ("XML or HTML text", nil)
    case .text: ("plain text", nil)
    case .unknown: ("of an unknown kind", nil)
    }
  }

  private static let prefixes: [([UInt8], FileSignature)] = [
    // Four of the eight bytes: a PNG spoilt by a conversion of line ends is
    // still better called a damaged PNG.
    ([0x89, 0x50, 0x4e, 0x47], .png),
    ([0xff, 0xd8, 0xff], .jpeg),
    (Array("GIF87a".utf8), .gif),
    (Array("GIF89a".utf8), .gif),
    ([0x49, 0x49, 0x2a, 0x00], .tiff),
    ([0x4d, 0x4d, 0x00, 0x2a], .tiff),
    ([0x49, 0x49, 0x2b, 0x00], .tiff),
    ([0x4d, 0x4d, 0x00, 0x2b], .tiff),
    ([0x00, 0x00, 0x00, 0x0c, 0x6a, 0x50, 0x20, 0x20], .jpeg2000),
    ([0xff, 0x4f, 0xff, 0x51], .jpeg2000),
    ([0x00, 0x00, 0x00, 0x0c, 0x4a, 0x58, 0x4c, 0x20], .jpegXL),
    ([0xff, 0x0a], .jpegXL),
    ([0x93] + Array("NUMPY".utf8), .numpy),
    ([0x50, 0x4b, 0x03, 0x04], .zip),
    (Array("8BPS".utf8), .psd),
    (Array("%PDF-".utf8), .pdf),
  ]

  /// Kinds whose mark does not stand at the very beginning.
  private static func container(_ bytes: [UInt8]) -> FileSignature? {
    func mark(_ offset: Int) -> String? {
      guard bytes.count >= offset + 4 else { return nil }
      return String(decoding: bytes[offset..<offset + 4], as: UTF8.self)
    }
    if mark(0) == "RIFF", mark(8) == "WEBP" { return .webp }
    if mark(4) == "ftyp" {
      switch mark(8) {
      case "avif", "avis": return .avif
      case "heic", "heix", "heim", "heis", "hevc", "hevx", "mif1", "msf1":
        return .heic
      default: return .unknown
      }
    }
    // "BM" alone begins many a text; the length of a known header follows
    // twelve bytes on.
    if bytes.starts(with: [0x42, 0x4d]), bytes.count >= 18,
      [12, 40, 52, 56, 64, 108, 124].contains(bytes[14]), bytes[15] == 0
    {
      return .bmp
    }
    return nil
  }

  private static func text(_ bytes: [UInt8]) -> FileSignature {
    let start = bytes.prefix(mostBytes)
    let isText = start.allSatisfy { byte in
      byte >= 0x20 && byte != 0x7f || (0x09...0x0d).contains(byte)
    }
    guard isText, String(validating: whole(start), as: UTF8.self) != nil else {
      return .unknown
    }
    let words = String(decoding: start, as: UTF8.self).lowercased()
    if words.contains("<svg") { return .svg }
    let first = words.drop { $0.isWhitespace || $0 == "\u{feff}" }
    for opening in ["<?xml", "<!doctype", "<html"]
    where first.hasPrefix(opening) {
      return .xml
    }
    return .text
  }

  /// Without the bytes of a character that was cut at the end.
  private static func whole(_ bytes: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
    let lead = bytes.suffix(4).lastIndex { $0 & 0xc0 != 0x80 }
    guard bytes.count == mostBytes, let lead, bytes[lead] >= 0xc0 else {
      return bytes
    }
    return bytes[..<lead]
  }
}
