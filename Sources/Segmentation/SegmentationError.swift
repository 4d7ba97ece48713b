public import TruncatedEM

/// Why an image has no responsibilities.
public enum SegmentationError: Error, Equatable, Sendable {
  /// There are more components, complete transparency counted, than
  /// ``ResponsibilityMap/maximumComponents``.
  case components(Int)

  /// The model does not fit the image or C'.
  case fit(FitError)

  /// What is wrong, in one line.
  public var message: String {
    switch self {
    case .components(let count):
      "responsibilities are kept for at most "
        + "\(ResponsibilityMap.maximumComponents) colours, not \(count); give "
        + "a smaller k"
    case .fit(let error):
      error.message
    }
  }
}
