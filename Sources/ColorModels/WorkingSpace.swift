/// The space in which colours are clustered, mapped and dithered: squared
/// distances in it are what is minimised.
public enum WorkingSpace: String, CaseIterable, Codable, Sendable {
  /// Samples as they are encoded, 0 to 255.
  case srgb

  /// Light, 0 to 1.
  case linear

  /// Oklab: L 0 to 1.
  case oklab

  /// CIELAB (CIE 15:2004) relative to D65: L* 0 to 100.
  case lab

  /// The coordinates of a colour.
  ///
  /// - Parameters:
  ///   - encoded: Red, green and blue samples, 0 to 1.
  ///   - gamut: What their greatest look like.
  /// - Returns: Three coordinates in the units of the space; colours outside
  ///   sRGB are as far from others as they look.
  public func coordinates(
    ofEncoded encoded: SIMD3<Double>, in gamut: RGBGamut
  ) -> SIMD3<Double> {
    guard self != .srgb else { return encoded * 255 }
    return coordinates(
      ofLight: SIMD3(
        TransferFunction.light(ofEncoded: encoded.x),
        TransferFunction.light(ofEncoded: encoded.y),
        TransferFunction.light(ofEncoded: encoded.z)), in: gamut)
  }

  /// The samples of a colour; the inverse of ``coordinates(ofEncoded:in:)``.
  ///
  /// - Parameters:
  ///   - coordinates: Any.
  ///   - gamut: What the greatest samples look like.
  /// - Returns: Red, green and blue, 0 to 1, or beyond where the gamut does not
  ///   have the colour.
  public func encoded(
    _ coordinates: SIMD3<Double>, in gamut: RGBGamut
  ) -> SIMD3<Double> {
    let light: SIMD3<Double>
    switch self {
    case .srgb:
      return coordinates / 255
    case .linear:
      light = coordinates
    case .oklab:
      light = gamut.ownLight(
        OklabColor(
          lightness: coordinates.x, a: coordinates.y, b: coordinates.z
        ).light)
    case .lab:
      light = gamut.ownLight(
        LabColor(lightness: coordinates.x, a: coordinates.y, b: coordinates.z)
          .light)
    }
    return SIMD3(
      TransferFunction.encoded(ofLight: light.x),
      TransferFunction.encoded(ofLight: light.y),
      TransferFunction.encoded(ofLight: light.z))
  }

  /// The coordinates of white; those of black are 0 in every space.
  public var white: SIMD3<Double> {
    switch self {
    case .srgb: SIMD3(repeating: 255)
    case .linear: SIMD3(repeating: 1)
    case .oklab: SIMD3(1, 0, 0)
    case .lab: SIMD3(100, 0, 0)
    }
  }

  /// About how far two neighbouring greys of 8 bits are apart: 1/255 of the way
  /// from black to white along an axis.
  public var step: Double { white.max() / 255 }

  func coordinates(
    ofLight light: SIMD3<Double>, in gamut: RGBGamut
  ) -> SIMD3<Double> {
    switch self {
    case .srgb:
      return SIMD3(
        TransferFunction.encoded(ofLight: light.x),
        TransferFunction.encoded(ofLight: light.y),
        TransferFunction.encoded(ofLight: light.z)) * 255
    case .linear:
      return light
    case .oklab:
      let color = OklabColor(light: gamut.standardLight(light))
      return SIMD3(color.lightness, color.a, color.b)
    case .lab:
      let color = LabColor(light: gamut.standardLight(light))
      return SIMD3(color.lightness, color.a, color.b)
    }
  }
}

extension WorkingSpace {
  /// Coordinates of many colours of 8 bits a sample.
  public struct Converter: Sendable {
    private let space: WorkingSpace
    private let gamut: RGBGamut
    private let light: [Double]

    /// Prepares to convert.
    public init(_ space: WorkingSpace, in gamut: RGBGamut) {
      self.space = space
      self.gamut = gamut
      light = (0...255).map {
        TransferFunction.light(ofEncoded: Double($0) / 255)
      }
    }

    /// The coordinates of a colour.
    ///
    /// - Parameters:
    ///   - red: Its red.
    ///   - green: Its green.
    ///   - blue: Its blue.
    /// - Returns: What `coordinates(ofEncoded:in:)` returns.
    public func coordinates(
      _ red: UInt8, _ green: UInt8, _ blue: UInt8
    ) -> SIMD3<Double> {
      space == .srgb
        ? SIMD3(Double(red), Double(green), Double(blue))
        : space.coordinates(
          ofLight: SIMD3(
            light[Int(red)], light[Int(green)], light[Int(blue)]), in: gamut)
    }
  }
}
