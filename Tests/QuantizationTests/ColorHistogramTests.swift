import ParallelWork
import Quantization
import Rasters
import Testing
import TruncatedEM
import _TestSupport

@Suite struct ColorHistogramTests {
  /// Counts with a dictionary.
  private func count(_ raster: Raster) -> [UInt32: UInt32] {
    var counts: [UInt32: UInt32] = [:]
    for pixel in 0..<raster.size.pixelCount {
      let color = RGBColor(
        red: raster.samples[3 * pixel], green: raster.samples[3 * pixel + 1],
        blue: raster.samples[3 * pixel + 2])
      counts[color.packed, default: 0] += 1
    }
    return counts
  }

  @Test(arguments: [(1, 1), (17, 3), (300, 700), (1, 70_001)])
  func countsEveryColour(width: Int, height: Int) throws {
    let raster = TestRasters.noisyGradient(width: width, height: height)
    let histogram = try ColorHistogram(of: raster)
    let pairs = zip(histogram.colors, histogram.counts).map { ($0, $1) }
    #expect(
      Dictionary(uniqueKeysWithValues: pairs) == count(raster))
    #expect(histogram.pixelCount == width * height)
  }

  @Test func countsAllColoursOfTheCube() throws {
    // Every 3rd value of each sample: 86³ colours, in a scattered order.
    let side = 86
    let raster = TestRasters.make(width: side * side, height: side) { x, y in
      let n = (y * side * side + x) * 7_919 % (side * side * side)
      return UInt32(n / side / side * 3) << 16
        | UInt32(n / side % side * 3) << 8 | UInt32(n % side * 3)
    }
    let histogram = try ColorHistogram(of: raster, workers: Workers(threads: 3))
    #expect(histogram.count == side * side * side)
    #expect(histogram.counts.allSatisfy { $0 == 1 })
    #expect(Set(histogram.colors).count == histogram.count)
  }

  @Test func keepsNearColoursTogether() throws {
    let raster = TestRasters.noisyGradient(width: 200, height: 200)
    let colors = try ColorHistogram(of: raster).colors.map {
      RGBColor(packed: $0)
    }
    // In the order of Morton codes the colours of any aligned cube are one
    // run: each of the cubes of side 64 is entered exactly once.
    var entered: [[UInt8]] = []
    for color in colors {
      let cube = [color.red >> 6, color.green >> 6, color.blue >> 6]
      if entered.last != cube { entered.append(cube) }
    }
    #expect(entered.count == Set(entered).count)
    #expect(entered.count > 5)
  }

  @Test func doesNotDependOnThreads() throws {
    let raster = TestRasters.noisyGradient(width: 700, height: 600)
    let one = try ColorHistogram(of: raster)
    for threads in [2, 5] {
      let many = try ColorHistogram(
        of: raster, workers: Workers(threads: threads))
      #expect(many.colors == one.colors)
      #expect(many.counts == one.counts)
    }
  }

  @Test func givesWeightedPoints() throws {
    let raster = TestRasters.make(width: 3, height: 1) { x, _ in
      x == 0 ? 0x0102ff : 0x000000
    }
    let points = try ColorHistogram(of: raster).tree().points
    #expect(points.count == 2)
    #expect(points.dimension == 3)
    #expect(points.coordinates(ofPoint: 0) == [0, 0, 0])
    #expect(points.weight(ofPoint: 0) == 2)
    #expect(points.coordinates(ofPoint: 1) == [1, 2, 255])
    #expect(points.weight(ofPoint: 1) == 1)
  }

  @Test func refusesAlpha() throws {
    let size = try #require(ImageSize(width: 1, height: 1))
    let raster = Raster(size: size, channels: .rgba, samples: [1, 2, 3, 4])
    #expect(throws: QuantizationError.transparency) {
      try ColorHistogram(of: raster)
    }
  }
}
