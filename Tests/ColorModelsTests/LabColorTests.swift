import ColorModels
import Foundation
import Rasters
import Testing

@Suite struct LabColorTests {
  private struct Case: Decodable {
    let rgb: [[UInt8]]
    let lab: [[Double]]
    let difference: Double

    static func all() throws -> [Case] {
      let url = try #require(
        Bundle.module.url(
          forResource: "scikit-image", withExtension: "json",
          subdirectory: "Fixtures"))
      return try JSONDecoder().decode([Case].self, from: Data(contentsOf: url))
    }
  }

  /// Table 1 of Sharma, Wu and Dalal 2005: L*, a*, b* of two colours and their
  /// difference, to four decimals.
  private static let published: [[Double]] = [
    [50.0000, 2.6772, -79.7751, 50.0000, 0.0000, -82.7485, 2.0425],
    [50.0000, 3.1571, -77.2803, 50.0000, 0.0000, -82.7485, 2.8615],
    [50.0000, 2.8361, -74.0200, 50.0000, 0.0000, -82.7485, 3.4412],
    [50.0000, -1.3802, -84.2814, 50.0000, 0.0000, -82.7485, 1.0000],
    [50.0000, -1.1848, -84.8006, 50.0000, 0.0000, -82.7485, 1.0000],
    [50.0000, -0.9009, -85.5211, 50.0000, 0.0000, -82.7485, 1.0000],
    [50.0000, 0.0000, 0.0000, 50.0000, -1.0000, 2.0000, 2.3669],
    [50.0000, -1.0000, 2.0000, 50.0000, 0.0000, 0.0000, 2.3669],
    [50.0000, 2.4900, -0.0010, 50.0000, -2.4900, 0.0009, 7.1792],
    [50.0000, 2.4900, -0.0010, 50.0000, -2.4900, 0.0010, 7.1792],
    [50.0000, 2.4900, -0.0010, 50.0000, -2.4900, 0.0011, 7.2195],
    [50.0000, 2.4900, -0.0010, 50.0000, -2.4900, 0.0012, 7.2195],
    [50.0000, -0.0010, 2.4900, 50.0000, 0.0009, -2.4900, 4.8045],
    [50.0000, -0.0010, 2.4900, 50.0000, 0.0010, -2.4900, 4.8045],
    [50.0000, -0.0010, 2.4900, 50.0000, 0.0011, -2.4900, 4.7461],
    [50.0000, 2.5000, 0.0000, 50.0000, 0.0000, -2.5000, 4.3065],
    [50.0000, 2.5000, 0.0000, 73.0000, 25.0000, -18.0000, 27.1492],
    [50.0000, 2.5000, 0.0000, 61.0000, -5.0000, 29.0000, 22.8977],
    [50.0000, 2.5000, 0.0000, 56.0000, -27.0000, -3.0000, 31.9030],
    [50.0000, 2.5000, 0.0000, 58.0000, 24.0000, 15.0000, 19.4535],
    [50.0000, 2.5000, 0.0000, 50.0000, 3.1736, 0.5854, 1.0000],
    [50.0000, 2.5000, 0.0000, 50.0000, 3.2972, 0.0000, 1.0000],
    [50.0000, 2.5000, 0.0000, 50.0000, 1.8634, 0.5757, 1.0000],
    [50.0000, 2.5000, 0.0000, 50.0000, 3.2592, 0.3350, 1.0000],
    [60.2574, -34.0099, 36.2677, 60.4626, -34.1751, 39.4387, 1.2644],
    [63.0109, -31.0961, -5.8663, 62.8187, -29.7946, -4.0864, 1.2630],
    [61.2901, 3.7196, -5.3901, 61.4292, 2.2480, -4.9620, 1.8731],
    [35.0831, -44.1164, 3.7933, 35.0232, -40.0716, 1.5901, 1.8645],
    [22.7233, 20.0904, -46.6940, 23.0331, 14.9730, -42.5619, 2.0373],
    [36.4612, 47.8580, 18.3852, 36.2715, 50.5065, 21.2231, 1.4146],
    [90.8027, -2.0831, 1.4410, 91.1528, -1.6435, 0.0447, 1.4441],
    [90.9257, -0.5406, -0.9208, 88.6381, -0.8985, -0.7239, 1.5381],
    [6.7747, -0.2908, -2.4247, 5.8714, -0.0985, -2.2286, 0.6377],
    [2.0776, 0.0795, -1.1350, 0.9033, -0.0636, -0.5514, 0.9082],
  ]

  private func lab(_ numbers: [Double]) -> LabColor {
    LabColor(lightness: numbers[0], a: numbers[1], b: numbers[2])
  }

  @Test func publishedPairs() {
    #expect(Self.published.count == 34)
    for row in Self.published {
      let (first, second) = (lab(Array(row[0..<3])), lab(Array(row[3..<6])))
      #expect(abs(first.difference(to: second) - row[6]) <= 0.000_05)
      // The paper: the formula must not depend on the order.
      #expect(
        abs(first.difference(to: second) - second.difference(to: first))
          < 1e-12)
      #expect(first.difference(to: first) == 0)
    }
  }

  @Test func agreesWithScikitImage() throws {
    let cases = try Case.all()
    #expect(cases.count == 75)
    for expected in cases {
      let labs = expected.lab.map(lab)
      #expect(
        abs(labs[0].difference(to: labs[1]) - expected.difference) < 1e-9)
      let converted = expected.rgb.map {
        LabColor(RGBColor(red: $0[0], green: $0[1], blue: $0[2]))
      }
      // scikit-image's matrix and white are rounded: Fixtures/make_fixtures.py.
      for (ours, theirs) in zip(converted, labs) {
        #expect(abs(ours.lightness - theirs.lightness) < 0.01)
        #expect(abs(ours.a - theirs.a) < 0.02)
        #expect(abs(ours.b - theirs.b) < 0.02)
      }
    }
  }

  @Test func greysAreNeutral() {
    for value in UInt8.min...UInt8.max {
      let grey = LabColor(RGBColor(red: value, green: value, blue: value))
      #expect(abs(grey.a) < 1e-12)
      #expect(abs(grey.b) < 1e-12)
    }
    let white = LabColor(RGBColor(red: 255, green: 255, blue: 255))
    #expect(abs(white.lightness - 100) < 1e-12)
    let black = LabColor(RGBColor(red: 0, green: 0, blue: 0))
    #expect(abs(black.lightness) < 1e-12)
  }

  @Test func lightnessFollowsItsDefinition() {
    var light = 1.0
    while light > 1e-12 {
      let expected =
        light > 216.0 / 24_389
        ? 116 * cbrt(light) - 16 : 24_389.0 / 27 * light
      let color = LabColor(light: SIMD3(repeating: light))
      #expect(abs(color.lightness - expected) < 1e-13 * max(1, expected))
      // The cube root alone, of both signs.
      for sign in [1.0, -1] {
        let grey = OklabColor(light: SIMD3(repeating: sign * light))
        let root = sign * cbrt(light)
        #expect(abs(grey.lightness / root - 1) < 1e-7)
      }
      light *= 0.83
    }
    #expect(OklabColor(light: .zero).lightness == 0)
  }
}
