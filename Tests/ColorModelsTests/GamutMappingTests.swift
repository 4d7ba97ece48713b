import ColorModels
import Foundation
import Testing

/// Colours that are brought into a gamut.
@Suite struct GamutMappingTests {
  private static let gamuts: [RGBGamut] = [.sRGB, .displayP3]

  private static func oklab(
    _ encoded: SIMD3<Double>, _ gamut: RGBGamut
  ) -> SIMD3<Double> {
    WorkingSpace.oklab.coordinates(ofEncoded: encoded, in: gamut)
  }

  @Test(arguments: gamuts)
  func colorsInsideStay(gamut: RGBGamut) {
    let mapping = GamutMapping(gamut)
    for red in stride(from: 0.0, through: 1, by: 0.25) {
      for green in stride(from: 0.0, through: 1, by: 0.25) {
        for blue in stride(from: 0.0, through: 1, by: 0.25) {
          let color = SIMD3(red, green, blue)
          #expect(mapping.inside(color) == color)
        }
      }
    }
  }

  /// Lightness and hue stay, and chroma is as large as can be.
  @Test(arguments: gamuts)
  func onlyChromaIsLowered(gamut: RGBGamut) {
    let mapping = GamutMapping(gamut)
    for lightness in stride(from: 0.1, through: 0.95, by: 0.05) {
      for hue in stride(from: 0.0, to: 2 * Double.pi, by: 0.3) {
        let wanted = SIMD3(lightness, 0.5 * cos(hue), 0.5 * sin(hue))
        let found = mapping.inside(
          WorkingSpace.oklab.encoded(wanted, in: gamut))
        #expect(found.min() >= 0 && found.max() <= 1)
        let seen = Self.oklab(found, gamut)
        #expect(abs(seen.x - lightness) < 1e-6)
        let chroma = (seen.y * seen.y + seen.z * seen.z).squareRoot()
        #expect(chroma > 0.01)
        #expect(abs(seen.y - chroma * cos(hue)) < 1e-6)
        #expect(abs(seen.z - chroma * sin(hue)) < 1e-6)
        // On the border: one sample is 0 or 1.
        #expect(found.min() < 1e-5 || found.max() > 1 - 1e-5)
      }
    }
  }

  /// Where colours change slowly, so do those that are found.
  @Test func rampsHaveNoSteps() {
    let mapping = GamutMapping(.sRGB)
    for hue in stride(from: 0.0, to: 2 * Double.pi, by: 0.7) {
      var last: SIMD3<Double>?
      for n in 0...4_000 {
        let chroma = 0.4 * Double(n) / 4_000
        let found = mapping.inside(
          WorkingSpace.oklab.encoded(
            SIMD3(0.6, chroma * cos(hue), chroma * sin(hue)), in: .sRGB))
        if let last {
          let way = found - last
          #expect((way * way).sum().squareRoot() < 0.004)
        }
        last = found
      }
    }
  }

  @Test func whatIsTooLightIsWhite() {
    let mapping = GamutMapping(.sRGB)
    let white = mapping.inside(SIMD3(repeating: 1.3))
    #expect((SIMD3<Double>(repeating: 1) - white).max() < 1e-6)
    let black = mapping.inside(SIMD3(repeating: -0.2))
    #expect(black.max() < 1e-6)
  }
}
