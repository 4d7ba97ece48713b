import Quantization
import Rasters
import Testing
import _TestSupport

@Suite struct OrderedDitheringTests {
  private static let patterns: [OrderedPattern] =
    [.blueNoise] + OrderedPattern.BayerSize.allCases.map { .bayer($0) }

  private func side(_ pattern: OrderedPattern) -> Int {
    switch pattern {
    case .blueNoise: 64
    case .bayer(let size): size.rawValue
    }
  }

  @Test(arguments: patterns)
  func colourAndPlaceAloneDecide(pattern: OrderedPattern) throws {
    var numbers = Generator(seed: 11)
    let raster = TestRasters.make(width: 150, height: 270) { _, _ in
      UInt32(numbers.next() >> 40) % 7 * 0x1f2f11
    }
    let colors: [UInt32] = [0, 0x404010, 0x6080a0, 0xa02040, 0xffffff]
    let image = try DitherSetup(raster, colors)
      .dithered(DitherOptions(.ordered(pattern)))
    let side = side(pattern)
    var seen: [SIMD4<Int>: UInt16] = [:]
    var entriesOfColor: [Int: Set<UInt16>] = [:]
    for (pixel, entry) in image.indices.enumerated() {
      let color = (0..<3).reduce(0) {
        $0 << 8 | Int(raster.samples[3 * pixel + $1])
      }
      let key = SIMD4(color, pixel % 150 % side, pixel / 150 % side, 0)
      #expect(seen[key, default: entry] == entry)
      seen[key] = entry
      entriesOfColor[color, default: []].insert(entry)
    }
    // Colours were mixed indeed.
    #expect(entriesOfColor.values.contains { $0.count > 2 })
  }

  @Test(arguments: patterns, [100, 120, 129, 151] as [UInt8])
  func keepsTheMeanOfAFlatGrey(pattern: OrderedPattern, level: UInt8) throws {
    let raster = TestRasters.flat(level, width: 128, height: 192)
    let image = try DitherSetup(raster, [0x606060, 0xa0a0a0])
      .dithered(DitherOptions(.ordered(pattern)))
    let levels =
      pattern == .blueNoise ? 32 : min(64, side(pattern) * side(pattern))
    // A mixture of so many is off by half of one at most.
    let step = 64 / Double(levels)
    #expect(
      abs(image.meanRed(ofRows: 0..<192) - Double(level)) <= step / 2 + 1e-4)
  }
}
