import ImageFormats

/// A format of label maps: one number a pixel.
public enum LabelFormat: String, CaseIterable, Sendable {
  /// PNG, grey, of 8 or 16 bits.
  case png

  /// TIFF, grey, of 8, 16 or 32 bits; a page for each of the image.
  case tiff

  /// An array for NumPy, of 8, 16 or 32 bits.
  case npy

  /// The endings of file names, in lower case and without the dot, the usual one
  /// first.
  public var fileExtensions: [String] {
    switch self {
    case .png: ["png"]
    case .tiff: ["tif", "tiff"]
    case .npy: ["npy"]
    }
  }

  /// The format that a file's name says; `nil` when no format uses its ending.
  ///
  /// - Parameter pathExtension: The part after the last dot, in any case.
  public init?(pathExtension: String) {
    let wanted = pathExtension.lowercased()
    let match = Self.allCases.first { $0.fileExtensions.contains(wanted) }
    guard let match else { return nil }
    self = match
  }

  /// All endings, the usual one of each format first.
  public static let endings = allCases.flatMap(\.fileExtensions)

  /// The most labels that a map has.
  public var mostLabels: Int { self == .png ? 65_536 : Int(Int32.max) }
}
