/// How to dither.
public struct DitherOptions: Sendable {
  /// How pixels are mixed.
  public var method = DitherMethod.none

  /// How much of what a pixel could not show is made up for by others: 0 none,
  /// 1 all of it.
  public var strength: Float = 0.85

  /// Rounds in which the palette is fitted to what dithering makes of it.
  public var rounds = 0

  /// No dithering.
  public init() {}
}
