import ImageFormats
import ParallelWork
import Rasters
import Testing
import _TestSupport

@Suite struct PNGOptimizerTests {
  private let optimizer = PNGOptimizer(workers: Workers(threads: 2))

  /// An image whose entries follow each other in a pattern that is not theirs,
  /// with some chance.
  private func indexed(
    _ width: Int, _ height: Int, _ palette: [RGBColor], alphas: [UInt8] = []
  ) throws -> IndexedImage {
    let size = try #require(ImageSize(width: width, height: height))
    var numbers = Generator(seed: 3)
    let indices = (0..<size.pixelCount).map { pixel in
      let (x, y) = (pixel % width, pixel / width)
      let step = (x * x + 3 * y) / 19 + (numbers.next() >> 62 == 0 ? 1 : 0)
      return UInt8(step * 37 % palette.count)
    }
    return IndexedImage(
      size: size, palette: palette, alphas: alphas, indices: indices)
  }

  private func colors(_ count: Int) -> [RGBColor] {
    (0..<count).map { RGBColor(packed: UInt32($0 * 5_003_213 + 0x030201)) }
  }

  /// The pixels that an image shows, as red, green, blue and alpha.
  private func shown(_ image: IndexedImage) -> [[UInt8]] {
    image.indices.map { index in
      let color = image.palette[Int(index)]
      let alpha =
        index < image.alphas.count ? image.alphas[Int(index)] : 255
      return [color.red, color.green, color.blue, alpha]
    }
  }

  private func shown(_ raster: Raster) -> [[UInt8]] {
    let width = raster.channels.count
    return stride(from: 0, to: raster.samples.count, by: width).map {
      let pixel = Array(raster.samples[$0..<$0 + width])
      return width == 4 ? pixel : pixel + [255]
    }
  }

  @Test(arguments: [1, 2, 3, 4, 5, 16, 17, 100, 256])
  func keepsEveryPixel(count: Int) throws {
    var palettes = 0
    for (width, height) in [(1, 1), (1, 9), (7, 3), (9, 5), (61, 47)] {
      let image = try indexed(width, height, colors(count))
      let result = try optimizer.encode(image)
      let decoded = try ImageDecoder.decode(result.bytes).raster
      #expect(decoded.size == image.size)
      #expect(shown(decoded) == shown(image))
      // The order is that of the file's palette, which is whole.
      #expect(result.order.sorted() == Array(0..<count))
      let chunks = try #require(PNGChunks(result.bytes))
      guard chunks["IHDR"]?[9] == 3 else { continue }
      palettes += 1
      #expect(chunks.names == ["IHDR", "sRGB", "PLTE", "IDAT", "IEND"])
      let entries = result.order.flatMap {
        [
          image.palette[$0].red, image.palette[$0].green,
          image.palette[$0].blue,
        ]
      }
      #expect(chunks["PLTE"] == entries)
    }
    #expect(palettes > 0)
  }

  @Test func isSmallerThanTheHardestLevel() throws {
    let image = try indexed(200, 150, colors(60))
    let plain = try PNGEncoder(compressionLevel: 9).encode(image)
    #expect(try optimizer.encode(image).bytes.count < plain.count)
    let raster = TestRasters.noisyGradient(width: 150, height: 100)
    #expect(
      try optimizer.encode(raster).count
        < PNGEncoder(compressionLevel: 9).encode(raster).count)
  }

  @Test func translucentEntriesStandFirst() throws {
    var alphas = [UInt8](repeating: 255, count: 30)
    for entry in [2, 3, 11, 29] { alphas[entry] = UInt8(entry * 3) }
    let image = try indexed(50, 40, colors(30), alphas: alphas)
    let result = try optimizer.encode(image)
    #expect(shown(try ImageDecoder.decode(result.bytes).raster) == shown(image))
    #expect(Set(result.order.prefix(4)) == [2, 3, 11, 29])
    #expect(PNGChunks(result.bytes)?["tRNS"]?.count == 4)
  }

  static let greys: [([Int], UInt8)] = [
    ([0, 255], 1), ([255], 1), ([0, 170, 85], 2), ([17, 34, 255, 0, 68], 4),
    ([1, 2], 8), (Array(0..<256), 8),
  ]

  @Test(arguments: greys)
  func greyNeedsNoPalette(levels: [Int], depth: UInt8) throws {
    let palette = levels.map { RGBColor(packed: UInt32($0 * 0x010101)) }
    // So small that what a palette takes cannot be won back.
    let image = try indexed(9, 7, palette)
    let file = try optimizer.encode(image).bytes
    let decoded = try ImageDecoder.decode(file).raster
    #expect(shown(decoded) == shown(image))
    let header = try #require(PNGChunks(file)?["IHDR"])
    // Two greys of 8 bits do better with a palette and 1 bit.
    if levels != [1, 2] {
      #expect(header[9] == 0)
      // A byte a pixel sometimes compresses better than fewer bits.
      #expect([depth, 8].contains(header[8]))
    }
    // Grey samples cannot have an RGB profile.
    var annotations = Annotations()
    annotations.profile = ICCBuilder.profile(description: "sRGB")
    let other = try optimizer.encode(image, annotations: annotations).bytes
    #expect([2, 3].contains(try #require(PNGChunks(other)?["IHDR"])[9]))
    #expect(try #require(PNGChunks(other))["iCCP"] != nil)
  }

  @Test func greyTransparencyKeepsItsPalette() throws {
    let palette = [0, 100, 255].map { RGBColor(packed: $0 * 0x010101) }
    let image = try indexed(30, 20, palette, alphas: [0])
    let file = try optimizer.encode(image).bytes
    #expect(try #require(PNGChunks(file)?["IHDR"])[9] == 3)
    #expect(shown(try ImageDecoder.decode(file).raster) == shown(image))
  }

  @Test(arguments: [
    (Raster.Channels.rgb, false), (.rgb, true), (.rgba, false), (.rgba, true),
  ])
  func keepsSamples(channels: Raster.Channels, isGrey: Bool) throws {
    let size = try #require(ImageSize(width: 33, height: 21))
    var numbers = Generator(seed: 9)
    let samples = (0..<size.pixelCount).flatMap { _ -> [UInt8] in
      let number = numbers.next()
      let color = (0..<3).map {
        UInt8(truncatingIfNeeded: number >> (isGrey ? 8 : 8 * $0))
      }
      return color
        + (channels == .rgba ? [UInt8(truncatingIfNeeded: number >> 40)] : [])
    }
    let raster = Raster(size: size, channels: channels, samples: samples)
    let file = try optimizer.encode(raster)
    let decoded = try ImageDecoder.decode(file).raster
    #expect(decoded.samples == samples)
    let type: UInt8 = (isGrey ? 0 : 2) + (channels == .rgba ? 4 : 0)
    #expect(try #require(PNGChunks(file)?["IHDR"])[9] == type)
  }

  @Test func aLongPaletteIsLeftOutOfAnIcon() throws {
    let size = try #require(ImageSize(width: 8, height: 8))
    let palette = colors(64)
    let image = IndexedImage(
      size: size, palette: palette, alphas: (0..<64).map { UInt8($0 * 4) },
      indices: Array(0..<64))
    let result = try optimizer.encode(image)
    #expect(try #require(PNGChunks(result.bytes)?["IHDR"])[9] == 6)
    #expect(shown(try ImageDecoder.decode(result.bytes).raster) == shown(image))
    #expect(result.order == Array(0..<64))
  }

  @Test func doesNotDependOnThreads() throws {
    let image = try indexed(90, 80, colors(40))
    let alone = try PNGOptimizer(workers: Workers(threads: 1)).encode(image)
    let many = try PNGOptimizer(workers: Workers(threads: 5)).encode(image)
    #expect(alone.bytes == many.bytes)
    #expect(alone.order == many.order)
  }

  /// Of so many rows the ways are compared by a sample, and those of the file
  /// compressed in chunks.
  @Test func largeImages() throws {
    let image = try indexed(1_500, 900, colors(40))
    let alone = try PNGOptimizer(workers: Workers(threads: 1)).encode(image)
    let many = try PNGOptimizer(workers: Workers(threads: 3)).encode(image)
    #expect(alone.bytes == many.bytes && alone.order == many.order)
    let decoded = try ImageDecoder.decode(alone.bytes).raster
    #expect(shown(decoded) == shown(image))
    let plain = try PNGEncoder(compressionLevel: 9).encode(image)
    #expect(alone.bytes.count < plain.count)
  }

  @Test func writesAnnotations() throws {
    var annotations = Annotations()
    annotations.density = PixelDensity(
      horizontal: 5, vertical: 6, unit: .meter)
    annotations.xmp = Array("<x/>".utf8)
    var optimizer = optimizer
    optimizer.marksSRGB = false
    let file = try optimizer.encode(
      try indexed(5, 4, colors(3)), annotations: annotations
    ).bytes
    #expect(
      PNGChunks(file)?.names.filter { $0 != "PLTE" }
        == ["IHDR", "pHYs", "iTXt", "IDAT", "IEND"])
  }

  @Test func refusesIndicesBeyondThePalette() throws {
    let size = try #require(ImageSize(width: 2, height: 1))
    let image = IndexedImage(
      size: size, palette: colors(3), indices: [0, 3])
    #expect(
      throws: EncodeError.indexBeyondPalette(index: 3, paletteCount: 3)
    ) { try optimizer.encode(image) }
  }
}
