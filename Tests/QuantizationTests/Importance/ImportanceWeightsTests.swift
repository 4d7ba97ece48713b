import ParallelWork
import Quantization
import Rasters
import Testing
import _TestSupport

@Suite struct ImportanceWeightsTests {
  private let raster = TestRasters.noisyGradient(width: 60, height: 300)

  private func weights(
    _ importance: Importance, balance: Double = 1, of raster: Raster? = nil,
    threads: Int = 1
  ) throws -> [Double]? {
    let raster = raster ?? self.raster
    var histogram = ColorHistogram(of: raster)
    try histogram.weigh(
      by: importance, balance: balance, .eight(raster),
      workers: Workers(threads: threads))
    return histogram.weights
  }

  /// Left black, right white.
  private let map = TestRasters.make(width: 60, height: 300) { x, _ in
    x < 30 ? 0 : 0xffffff
  }

  @Test func countsAloneNeedNoWeights() throws {
    #expect(try weights(.none) == nil)
  }

  @Test func sumsAreThatOfThePixels() throws {
    for importance in [Importance.none, .automatic, .map(map)] {
      for balance in [0.5, 1] {
        guard let found = try weights(importance, balance: balance) else {
          continue
        }
        #expect(abs(found.reduce(0, +) - 18_000) < 1e-6)
        #expect(found.allSatisfy { $0 > 0 })
        let histogram = ColorHistogram(of: raster)
        #expect(found.count == histogram.count)
        for threads in [2, 3] {
          #expect(
            try weights(importance, balance: balance, threads: threads)
              == found)
        }
      }
    }
  }

  @Test func aMapSaysWhatCounts() throws {
    // Two colours, as many pixels of each: one of them counts.
    let raster = TestRasters.make(width: 60, height: 300) { x, _ in
      x < 30 ? 0x100000 : 0xf00000
    }
    let found = try #require(try weights(.map(map), of: raster))
    #expect(found[0] < 1)
    #expect(found[0] > 0)
    #expect(abs(found[0] + found[1] - 18_000) < 1e-6)
    // With alpha, which does not matter, it is the same map.
    var samples: [UInt8] = []
    for pixel in 0..<map.size.pixelCount {
      samples += map.samples[3 * pixel..<3 * pixel + 3]
      samples.append(UInt8(pixel % 256))
    }
    let alpha = Raster(size: map.size, channels: .rgba, samples: samples)
    #expect(try weights(.map(alpha), of: raster) == found)
  }

  @Test func aMapMustHaveTheSizeOfTheImage() throws {
    let size = try #require(ImageSize(width: 60, height: 299))
    #expect(throws: QuantizationError.importanceSize(size, of: raster.size)) {
      try weights(
        .map(TestRasters.flat(9, width: 60, height: 299)))
    }
  }

  @Test func smoothAreasCountMore() throws {
    var numbers = Generator(seed: 3)
    let raster = TestRasters.make(width: 80, height: 200) { x, _ in
      if x < 40 { return 0x707070 }
      return numbers.next() >> 60 < 8 ? 0x202020 : 0xe0e0e0
    }
    let found = try #require(try weights(.automatic, of: raster))
    let smooth = found[1]
    #expect(smooth > 4 * (found[0] + found[2]))
  }

  @Test func balanceIsAPowerOfTheCounts() throws {
    let raster = TestRasters.make(width: 100, height: 1) { x, _ in
      x == 0 ? 0 : 0xffffff
    }
    let equal = try #require(try weights(.none, balance: 0, of: raster))
    #expect(equal == [50, 50])
    let half = try #require(try weights(.none, balance: 0.5, of: raster))
    #expect(abs(half[1] / half[0] - 99.0.squareRoot()) < 1e-9)
    #expect(abs(half[0] + half[1] - 100) < 1e-9)
  }

  @Test func transparentPixelsDoNotCount() throws {
    let raster = TestRasters.disc(side: 40)
    var histogram = ColorHistogram(of: raster)
    try histogram.weigh(
      by: .automatic, balance: 0.7, .eight(raster), workers: Workers(threads: 2)
    )
    let found = try #require(histogram.weights)
    let visible = histogram.counts[histogram.visible].reduce(0.0) {
      $0 + Double($1)
    }
    #expect(
      abs(found[histogram.visible].reduce(0, +) - visible) < 1e-6 * visible)
    let points = histogram.tree().points
    #expect(abs(points.totalWeight - visible) < 1e-6 * visible)
  }
}
