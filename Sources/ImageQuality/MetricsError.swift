public import Rasters

/// Why two images cannot be compared.
public enum MetricsError: Error, Equatable, Sendable {
  /// They have different sizes: the original's and the other's.
  case sizesDiffer(ImageSize, ImageSize)

  /// What is wrong and what to do, in one line.
  public var message: String {
    switch self {
    case .sizesDiffer(let original, let other):
      "it has \(other.width) x \(other.height) pixels, but the original has "
        + "\(original.width) x \(original.height); scale or crop one of them "
        + "first"
    }
  }
}
