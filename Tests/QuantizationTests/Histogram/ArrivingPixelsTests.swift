import ParallelWork
import Quantization
import Rasters
import Testing
import _TestSupport

/// Colours that are counted while pixels come, and those of large images, whose
/// strips are counted some at a time.
@Suite struct ArrivingPixelsTests {
  /// Counts the pixels as they come, `step` at a time.
  private func counted(
    _ raster: Raster, step: Int, threads: Int
  ) -> ColorHistogram? {
    let counter = ArrivingPixels(threads: threads)
    let count = raster.size.pixelCount
    raster.samples.withUnsafeBufferPointer { samples in
      for end in stride(from: step, to: count + step, by: step) {
        counter.count(samples, before: min(end, count))
      }
    }
    return counter.histogram(of: raster.size)
  }

  @Test(arguments: [(1, 1), (130, 100), (1_000, 700)])
  func countsWhatComes(width: Int, height: Int) throws {
    let raster = TestRasters.noisyGradient(width: width, height: height)
    let whole = ColorHistogram(of: raster)
    for (step, threads) in [(width, 1), (64 * width, 2), (width * height, 7)] {
      let histogram = try #require(
        counted(raster, step: step, threads: threads))
      #expect(histogram.colors == whole.colors)
      #expect(histogram.counts == whole.counts)
      #expect(histogram.pixelCount == whole.pixelCount)
    }
  }

  /// More than 48 strips of 98,304 pixels.
  @Test func countsLargeImages() throws {
    let raster = TestRasters.noisyGradient(width: 2_500, height: 2_100)
    var counts = [UInt32](repeating: 0, count: 1 << 24)
    for pixel in 0..<raster.size.pixelCount {
      let sample = raster.samples[3 * pixel..<3 * pixel + 3]
      counts[sample.reduce(0) { $0 << 8 | Int($1) }] += 1
    }
    for threads in [1, 3] {
      for histogram in [
        ColorHistogram(of: raster, workers: Workers(threads: threads)),
        try #require(counted(raster, step: 160_000, threads: threads)),
      ] {
        #expect(histogram.count == counts.count { $0 > 0 })
        #expect(
          zip(histogram.colors, histogram.counts).allSatisfy {
            counts[Int($0)] == $1
          })
      }
    }
  }

  @Test func givesNothingBeforeTheEnd() throws {
    let raster = TestRasters.noisyGradient(width: 100, height: 100)
    let counter = ArrivingPixels(threads: 1)
    #expect(counter.histogram(of: raster.size)?.count == nil)
    raster.samples.withUnsafeBufferPointer {
      counter.count($0, before: 9_999)
    }
    #expect(counter.histogram(of: raster.size)?.count == nil)
  }
}
