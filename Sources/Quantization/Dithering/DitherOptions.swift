public import TruncatedEM

/// How to dither.
public struct DitherOptions: Hashable, Sendable {
  /// The strength that looks best with most photographs.
  public static let standardStrength = 0.85

  /// How pixels are mixed.
  public var method = DitherMethod.none

  /// The share of a pixel's error that other pixels make up for: 0 none, 1 all
  /// of it.
  public var strength = DitherOptions.standardStrength

  /// The most rounds in which the palette is fitted to its dithered image;
  /// 0 leaves the palette as it is.
  public var rounds = 0

  /// Sweeps in which single pixels are exchanged at the end, 0 or more.
  public var sweeps = 0

  /// Whether an image of two colours, such as a page of text, is left as it is
  /// without dithering: where a palette of two shows it well, dots only break
  /// up its lines.
  public var sparesTwoTones = false

  /// No dithering.
  public init() {}

  /// A method, with as many rounds as an effort is worth.
  ///
  /// - Parameters:
  ///   - method: How pixels are mixed.
  ///   - effort: How much time to spend.
  public init(_ method: DitherMethod, effort: Effort) {
    self.method = method
    rounds = method == .none ? 0 : Self.rounds(for: effort)
  }

  /// How many rounds of fitting a palette to its dithering an effort is worth.
  public static func rounds(for effort: Effort) -> Int {
    [1, 1, 2, 3, 4, 6, 8, 12, 16, 24][effort.level - 1]
  }

  /// How many sweeps an effort is worth where only the look of an image counts.
  public static func sweeps(for effort: Effort) -> Int {
    [0, 0, 1, 1, 2, 3, 4, 6, 8, 10][effort.level - 1]
  }
}
