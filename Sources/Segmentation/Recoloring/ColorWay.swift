/// How the colours of a component move.
enum ColorWay: Sendable {
  /// All as far, in the working space.
  case step(SIMD3<Double>)

  /// Each is turned and stretched as the colour is that was asked for, in Oklab.
  case turn(HueFamily)
}
