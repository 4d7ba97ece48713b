/// How to dither.
public struct DitherOptions: Hashable, Sendable {
  /// The strength that looks best with most photographs.
  public static let standardStrength = 0.85

  /// How pixels are mixed.
  public var method = DitherMethod.none

  /// How much of what a pixel could not show is made up for by others: 0 none,
  /// 1 all of it.
  public var strength = DitherOptions.standardStrength

  /// The most rounds in which the palette is fitted to what dithering makes of
  /// it; 0 leaves the palette as it is.
  public var rounds = 0

  /// Sweeps in which single pixels are exchanged at the end, 0 or more.
  public var sweeps = 0

  /// No dithering.
  public init() {}
}
