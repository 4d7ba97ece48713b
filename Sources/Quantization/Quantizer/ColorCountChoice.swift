public import TruncatedEM

/// How the number of colours is chosen.
public struct ColorCountChoice: Hashable, Sendable {
  /// The rule by which a number is chosen.
  public enum Rule: Hashable, Sendable {
    /// It has the least criterion.
    case criterion(InformationCriterion)

    /// It is the smallest whose palette is good enough.
    case target(QualityTarget)

    /// It is the smallest that is good enough, or else the largest, if that is
    /// worth writing.
    case quality(QualityRange)
  }

  /// The rule by which a number is chosen.
  public var rule: Rule

  /// The largest number.
  public var most: PaletteSize

  /// A choice by this rule among 1 to `most`.
  public init(_ rule: Rule, upTo most: PaletteSize) {
    self.rule = rule
    self.most = most
  }
}
