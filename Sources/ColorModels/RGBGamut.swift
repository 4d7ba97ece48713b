/// What red, green and blue samples at their greatest look like.
public enum RGBGamut: Sendable {
  /// The primaries of sRGB and BT.709.
  case sRGB

  /// The primaries of Display P3; the white and the transfer function are those
  /// of sRGB.
  case displayP3

  /// The light of a colour in the primaries of sRGB.
  ///
  /// - Parameter light: Red, green and blue light, 0 to 1.
  /// - Returns: The same, below 0 or above 1 where sRGB does not have the
  ///   colour.
  public func standardLight(_ light: SIMD3<Double>) -> SIMD3<Double> {
    switch self {
    case .sRGB: light
    case .displayP3: Self.toStandard * light
    }
  }

  /// The inverse of ``standardLight(_:)``.
  func ownLight(_ light: SIMD3<Double>) -> SIMD3<Double> {
    switch self {
    case .sRGB: light
    case .displayP3: Self.fromStandard * light
    }
  }

  /// Follows from the chromaticities of P3, (0.680, 0.320), (0.265, 0.690) and
  /// (0.150, 0.060), and those of sRGB, with white D65 (0.3127, 0.3290).
  private static let toStandard = Matrix3(
    SIMD3(1.2249401762805598, -0.22494017628055996, 0),
    SIMD3(-0.04205695470968816, 1.0420569547096881, 0),
    SIMD3(-0.019637554590334432, -0.07863604555063188, 1.0982736001409664))

  private static let fromStandard = toStandard.inverse
}
