import CLibrary

/// Between encoded samples and light, as sRGB (IEC 61966-2-1) and Display P3
/// have it. Values below 0 and above 1, which colours outside a gamut have, are
/// continued point-symmetrically.
public enum TransferFunction {
  /// The light of a sample.
  ///
  /// - Parameter encoded: 0 to 1, or beyond.
  /// - Returns: 0 to 1, or beyond.
  public static func light(ofEncoded encoded: Double) -> Double {
    let size = abs(encoded)
    let light =
      size <= 0.04045 ? size / 12.92 : pow((size + 0.055) / 1.055, 2.4)
    return encoded < 0 ? -light : light
  }

  /// The sample of a light; the inverse of ``light(ofEncoded:)``.
  ///
  /// - Parameter light: 0 to 1, or beyond.
  /// - Returns: 0 to 1, or beyond.
  public static func encoded(ofLight light: Double) -> Double {
    let size = abs(light)
    let encoded =
      size <= 0.04045 / 12.92
      ? size * 12.92 : 1.055 * pow(size, 1 / 2.4) - 0.055
    return light < 0 ? -encoded : encoded
  }
}
