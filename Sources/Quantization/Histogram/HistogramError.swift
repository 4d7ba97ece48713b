/// Why bytes are not a histogram.
public enum HistogramError: Error, Equatable, Sendable {
  /// They do not begin like one.
  case notAHistogram

  /// They are of another version of the format.
  case version(Int)

  /// They end too early.
  case truncated

  /// They have changed since they were written.
  case damaged

  /// What is wrong, in one line.
  public var message: String {
    switch self {
    case .notAHistogram:
      "the bytes are not a histogram"
    case .version(let version):
      "the histogram has version \(version) of the format, but this library "
        + "reads version \(HistogramBytes.version)"
    case .truncated:
      "the histogram is cut off"
    case .damaged:
      "the histogram is damaged"
    }
  }
}
