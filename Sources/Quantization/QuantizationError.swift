public import TruncatedEM

/// Why an image cannot be reduced to a palette.
public enum QuantizationError: Error, Equatable, Sendable {
  /// The number of colours is outside `PaletteSize.range`.
  case paletteSize(Int)

  /// The image has an alpha channel that is not opaque everywhere.
  case transparency

  /// The mixture cannot be fitted.
  case fit(FitError)

  /// What is wrong and what to do, in one line.
  public var message: String {
    switch self {
    case .paletteSize(let count):
      "the number of colours must be \(PaletteSize.range.lowerBound) to "
        + "\(PaletteSize.range.upperBound), not \(count)"
    case .transparency:
      "the image has transparent pixels, and transparency is not supported "
        + "yet; flatten it onto a colour first"
    case .fit(let error):
      error.message
    }
  }
}
