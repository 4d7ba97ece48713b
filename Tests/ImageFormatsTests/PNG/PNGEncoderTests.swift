import ImageFormats
import Rasters
import Testing
import _TestSupport

@Suite struct PNGEncoderTests {
  private func palette(_ count: Int) -> [RGBColor] {
    (0..<count).map { RGBColor(packed: UInt32($0 * 65_793 + 0x030201)) }
  }

  private func indexed(
    _ width: Int, _ height: Int, colors: Int
  ) throws -> IndexedImage {
    let size = try #require(ImageSize(width: width, height: height))
    let indices = (0..<size.pixelCount).map {
      UInt8(($0 * 7 + $0 / width) % colors)
    }
    return IndexedImage(size: size, palette: palette(colors), indices: indices)
  }

  static let depths: [(Int, UInt8)] = [
    (1, 1), (2, 1), (3, 2), (4, 2), (5, 4), (16, 4), (17, 8), (256, 8),
  ]

  @Test(arguments: [Raster.Channels.rgb, .rgba])
  func writesSixteenBits(channels: Raster.Channels) throws {
    let size = try #require(ImageSize(width: 9, height: 7))
    let deep = DeepRaster(
      size: size, channels: channels,
      samples: (0..<63 * channels.count).map { UInt16($0 * 1_031 % 65_521) })
    let file = try PNGEncoder().encode(deep)
    #expect(file[24] == 16 && file[25] == (channels == .rgb ? 2 : 6))
    guard
      case .sixteen(let read) = try ImageDecoder.decode(file).pixels
    else {
      Issue.record("16 bits are read")
      return
    }
    #expect(read.channels == channels && read.samples == deep.samples)
  }

  @Test(arguments: depths)
  func writesTheFewestBits(colors: Int, depth: UInt8) throws {
    for (width, height) in [(1, 1), (7, 3), (8, 2), (9, 5), (31, 17)] {
      let image = try indexed(width, height, colors: colors)
      let file = try PNGEncoder().encode(image)
      let chunks = try #require(PNGChunks(file))
      #expect(chunks.names == ["IHDR", "sRGB", "PLTE", "IDAT", "IEND"])
      let header = bigEndian(width) + bigEndian(height) + [depth, 3, 0, 0, 0]
      #expect(chunks["IHDR"] == header)
      #expect(chunks["sRGB"] == [0])
      let entries = image.palette.flatMap { [$0.red, $0.green, $0.blue] }
      #expect(chunks["PLTE"] == entries)

      let raster = try ImageDecoder.decode(file).raster
      #expect(raster.channels == .rgb)
      #expect(raster.size == image.size)
      let expected = image.indices.flatMap { index in
        entries[3 * Int(index)..<3 * Int(index) + 3]
      }
      #expect(raster.samples == expected)
    }
  }

  @Test func writesIndicesUnfiltered() throws {
    let image = try indexed(40, 6, colors: 200)
    let file = try PNGEncoder(compressionLevel: 0).encode(image)
    let data = try #require(PNGChunks(file)?["IDAT"])
    // Level 0 stores: two bytes of zlib and five of the block, then the rows.
    let rows = data.dropFirst(7).dropLast(4)
    let expected = (0..<6).flatMap { row in
      [0] + image.indices[40 * row..<40 * row + 40]
    }
    #expect(Array(rows) == expected)
  }

  @Test(arguments: 0...9)
  func writesRGBAndRGBA(level: Int) throws {
    for (channels, type) in [(Raster.Channels.rgb, UInt8(2)), (.rgba, 6)] {
      let size = try #require(ImageSize(width: 29, height: 13))
      let samples = (0..<size.pixelCount * channels.count).map {
        UInt8($0 * 7 & 255)
      }
      let raster = Raster(size: size, channels: channels, samples: samples)
      let file = try PNGEncoder(compressionLevel: level).encode(raster)
      let chunks = try #require(PNGChunks(file))
      #expect(chunks.names == ["IHDR", "sRGB", "IDAT", "IEND"])
      #expect(chunks["IHDR"]?.dropFirst(8) == [8, type, 0, 0, 0])
      let decoded = try ImageDecoder.decode(file).raster
      #expect(decoded.channels == channels)
      #expect(decoded.samples == samples)
    }
  }

  @Test func writesSmallerFilesAtHigherLevels() throws {
    let image = try indexed(200, 200, colors: 6)
    let stored = try PNGEncoder(compressionLevel: 0).encode(image)
    let fast = try PNGEncoder(compressionLevel: 1).encode(image)
    let best = try PNGEncoder(compressionLevel: 9).encode(image)
    #expect(fast.count < stored.count)
    #expect(best.count <= fast.count)
  }

  @Test func writesTheSameBytesAgain() throws {
    let image = try indexed(50, 50, colors: 19)
    let encoder = PNGEncoder()
    #expect(encoder.compressionLevel == 5)
    #expect(try encoder.encode(image) == (try encoder.encode(image)))
  }

  @Test func refusesIndicesBeyondThePalette() throws {
    let size = try #require(ImageSize(width: 3, height: 1))
    for (count, index) in [(1, 1), (3, 3), (5, 200), (255, 255)] {
      let image = IndexedImage(
        size: size, palette: palette(count), indices: [0, UInt8(index), 0])
      #expect(
        throws: EncodeError.indexBeyondPalette(
          index: index, paletteCount: count)
      ) { try PNGEncoder().encode(image) }
    }
  }

  @Test(arguments: [-1, 10, Int.max])
  func refusesOtherLevels(level: Int) throws {
    let image = try indexed(2, 2, colors: 2)
    #expect(
      throws: EncodeError.invalidOption(
        name: "the compression level", value: level, allowed: 0...9)
    ) { try PNGEncoder(compressionLevel: level).encode(image) }
  }

  static let alphas: [([UInt8], [UInt8])] = [
    ([], []), ([255, 255], []), ([0], [0]), ([0, 255, 255], [0]),
    ([0, 128, 255, 7, 255], [0, 128, 255, 7]), ([255, 3], [255, 3]),
  ]

  @Test(arguments: alphas)
  func writesAlphasUpToTheLastThatIsNotOpaque(
    alphas: [UInt8], written: [UInt8]
  ) throws {
    for colors in [5, 20] {
      let opaque = try indexed(9, 7, colors: colors)
      let image = IndexedImage(
        size: opaque.size, palette: opaque.palette, alphas: alphas,
        indices: opaque.indices)
      let file = try PNGEncoder().encode(image)
      let chunks = try #require(PNGChunks(file))
      #expect(chunks["tRNS"] ?? [] == written)
      #expect(chunks.names.contains("tRNS") == !written.isEmpty)
      let raster = try ImageDecoder.decode(file).raster
      #expect(raster.channels == (written.isEmpty ? .rgb : .rgba))
      guard !written.isEmpty else { continue }
      let expected = image.indices.flatMap { index in
        let color = image.palette[Int(index)]
        let alpha = Int(index) < alphas.count ? alphas[Int(index)] : 255
        return [color.red, color.green, color.blue, alpha]
      }
      #expect(raster.samples == expected)
    }
  }

  @Test func writesAnnotations() throws {
    var annotations = Annotations()
    annotations.density = PixelDensity(
      horizontal: 2_835, vertical: 11_811, unit: .meter)
    annotations.exif = ExifBuilder.tiff(orientation: 1, littleEndian: true)
    annotations.xmp = Array("<x:xmpmeta/>é".utf8) + [0, 0]
    let image = try indexed(5, 4, colors: 3)
    let file = try PNGEncoder().encode(image, annotations: annotations)
    let chunks = try #require(PNGChunks(file))
    #expect(
      chunks.names == [
        "IHDR", "sRGB", "PLTE", "pHYs", "eXIf", "iTXt", "IDAT", "IEND",
      ])
    #expect(chunks["pHYs"] == bigEndian(2_835) + bigEndian(11_811) + [1])
    #expect(chunks["eXIf"] == annotations.exif)
    let text = "XML:com.adobe.xmp\0\0\0\0\0<x:xmpmeta/>é"
    #expect(chunks["iTXt"] == Array(text.utf8))
    #expect(try ImageDecoder.decode(file).raster.size == image.size)

    annotations = Annotations()
    annotations.density = PixelDensity(
      horizontal: 2, vertical: 3, unit: .unknown)
    let raster = TestRasters.noisyGradient(width: 4, height: 4)
    let other = try #require(
      PNGChunks(try PNGEncoder().encode(raster, annotations: annotations)))
    #expect(other.names == ["IHDR", "sRGB", "pHYs", "IDAT", "IEND"])
    #expect(other["pHYs"] == bigEndian(2) + bigEndian(3) + [0])
  }

  static let densities: [(UInt32, UInt32)] = [
    (0, 5), (5, 0), (1 << 31, 5), (5, .max),
  ]

  @Test(arguments: densities)
  func leavesOutDensitiesThatPNGCannotSay(
    horizontal: UInt32, vertical: UInt32
  ) throws {
    var annotations = Annotations()
    annotations.density = PixelDensity(
      horizontal: horizontal, vertical: vertical, unit: .meter)
    let image = try indexed(5, 4, colors: 3)
    let file = try PNGEncoder().encode(image, annotations: annotations)
    #expect(try #require(PNGChunks(file))["pHYs"] == nil)
  }

  @Test func writesAProfileInsteadOfTheSRGBChunk() throws {
    let profile = ICCBuilder.profile(description: "sRGB IEC61966-2.1")
    var annotations = Annotations()
    annotations.profile = profile
    let image = try indexed(5, 4, colors: 3)
    let file = try PNGEncoder(compressionLevel: 0).encode(
      image, annotations: annotations)
    let chunks = try #require(PNGChunks(file))
    #expect(chunks.names == ["IHDR", "iCCP", "PLTE", "IDAT", "IEND"])
    let payload = try #require(chunks["iCCP"])
    #expect(payload.starts(with: Array("ICC profile\0\0".utf8)))
    // Compressed at any level, so it is the decoder that finds it again.
    #expect(try ImageDecoder.decode(file).raster.size == image.size)
  }

  @Test func marksSRGBUnlessToldNotTo() throws {
    var encoder = PNGEncoder()
    encoder.marksSRGB = false
    let file = try encoder.encode(try indexed(5, 4, colors: 3))
    let chunks = try #require(PNGChunks(file))
    #expect(chunks.names == ["IHDR", "PLTE", "IDAT", "IEND"])
    var annotations = Annotations()
    annotations.profile = ICCBuilder.profile(description: "sRGB")
    let other = try encoder.encode(
      try indexed(5, 4, colors: 3), annotations: annotations)
    #expect(try #require(PNGChunks(other))["iCCP"] != nil)
  }

  @Test func refusesProfilesThatAreBroken() throws {
    var grey = ICCBuilder.profile(description: "Grey")
    grey.replaceSubrange(16..<20, with: Array("GRAY".utf8))
    for profile in [
      [], [1, 2, 3], Array(ICCBuilder.profile(description: "x").dropLast(4)),
      grey,
    ] {
      var annotations = Annotations()
      annotations.profile = profile
      let image = try indexed(5, 4, colors: 3)
      do {
        _ = try PNGEncoder().encode(image, annotations: annotations)
        Issue.record("a broken profile was written")
      } catch {
        guard case .failed(.png, let reason) = error else {
          Issue.record("\(error)")
          continue
        }
        #expect(!reason.isEmpty)
      }
    }
  }
}
