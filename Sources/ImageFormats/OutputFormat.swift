/// A file format that is written.
///
/// Its writers are ``PNGEncoder``, ``PNGStream`` and ``PNGOptimizer``, and
/// ``JPEGEncoder``.
public enum OutputFormat: String, CaseIterable, Sendable {
  /// Portable Network Graphics.
  case png

  /// JPEG File Interchange Format.
  case jpeg

  /// The name that messages use, such as "PNG".
  public var name: String {
    switch self {
    case .png: "PNG"
    case .jpeg: "JPEG"
    }
  }

  /// The endings of file names in use for the format, in lower case and
  /// without the dot, the usual one first.
  public var fileExtensions: [String] {
    switch self {
    case .png: ["png"]
    case .jpeg: ["jpg", "jpeg", "jpe", "jfif"]
    }
  }

  /// The ending that files get, without the dot.
  public var usualExtension: String { fileExtensions[0] }

  /// Whether pixels may be transparent.
  public var holdsAlpha: Bool { self == .png }

  /// The format that a file's name asks for, or `nil` when no format uses its
  /// ending.
  ///
  /// - Parameter pathExtension: The part after the last dot, in any case.
  public init?(pathExtension: String) {
    let wanted = pathExtension.lowercased()
    let match = Self.allCases.first { $0.fileExtensions.contains(wanted) }
    guard let match else { return nil }
    self = match
  }

  /// The values of an option that names a format, for messages: "png or jpeg".
  public static let words = TextList.or(allCases.map(\.rawValue))

  /// The endings that files get, for messages: ".png or .jpg".
  public static let endings = TextList.or(
    allCases.map { "." + $0.usualExtension })
}
