import CLCMS

/// A space of red, green and blue lights: what they are, and how much of each
/// a sample stands for.
struct RGBSpace: Equatable, Sendable {
  /// The colour of a light, without its strength (CIE 1931 x and y).
  struct Chromaticity: Equatable, Sendable {
    /// The share of X.
    var x: Double
    /// The share of Y.
    var y: Double

    /// Creates a chromaticity.
    init(_ x: Double, _ y: Double) {
      self.x = x
      self.y = y
    }

    /// The white of daylight, D65, as video standards round it.
    static let d65 = Chromaticity(0.3127, 0.3290)

    /// The white of illuminant C.
    static let c = Chromaticity(0.310, 0.316)
  }

  /// Red, green and blue at their greatest, and all three together.
  struct Primaries: Equatable, Sendable {
    /// The three together.
    var white: Chromaticity
    /// Red alone.
    var red: Chromaticity
    /// Green alone.
    var green: Chromaticity
    /// Blue alone.
    var blue: Chromaticity

    /// Those of sRGB and BT.709.
    static let bt709 = Primaries(
      white: .d65, red: Chromaticity(0.64, 0.33),
      green: Chromaticity(0.30, 0.60), blue: Chromaticity(0.15, 0.06))

    /// Those of Display P3.
    static let p3 = Primaries(
      white: .d65, red: Chromaticity(0.680, 0.320),
      green: Chromaticity(0.265, 0.690), blue: Chromaticity(0.150, 0.060))

    /// Whether each light has a strength above zero when the three make white:
    /// the white lies inside the triangle.
    var areSound: Bool {
      func side(_ a: Chromaticity, _ b: Chromaticity, _ c: Chromaticity)
        -> Double
      { (b.x - a.x) * (c.y - a.y) - (b.y - a.y) * (c.x - a.x) }
      let sides = [
        side(red, green, white), side(green, blue, white),
        side(blue, red, white),
      ]
      let least = 1e-4
      return white.y > 0.05
        && [red, green, blue].allSatisfy { $0.y > 0 && $0.x + $0.y <= 1 }
        && (sides.allSatisfy { $0 > least } || sides.allSatisfy { $0 < -least })
    }
  }

  /// From a sample, 0 to 1, to light.
  enum Transfer: Equatable, Sendable {
    /// Nearly a power of 2.2, with a straight beginning.
    case sRGB
    /// The inverse of the camera's function in BT.709, BT.601 and BT.2020.
    case bt709
    /// A power; 1 is light itself.
    case power(Double)
  }

  /// The lights.
  var primaries: Primaries

  /// What a sample stands for.
  var transfer: Transfer

  /// sRGB (IEC 61966-2-1).
  static let sRGB = RGBSpace(primaries: .bt709, transfer: .sRGB)

  /// Display P3.
  static let displayP3 = RGBSpace(primaries: .p3, transfer: .sRGB)

  /// The space as an ICC profile of matrix and curve, version 4; the same bytes
  /// for the same space and version of Little CMS.
  ///
  /// - Parameter name: Its description, in ASCII.
  /// - Returns: `nil` when the primaries are not sound or memory is short.
  func profile(named name: String) -> ColorProfile? {
    guard primaries.areSound, let context = ColorContext(),
      let curve = curve(context)
    else { return nil }
    defer { cmsFreeToneCurve(curve) }
    func light(_ c: Chromaticity) -> cmsCIExyY {
      cmsCIExyY(x: c.x, y: c.y, Y: 1)
    }
    var white = light(primaries.white)
    var lights = cmsCIExyYTRIPLE(
      Red: light(primaries.red), Green: light(primaries.green),
      Blue: light(primaries.blue))
    var curves: [OpaquePointer?] = [curve, curve, curve]
    guard
      let profile = context.adopt(
        cmsCreateRGBProfileTHR(context.handle, &white, &lights, &curves)),
      let text = cmsMLUalloc(context.handle, 1)
    else { return nil }
    defer { cmsMLUfree(text) }
    var count: UInt32 = 0
    guard cmsMLUsetASCII(text, "en", "US", name) != 0,
      cmsWriteTag(profile, cmsSigProfileDescriptionTag, UnsafeRawPointer(text))
        != 0,
      cmsSaveProfileToMem(profile, nil, &count) != 0, count > 128
    else { return nil }
    var bytes = [UInt8](repeating: 0, count: Int(count))
    guard cmsSaveProfileToMem(profile, &bytes, &count) != 0 else { return nil }
    // The moment of creation, or every run would give other bytes: the first
    // of January 2000.
    let date: [UInt8] = [0x07, 0xd0, 0, 1, 0, 1, 0, 0, 0, 0, 0, 0]
    bytes.replaceSubrange(24..<36, with: date)
    return ColorProfile(bytes)
  }

  /// The transfer function; the caller frees it.
  private func curve(
    _ context: ColorContext
  ) -> OpaquePointer? {
    switch transfer {
    case .power(let exponent):
      return cmsBuildGamma(context.handle, exponent)
    // Type 4: (a x + b)^g from d on, c x below; the numbers are g, a, b, c, d.
    case .sRGB:
      return cmsBuildParametricToneCurve(
        context.handle, 4,
        [2.4, 1 / 1.055, 0.055 / 1.055, 1 / 12.92, 0.04045])
    case .bt709:
      return cmsBuildParametricToneCurve(
        context.handle, 4, [1 / 0.45, 1 / 1.099, 0.099 / 1.099, 1 / 4.5, 0.081])
    }
  }
}
