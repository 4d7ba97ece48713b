import ImageFormats
import ParallelWork
import Rasters
import Testing
import _TestSupport

/// Files of images without a palette: the same bytes on any number of threads, and
/// strip by strip; the pixels come back.
@Suite struct ColorRowsTests {
  private static func deep(
    _ size: ImageSize, _ channels: Raster.Channels
  ) -> DeepRaster {
    var numbers = Generator(seed: 9)
    return DeepRaster(
      size: size, channels: channels,
      samples: (0..<size.pixelCount * channels.count).map {
        UInt16(truncatingIfNeeded: $0 * 31 + Int(numbers.next() >> 56))
      })
  }

  @Test(arguments: [0, 1, 5, 9])
  func threadsAndStripsGiveTheSame(level: Int) throws {
    let raster = TestRasters.noisyGradient(width: 701, height: 403)
    var encoder = PNGEncoder(compressionLevel: level)
    let expected = try encoder.encode(raster)
    let image = try ImageDecoder.decode(expected)
    #expect(image.raster.samples == raster.samples)
    for threads in [2, 3, 7] {
      encoder.workers = Workers(threads: threads)
      #expect(try encoder.encode(raster) == expected)
      var stream = try PNGStream(
        size: raster.size, kind: .rgb, depth: .eight, compressionLevel: level,
        workers: Workers(threads: threads))
      for first in stride(from: 0, to: 403, by: 19) {
        let end = min(403, first + 19)
        try stream.write(
          Array(raster.samples[first * 2_103..<end * 2_103]))
      }
      #expect(try stream.finish() == expected)
    }
  }

  @Test(arguments: [(1, 1), (1, 9), (2, 300), (9, 1)])
  func anySizeAndDepth(width: Int, height: Int) throws {
    let size = try #require(ImageSize(width: width, height: height))
    for channels in [Raster.Channels.rgb, .rgba] {
      let raster = Self.deep(size, channels)
      let image = try ImageDecoder.decode(
        try PNGEncoder().encode(raster), into: .input)
      guard case .sixteen(let found) = image.pixels else {
        Issue.record("the depth is lost")
        continue
      }
      #expect(found.samples == raster.samples)
    }
  }

  /// Rows that are smooth are filtered: the file is far smaller than its samples.
  @Test func smoothRowsAreFiltered() throws {
    let raster = TestRasters.make(width: 400, height: 400) { x, y in
      UInt32(x * 7 + y * 3) & 0xff << 16 | UInt32(x / 2 + y / 3) << 8 | 7
    }
    #expect(try PNGEncoder().encode(raster).count < raster.samples.count / 20)
  }
}
