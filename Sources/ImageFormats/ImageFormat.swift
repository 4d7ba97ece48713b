/// A file format that is read and written.
public enum ImageFormat: String, CaseIterable, Sendable {
  /// Portable Network Graphics.
  case png

  /// JPEG File Interchange Format and its relatives.
  case jpeg

  /// The endings of file names in use for the format, in lower case and
  /// without the dot, the usual one first.
  public var fileExtensions: [String] {
    switch self {
    case .png: ["png"]
    case .jpeg: ["jpg", "jpeg", "jpe", "jfif"]
    }
  }

  /// The name that messages use, such as "PNG".
  public var name: String {
    switch self {
    case .png: "PNG"
    case .jpeg: "JPEG"
    }
  }

  /// The format that a file's name asks for, or `nil` when no format uses its
  /// ending.
  ///
  /// - Parameter pathExtension: What stands behind the last dot, in any case.
  public init?(pathExtension: String) {
    let wanted = pathExtension.lowercased()
    let match = Self.allCases.first { $0.fileExtensions.contains(wanted) }
    guard let match else { return nil }
    self = match
  }
}
