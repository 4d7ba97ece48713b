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
    let histogram = ColorHistogram(of: raster)
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
    let histogram = ColorHistogram(of: raster, workers: Workers(threads: 3))
    #expect(histogram.count == side * side * side)
    #expect(histogram.counts.allSatisfy { $0 == 1 })
    #expect(Set(histogram.colors).count == histogram.count)
  }

  @Test func keepsNearColoursTogether() throws {
    let raster = TestRasters.noisyGradient(width: 200, height: 200)
    let colors = ColorHistogram(of: raster).colors.map {
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
    let one = ColorHistogram(of: raster)
    for threads in [2, 5] {
      let many = ColorHistogram(
        of: raster, workers: Workers(threads: threads))
      #expect(many.colors == one.colors)
      #expect(many.counts == one.counts)
    }
  }

  @Test func givesWeightedPoints() throws {
    let raster = TestRasters.make(width: 3, height: 1) { x, _ in
      x == 0 ? 0x0102ff : 0x000000
    }
    let points = ColorHistogram(of: raster).tree().points
    #expect(points.count == 2)
    #expect(points.dimension == 3)
    #expect(points.coordinates(ofPoint: 0) == [0, 0, 0])
    #expect(points.weight(ofPoint: 0) == 2)
    #expect(points.coordinates(ofPoint: 1) == [1, 2, 255])
    #expect(points.weight(ofPoint: 1) == 1)
  }

  /// Counts colours of 16 bits a sample with a dictionary; fully transparent
  /// ones are one.
  private func count(deep pixels: [SIMD4<UInt16>]) -> [SIMD4<UInt16>: UInt32] {
    pixels.reduce(into: [:]) { counts, pixel in
      counts[pixel.w == 0 ? .zero : pixel, default: 0] += 1
    }
  }

  private func deep(
    _ count: Int, channels: Raster.Channels, levels: UInt64
  ) throws -> (DeepRaster, [SIMD4<UInt16>]) {
    var numbers = Generator(seed: 9)
    let step = 65_535 / (levels - 1)
    func sample() -> UInt16 { UInt16((numbers.next() >> 20) % levels * step) }
    let pixels = (0..<count).map { _ in
      SIMD4(
        sample(), sample(), sample(), channels == .rgba ? sample() : .max)
    }
    let size = try #require(ImageSize(width: count, height: 1))
    let samples = pixels.flatMap { pixel in
      (0..<channels.count).map { pixel[$0] }
    }
    return (
      DeepRaster(size: size, channels: channels, samples: samples), pixels
    )
  }

  @Test(arguments: [Raster.Channels.rgb, .rgba], [4, 65_536] as [UInt64])
  func countsDeepColours(channels: Raster.Channels, levels: UInt64) throws {
    let (raster, pixels) = try deep(100_000, channels: channels, levels: levels)
    let histogram = ColorHistogram(of: .sixteen(raster))
    let pairs = (0..<histogram.count).map {
      (histogram.color($0), histogram.counts[$0])
    }
    #expect(Dictionary(uniqueKeysWithValues: pairs) == count(deep: pixels))
    #expect(histogram.hasTransparent == pixels.contains { $0.w == 0 })
    #expect(histogram.hasTranslucent == (channels == .rgba))
    let many = ColorHistogram(
      of: .sixteen(raster), workers: Workers(threads: 3))
    #expect(many.counts == histogram.counts)
  }

  @Test func deepPointsAreExact() throws {
    let size = try #require(ImageSize(width: 65_536, height: 1))
    let samples = (0...UInt16.max).flatMap { (level: UInt16) -> [UInt16] in
      [level, 0, .max - level]
    }
    let points = ColorHistogram(
      of: .sixteen(DeepRaster(size: size, channels: .rgb, samples: samples))
    ).tree().points
    #expect(points.count == 65_536)
    let found = (0..<points.count).map { points.coordinates(ofPoint: $0) }
      .sorted { $0[0] < $1[0] }
    for (level, point) in found.enumerated() {
      let expected = [Double(level) / 257, 0, Double(65_535 - level) / 257]
      guard point == expected else {
        Issue.record("level \(level) is \(point)")
        return
      }
    }
  }

  @Test func transparentPixelsAreOneColour() throws {
    let size = try #require(ImageSize(width: 4, height: 1))
    let raster = Raster(
      size: size, channels: .rgba,
      samples: [9, 9, 9, 0, 1, 2, 3, 255, 200, 0, 0, 0, 0, 0, 0, 255])
    let histogram = ColorHistogram(of: raster)
    #expect(histogram.count == 3)
    #expect(histogram.hasTransparent)
    #expect(!histogram.hasTranslucent)
    #expect(histogram.counts[0] == 2)
    #expect(histogram.visible == 1..<3)
    #expect(histogram.transparentEntries == 1)
    #expect(histogram.separateEntries == 1)
    #expect(!histogram.hasTransparentComponent)
    #expect(histogram.components(ofColors: 8) == 7)
    let points = histogram.tree().points
    #expect(points.count == 2)
    #expect(points.dimension == 3)
    #expect(points.totalWeight == 2)
    #expect(points.coordinates(ofPoint: 1) == [1, 2, 3])
  }

  /// Complete transparency is a component beside translucent colours, and
  /// otherwise an entry by itself.
  @Test func componentsOfAPalette() throws {
    func histogram(_ alphas: [UInt8]) throws -> ColorHistogram {
      let size = try #require(ImageSize(width: alphas.count, height: 1))
      return ColorHistogram(
        of: Raster(
          size: size, channels: .rgba,
          samples: alphas.flatMap { [9, 9, 9, $0] }
        ))
    }
    let cases: [(alphas: [UInt8], entries: Int, separate: Int, pinned: Int)] = [
      ([255, 255], 0, 0, 0), ([255, 0], 1, 1, 0), ([255, 9], 0, 0, 0),
      ([255, 9, 0], 1, 0, 1), ([9, 0], 1, 0, 1), ([0, 0], 0, 0, 0),
    ]
    for (alphas, entries, separate, pinned) in cases {
      let histogram = try histogram(alphas)
      #expect(histogram.transparentEntries == entries)
      #expect(histogram.separateEntries == separate)
      #expect(histogram.components(ofColors: 5) == 5 - separate)
      #expect((histogram.pinnedMeans()?.components ?? 0) == pinned)
      #expect(
        histogram.pinnedMeans(keeping: [RGBColor(packed: 7)])?.pinned
          == pinned + 1)
    }
  }

  @Test func distancesAreErrorsOnThreeBackgrounds() throws {
    // Two translucent colours, and what they show on black, grey and white.
    let colors: [[Double]] = [[10, 200, 90, 60], [250, 30, 0, 128]]
    let size = try #require(ImageSize(width: 2, height: 1))
    let raster = Raster(
      size: size, channels: .rgba,
      samples: colors.flatMap { $0.map { UInt8($0) } })
    let points = ColorHistogram(of: raster).tree().points
    #expect(points.dimension == 4)
    var expected = 0.0
    for background in [0, 127.5, 255] {
      for d in 0..<3 {
        let shown = colors.map {
          $0[d] * $0[3] / 255 + background * (1 - $0[3] / 255)
        }
        expected += (shown[0] - shown[1]) * (shown[0] - shown[1]) / 3
      }
    }
    let distance = zip(
      points.coordinates(ofPoint: 0), points.coordinates(ofPoint: 1)
    ).map { ($0 - $1) * ($0 - $1) }.reduce(0, +)
    #expect(abs(distance - expected) < 1e-9)
  }
}
