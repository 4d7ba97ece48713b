import ColorModels
import Quantization
import Rasters
import Testing
import _TestSupport

@Suite struct CompositeSpaceTests {
  private static let colors: [UInt32] = [
    0x000000, 0xffffff, 0xff0000, 0x00ff00, 0x0000ff, 0x0a7fc3, 0x808080,
    0x010203, 0xfefdfc,
  ]

  @Test(arguments: WorkingSpace.allCases, [RGBGamut.sRGB, .displayP3])
  func coloursComeBack(working: WorkingSpace, gamut: RGBGamut) {
    let space = CompositeSpace(working, in: gamut)
    for packed in Self.colors {
      let color = RGBColor(packed: packed)
      let opaque = space.color(
        space.point(color, alpha: 255), isOpaque: true, .none)
      #expect(opaque.color == color)
      #expect(opaque.alpha == 255)
      for alpha in 1..<255 as Range<UInt8> {
        let back = space.color(
          space.point(color, alpha: alpha), isOpaque: false, .none)
        #expect(back.color == color)
        #expect(back.alpha == alpha)
      }
    }
  }

  @Test(arguments: WorkingSpace.allCases)
  func distancesAreMeansOverThreeBackgrounds(working: WorkingSpace) {
    let space = CompositeSpace(working)
    let colors: [(UInt32, UInt8)] = [(0x0ac85a, 60), (0xfa1e00, 128)]
    var expected = 0.0
    for background in [0, 0.5, 1] {
      let shown = colors.map { packed, alpha in
        let color = RGBColor(packed: packed)
        let own = working.coordinates(
          ofEncoded: SIMD3(
            Double(color.red), Double(color.green), Double(color.blue)) / 255,
          in: .sRGB)
        let opacity = Double(alpha) / 255
        return own * opacity + working.white * (background * (1 - opacity))
      }
      let difference = shown[0] - shown[1]
      expected += (difference * difference).sum() / 3
    }
    let points = colors.map {
      space.point(RGBColor(packed: $0), alpha: $1)
    }
    let difference = points[0] - points[1]
    let distance = (difference * difference).sum()
    #expect(abs(distance - expected) < 1e-6 * expected)
  }

  @Test(arguments: WorkingSpace.allCases)
  func allThatIsTransparentIsOnePoint(working: WorkingSpace) {
    let space = CompositeSpace(working)
    for packed in Self.colors {
      let point = space.point(RGBColor(packed: packed), alpha: 0)
      #expect(point == space.transparent)
    }
  }

  @Test func pointsOutsideAreClamped() {
    let space = CompositeSpace(.oklab)
    let color = space.color(SIMD4(2, 0.5, -1, 0), isOpaque: true, .none).color
    #expect(color.red == 255)
    let translucent = space.color(SIMD4(0, 0, 0, -1), isOpaque: false, .none)
    #expect(translucent.alpha == 1)
  }

  @Test func posterizedSamplesHaveTheirBits() throws {
    let space = CompositeSpace(.lab)
    let found = space.color(
      space.point(RGBColor(packed: 0x0a7fc3), alpha: 90), isOpaque: false,
      try Posterization(bits: 4))
    #expect(found.color.red % 17 == 0)
    #expect(found.color.green % 17 == 0)
    #expect(found.alpha % 17 == 0)
  }

  @Test(arguments: WorkingSpace.allCases)
  func treesOfHistogramsAreInTheSpace(working: WorkingSpace) {
    for raster in [
      TestRasters.noisyGradient(width: 40, height: 30),
      TestRasters.disc(side: 30),
    ] {
      let histogram = ColorHistogram(of: raster)
      let space = CompositeSpace(working)
      let points = histogram.tree(in: space).points
      for n in 0..<points.count {
        let color = histogram.color(histogram.visible.lowerBound + n) &>> 8
        let expected = space.point(
          RGBColor(
            red: UInt8(color.x), green: UInt8(color.y), blue: UInt8(color.z)),
          alpha: UInt8(color.w))
        let found = points.coordinates(ofPoint: n)
        for d in 0..<points.dimension {
          guard abs(found[d] - expected[d]) < 1e-9 else {
            Issue.record("colour \(n) is \(found), not \(expected)")
            return
          }
        }
      }
    }
  }
}
