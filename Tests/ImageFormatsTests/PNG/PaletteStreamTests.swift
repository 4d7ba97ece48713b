import ImageFormats
import ParallelWork
import Rasters
import Testing
import _TestSupport

/// The compressed rows of palette images, of one chunk and of several.
@Suite struct PaletteStreamTests {
  /// An image that squeezes more or less well: runs, noise, and a slope.
  private func image(
    _ width: Int, _ height: Int, colors: Int
  ) throws -> IndexedImage {
    let size = try #require(ImageSize(width: width, height: height))
    var generator = Generator(seed: UInt64(colors))
    let indices = (0..<size.pixelCount).map { pixel -> UInt8 in
      let number =
        switch pixel * 3 / size.pixelCount {
        case 0: pixel / 50
        case 1: Int.random(in: 0..<colors, using: &generator)
        default: pixel % width / 5 + Int.random(in: 0...1, using: &generator)
        }
      return UInt8(number % colors)
    }
    let palette = (0..<colors).map {
      RGBColor(packed: UInt32($0 * 65_793 & 0xffffff))
    }
    return IndexedImage(size: size, palette: palette, indices: indices)
  }

  private func decoded(_ file: [UInt8]) throws -> [UInt8] {
    try ImageDecoder.decode(file).raster.samples
  }

  private func expected(_ image: IndexedImage) -> [UInt8] {
    image.indices.flatMap { index -> [UInt8] in
      let color = image.palette[Int(index)]
      return [color.red, color.green, color.blue]
    }
  }

  /// The file of an image whose indices are asked for.
  private func written(
    _ image: IndexedImage, level: Int = 1, _ workers: Workers
  ) throws -> [UInt8] {
    var stream = try PNGStream(
      size: image.size, palette: image.palette, alphas: image.alphas,
      compressionLevel: level, workers: workers)
    var bytes: [UInt8] = []
    try stream.write { [indices = image.indices] pixels, room in
      for (place, pixel) in pixels.enumerated() { room[place] = indices[pixel] }
    } to: {
      bytes += $0
      return true
    }
    return try bytes + stream.finish()
  }

  @Test(arguments: [1, 3]) func refusesIndicesBeyondThePalette(
    threads: Int
  ) throws {
    let size = try #require(ImageSize(width: 900, height: 900))
    var indices = [UInt8](repeating: 1, count: size.pixelCount)
    indices[700_001] = 9
    let image = IndexedImage(
      size: size, palette: (0..<9).map { RGBColor(packed: $0) },
      indices: indices)
    #expect(throws: EncodeError.indexBeyondPalette(index: 9, paletteCount: 9)) {
      try written(image, Workers(threads: threads))
    }
  }

  @Test(arguments: [1, 3]) func stopsWhenToldTo(threads: Int) throws {
    let image = try image(1_777, 911, colors: 256)
    var stream = try PNGStream(
      size: image.size, palette: image.palette, alphas: [],
      workers: Workers(threads: threads))
    var calls = 0
    try stream.write { _, room in
      for place in room.indices { room[place] = UInt8(place & 255) }
    } to: { _ in
      calls += 1
      return calls < 2
    }
    #expect(calls == 2)
  }

  /// 524,288 bytes are a chunk: 1,023 and a filter byte in each of 512 rows, and
  /// of 513.
  @Test(arguments: [
    (2, 9_001, 1_200), (4, 4_003, 1_100), (16, 2_501, 1_300),
    (256, 1_023, 512), (256, 1_023, 513), (256, 1_023, 1_024),
    (256, 1_777, 911),
  ])
  func sameBytesOnAnyThreadsAndInStrips(
    colors: Int, width: Int, height: Int
  ) throws {
    let image = try image(width, height, colors: colors)
    for level in [0, 1, 5] {
      let encoder = PNGEncoder(compressionLevel: level)
      let file = try encoder.encode(image)
      #expect(try decoded(file) == expected(image))
      var threaded = encoder
      threaded.workers = Workers(threads: 3)
      #expect(try threaded.encode(image) == file)
      for (rows, threads) in [(1, 2), (37, 1), (height, 4)] {
        var stream = try PNGStream(
          size: image.size, palette: image.palette, alphas: image.alphas,
          compressionLevel: level, workers: Workers(threads: threads))
        var bytes: [UInt8] = []
        for first in stride(from: 0, to: height, by: rows) {
          let end = min(height, first + rows)
          try stream.write(Array(image.indices[first * width..<end * width]))
          bytes += stream.takeBytes()
        }
        bytes += try stream.finish()
        #expect(bytes == file)
        #expect(
          try written(image, level: level, Workers(threads: threads)) == file)
      }
    }
  }

  @Test func everyLevelGivesThePixels() throws {
    let image = try image(301, 203, colors: 200)
    var sizes: [Int] = []
    for level in 0...9 {
      let file = try PNGEncoder(compressionLevel: level).encode(image)
      #expect(try decoded(file) == expected(image))
      sizes.append(file.count)
    }
    #expect(sizes[9] < sizes[5] && sizes[5] < sizes[1])
    #expect(sizes[1] < sizes[0])
  }

  @Test func streamsRefuseIndicesBeyondThePalette() throws {
    let image = try image(9, 5, colors: 3)
    var stream = try PNGStream(
      size: image.size, palette: image.palette, alphas: [])
    #expect(
      throws: EncodeError.indexBeyondPalette(index: 3, paletteCount: 3)
    ) { try stream.write([UInt8](repeating: 3, count: 9)) }
  }
}
