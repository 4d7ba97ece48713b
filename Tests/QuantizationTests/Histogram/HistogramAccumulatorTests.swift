import ParallelWork
import Quantization
import Rasters
import Testing
import _TestSupport

/// Colours counted strip by strip, against those of the whole image.
@Suite struct HistogramAccumulatorTests {
  private let workers = Workers(threads: 2)

  /// A strip's rows of an image.
  private func rows(_ range: Range<Int>, of raster: Raster) throws -> Pixels {
    let size = try #require(
      ImageSize(width: raster.size.width, height: range.count))
    let width = raster.size.width * raster.channels.count
    return .eight(
      Raster(
        size: size, channels: raster.channels,
        samples: Array(
          raster.samples[
            range.lowerBound * width..<range.upperBound * width])))
  }

  private func accumulated(
    _ raster: Raster, rows height: Int, packing packed: Int = .max
  ) throws -> ColorHistogram {
    var accumulator = HistogramAccumulator(packing: packed)
    for start in stride(from: 0, to: raster.size.height, by: height) {
      accumulator.add(
        try rows(start..<min(raster.size.height, start + height), of: raster),
        workers: workers)
    }
    return accumulator.histogram()
  }

  private func expectSame(_ one: ColorHistogram, _ other: ColorHistogram) {
    #expect(one.count == other.count)
    #expect(one.counts == other.counts)
    #expect(one.pixelCount == other.pixelCount)
    #expect(one.channels == other.channels)
    #expect(one.hasTransparent == other.hasTransparent)
    #expect(one.hasTranslucent == other.hasTranslucent)
    #expect(
      (0..<one.count).allSatisfy { one.color($0) == other.color($0) })
  }

  @Test(arguments: [1, 7, 64, 100])
  func opaqueStrips(height: Int) throws {
    let raster = TestRasters.noisyGradient(width: 130, height: 100)
    expectSame(
      try accumulated(raster, rows: height), ColorHistogram(of: raster))
  }

  @Test(arguments: [1, 9, 50])
  func stripsWithAlpha(height: Int) throws {
    let opaque = TestRasters.noisyGradient(width: 60, height: 50)
    var samples: [UInt8] = []
    for pixel in 0..<3_000 {
      samples += opaque.samples[3 * pixel..<3 * pixel + 3]
      samples.append([0, 17, 128, 255][pixel * 7 % 4])
    }
    let raster = Raster(size: opaque.size, channels: .rgba, samples: samples)
    expectSame(
      try accumulated(raster, rows: height), ColorHistogram(of: raster))
  }

  /// Many colours are kept in fewer bytes: here from so few on.
  @Test(arguments: [0, 500, 3_000])
  func packedRuns(packed: Int) throws {
    let opaque = TestRasters.noisyGradient(width: 90, height: 60)
    expectSame(
      try accumulated(opaque, rows: 7, packing: packed),
      ColorHistogram(of: opaque))
    // Far apart, and many of one colour, whose counts take several bytes.
    let spread = TestRasters.make(width: 300, height: 80) { x, y in
      y % 3 == 0 ? 0xFF_FFFF : UInt32(x * 7_919 * (y % 5 + 1))
    }
    expectSame(
      try accumulated(spread, rows: 3, packing: packed),
      ColorHistogram(of: spread))
    let samples = (0..<5_400).flatMap { pixel in
      [pixel, pixel / 3, pixel * 31, [0, 90, 255][pixel % 3]].map {
        UInt8(truncatingIfNeeded: $0)
      }
    }
    let translucent = Raster(
      size: opaque.size, channels: .rgba, samples: samples)
    expectSame(
      try accumulated(translucent, rows: 11, packing: packed),
      ColorHistogram(of: translucent))
  }

  /// An alpha channel that says nothing is forgotten.
  @Test func opaqueAlpha() throws {
    let opaque = TestRasters.noisyGradient(width: 60, height: 50)
    var samples: [UInt8] = []
    for pixel in 0..<3_000 {
      samples += opaque.samples[3 * pixel..<3 * pixel + 3] + [255]
    }
    let raster = Raster(size: opaque.size, channels: .rgba, samples: samples)
    expectSame(try accumulated(raster, rows: 11), ColorHistogram(of: opaque))
    var deep = HistogramAccumulator()
    let wide = DeepRaster(
      size: opaque.size, channels: .rgba,
      samples: samples.map { UInt16($0) * 256 + 3 })
    // 16 bits, with alpha below the greatest: it stays.
    deep.add(.sixteen(wide), workers: workers)
    expectSame(deep.histogram(), ColorHistogram(of: .sixteen(wide)))
  }

  @Test func opaqueDeepAlpha() throws {
    let size = try #require(ImageSize(width: 40, height: 10))
    let colors = (0..<400).map { UInt16($0 * 150) }
    var accumulator = HistogramAccumulator()
    accumulator.add(
      .sixteen(
        DeepRaster(
          size: size, channels: .rgba,
          samples: colors.flatMap { [$0, 65_535 - $0, $0 / 3, 65_535] })),
      workers: workers)
    expectSame(
      accumulator.histogram(),
      ColorHistogram(
        of: .sixteen(
          DeepRaster(
            size: size, channels: .rgb,
            samples: colors.flatMap { [$0, 65_535 - $0, $0 / 3] }))))
  }
}
