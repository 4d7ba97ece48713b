import ColorModels
import Testing

@Suite struct WorkingSpaceTests {
  private static let colors: [SIMD3<Double>] = [
    SIMD3(0, 0, 0), SIMD3(1, 1, 1), SIMD3(1, 0, 0), SIMD3(0, 1, 0),
    SIMD3(0, 0, 1), SIMD3(0.2, 0.5, 0.9), SIMD3(0.01, 0.02, 0.001),
    // Outside sRGB.
    SIMD3(1.05, -0.03, 0.2),
  ]

  @Test(arguments: WorkingSpace.allCases, [RGBGamut.sRGB, .displayP3])
  func goesThereAndBack(space: WorkingSpace, gamut: RGBGamut) {
    for color in Self.colors {
      let back = space.encoded(
        space.coordinates(ofEncoded: color, in: gamut), in: gamut)
      #expect((back - color).max() < 1e-9)
      #expect((back - color).min() > -1e-9)
    }
  }

  @Test(arguments: WorkingSpace.allCases)
  func whiteAndBlackAreWhereTheySay(space: WorkingSpace) {
    let white = space.coordinates(ofEncoded: SIMD3(1, 1, 1), in: .sRGB)
    #expect(abs((white - space.white).max()) < 1e-6)
    #expect(abs((white - space.white).min()) < 1e-6)
    let black = space.coordinates(ofEncoded: SIMD3(0, 0, 0), in: .sRGB)
    #expect(abs(black.max()) < 1e-9)
  }

  // The table of pairs on the page that defines Oklab gives XYZ; the values of
  // sRGB red are those of CSS Color 4, section 9.
  @Test func oklabOfRed() {
    let red = OklabColor(light: SIMD3(1, 0, 0))
    #expect(abs(red.lightness - 0.62796) < 1e-4)
    #expect(abs(red.a - 0.22486) < 1e-4)
    #expect(abs(red.b - 0.12585) < 1e-4)
  }

  @Test func p3IsWiderThanSRGB() {
    // The same colour in both gamuts has the same Oklab coordinates: CSS Color
    // 4 gives sRGB red in P3 as 0.91749 0.20029 0.13856.
    let wide = WorkingSpace.oklab.coordinates(
      ofEncoded: SIMD3(0.91749, 0.20029, 0.13856), in: .displayP3)
    let narrow = WorkingSpace.oklab.coordinates(
      ofEncoded: SIMD3(1, 0, 0), in: .sRGB)
    #expect(abs((wide - narrow).max()) < 1e-4)
    #expect(abs((wide - narrow).min()) < 1e-4)
  }

  @Test(arguments: WorkingSpace.allCases)
  func convertsBytes(space: WorkingSpace) {
    let converter = WorkingSpace.Converter(space, in: .sRGB)
    let expected = space.coordinates(
      ofEncoded: SIMD3(10, 200, 90) / 255, in: .sRGB)
    let difference = converter.coordinates(10, 200, 90) - expected
    #expect(abs(difference.max()) < 1e-9)
    #expect(abs(difference.min()) < 1e-9)
  }
}
