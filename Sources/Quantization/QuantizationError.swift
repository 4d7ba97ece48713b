public import TruncatedEM

/// Why an image cannot be reduced to a palette.
public enum QuantizationError: Error, Equatable, Sendable {
  /// The number of colours is outside `PaletteSize.range`.
  case paletteSize(Int)

  /// Fully transparent pixels need an entry of their own, and no colour is left
  /// for the others.
  case tooFewColors(Int)

  /// A target is negative, infinite or not a number, or there is none.
  case target

  /// Even the most colours allowed do not reach the target.
  case targetMissed(QualityTarget, by: Quality, colors: Int)

  /// The mixture cannot be fitted.
  case fit(FitError)

  /// What is wrong and what to do, in one line.
  public var message: String {
    switch self {
    case .paletteSize(let count):
      "the number of colours must be \(PaletteSize.range.lowerBound) to "
        + "\(PaletteSize.range.upperBound), not \(count)"
    case .tooFewColors(let count):
      "the image has transparent pixels, which need a palette entry of their "
        + "own; allow more colours than \(count), or flatten it with "
        + "--background"
    case .target:
      "a target must be a finite number, 0 or more"
    case .targetMissed(let target, let quality, let colors):
      "\(target) is out of reach: \(colors) colours, the most allowed, give "
        + "\(target.description(of: quality)); allow more with --k-max or ask "
        + "for less"
    case .fit(let error):
      error.message
    }
  }
}
