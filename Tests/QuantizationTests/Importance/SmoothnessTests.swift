import Quantization
import Rasters
import Testing
import _TestSupport

@Suite struct SmoothnessTests {
  /// By the definition, place by place.
  private func weights(_ raster: Raster) -> [UInt32] {
    let (width, height) = (raster.size.width, raster.size.height)
    let step = raster.channels.count
    func luma(_ x: Int, _ y: Int) -> Int {
      let place = step * (y * width + x)
      return 54 * Int(raster.samples[place])
        + 183 * Int(raster.samples[place + 1])
        + 19 * Int(raster.samples[place + 2])
    }
    return (0..<width * height).map { pixel in
      let (x, y) = (pixel % width, pixel / width)
      var (sum, count) = (0, 0)
      for v in max(0, y - 2)...min(height - 1, y + 2) {
        for u in max(0, x - 2)...min(width - 1, x + 2) {
          if u + 1 < width { sum += abs(luma(u + 1, v) - luma(u, v)) }
          if v + 1 < height { sum += abs(luma(u, v + 1) - luma(u, v)) }
          count += 2
        }
      }
      return UInt32(1 + 65_535 * 2_560 / (2_560 + sum / count))
    }
  }

  @Test(arguments: [(1, 1), (1, 9), (2, 3), (4, 1), (37, 150)])
  func isThatOfTheSurroundings(width: Int, height: Int) {
    let raster = TestRasters.noisyGradient(width: width, height: height)
    let pixels = Pixels.eight(raster)
    let all = Smoothness.weights(ofRows: 0..<height, of: pixels)
    #expect(all == weights(raster))
    // Rows for themselves are the same.
    for rows in [0..<height / 2, height / 2..<height, height / 3..<height / 2] {
      #expect(
        Smoothness.weights(ofRows: rows, of: pixels)
          == Array(all[rows.lowerBound * width..<rows.upperBound * width]))
    }
  }

  @Test func smoothCountsMoreThanTexture() {
    let raster = TestRasters.make(width: 40, height: 10) { x, y in
      x < 20 ? 0x808080 : (x + y) % 2 == 0 ? 0 : 0xffffff
    }
    let weights = Smoothness.weights(ofRows: 4..<5, of: .eight(raster))
    #expect(weights[5] == 65_536)
    #expect(weights[34] < 4_000)
    #expect(weights[34] > 0)
  }

  @Test func deepSamplesCountByTheirUpperBytes() throws {
    let raster = TestRasters.disc(side: 20)
    let deep = DeepRaster(
      size: raster.size, channels: .rgba,
      samples: raster.samples.map { UInt16($0) << 8 | 0x9b })
    #expect(
      Smoothness.weights(ofRows: 3..<20, of: .sixteen(deep))
        == Smoothness.weights(ofRows: 3..<20, of: .eight(raster)))
  }
}
