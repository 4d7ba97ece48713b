/// How the samples of a channel become a coordinate.
public enum Normalization: String, CaseIterable, Sendable {
  /// As they are.
  case none

  /// So that the least becomes 0 and the greatest 1.
  case range

  /// So that their mean becomes 0 and their variance 1.
  case variance
}
