import ImageFormats
import ParallelWork
import Rasters
import Testing
import _TestSupport

@Suite struct ImageDecoderTests {
  private static func png(interlaced: Bool = false) -> [UInt8] {
    var builder = PNGBuilder(
      width: 7, height: 5, bitDepth: 8, colorType: 6
    ) { x, y, channel in (x * 31 + y * 17 + channel * 60) & 255 }
    builder.interlaced = interlaced
    builder.chunks = [("gAMA", bigEndian(50_000))]
    return builder.bytes()
  }

  /// Files to be spoilt.
  static let names = [
    "PNG", "interlaced PNG", "deep PNG", "palette PNG", "baseline",
    "progressive", "restart", "arithmetic", "scans", "grey", "cmyk",
  ]

  static func file(_ name: String) throws -> [UInt8] {
    switch name {
    case "PNG": return png()
    case "interlaced PNG": return png(interlaced: true)
    case "deep PNG":
      let builder = PNGBuilder(
        width: 5, height: 4, bitDepth: 16, colorType: 4,
        sample: { x, y, channel in x * 9_000 + y * 501 + channel * 77 })
      return builder.bytes()
    case "palette PNG":
      var builder = PNGBuilder(
        width: 9, height: 4, bitDepth: 2, colorType: 3,
        sample: { x, y, _ in (x + y) & 3 })
      builder.chunks = [
        (
          "iCCP",
          Array("n\0\0".utf8)
            + PNGBuilder.stored(ICCBuilder.rgb(.adobe, .gamma(2.2)))
        ),
        ("PLTE", [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12]), ("tRNS", [0, 9]),
        ("eXIf", ExifBuilder.tiff(orientation: 1, littleEndian: true)),
      ]
      return builder.bytes()
    default: return try Fixtures.jpeg(name)
    }
  }

  @Test func refusesWhatIsNoImage() {
    #expect(throws: DecodeError.empty) { try ImageDecoder.decode([]) }
    #expect(throws: DecodeError.notAnImage(.psd)) {
      try ImageDecoder.decode(Array("8BPS....".utf8))
    }
    #expect(throws: DecodeError.notAnImage(.text)) {
      try ImageDecoder.decode(Array("hello, world\n".utf8))
    }
    #expect(throws: DecodeError.empty) { try ImageDecoder.header(of: []) }
  }

  /// Every one but those of a JPEG that only lacks its end marker.
  @Test(arguments: names)
  func refusesEveryPrefix(name: String) throws {
    let file = try Self.file(name)
    let whole = try ImageDecoder.decode(file)
    var end = file.count
    if whole.format == .jpeg, name != "arithmetic" {
      end -= 2
      for count in [end, end + 1] {
        let image = try ImageDecoder.decode(Array(file.prefix(count)))
        #expect(image.raster.samples == whole.raster.samples)
        #expect(
          image.warnings == [
            "the JPEG has no end marker; all of its rows are there"
          ])
      }
    }
    for count in 0..<end {
      #expect(throws: DecodeError.self, "\(name) cut to \(count) bytes") {
        try ImageDecoder.decode(Array(file.prefix(count)))
      }
    }
  }

  @Test(arguments: names)
  func survivesSpoiltBytes(name: String) throws {
    let file = try Self.file(name)
    var generator = Generator(seed: 1)
    var refused = 0
    for round in 0..<3_000 {
      var spoilt = file
      for _ in 0..<Int.random(in: 1...3, using: &generator) {
        let place = spoilt.indices.randomElement(using: &generator) ?? 0
        spoilt[place] = UInt8.random(in: 0...255, using: &generator)
      }
      do {
        let raster = try ImageDecoder.decode(
          spoilt, into: round % 20 == 0 ? .displayP3 : .input,
          limits: DecodeLimits(pixels: 1 << 22)
        ).raster
        let expected = raster.size.pixelCount * raster.channels.count
        #expect(raster.samples.count == expected)
      } catch {
        refused += 1
        #expect(!error.message.isEmpty)
      }
    }
    #expect(refused > 500)
  }

  /// CRCs hide most of a PNG's faults from the code behind them; here they are
  /// put right again.
  @Test func survivesSpoiltChunksWithRightCRCs() throws {
    var generator = Generator(seed: 2)
    for name in ["PNG", "interlaced PNG", "deep PNG", "palette PNG"] {
      let chunks = try #require(PNGChunks(try Self.file(name)))
      for round in 0..<3_000 {
        var file = PNGBuilder.signature
        let spoilt = Int.random(in: 0..<chunks.all.count, using: &generator)
        for (index, chunk) in chunks.all.enumerated() {
          var payload = chunk.payload
          if index == spoilt, !payload.isEmpty {
            let place = Int.random(in: 0..<payload.count, using: &generator)
            payload[place] = UInt8.random(in: 0...255, using: &generator)
          }
          file += PNGBuilder.chunk(chunk.name, payload)
        }
        _ = try? ImageDecoder.decode(
          file, into: round % 20 == 0 ? .displayP3 : .input,
          limits: DecodeLimits(pixels: 1 << 22))
      }
    }
  }

  @Test func readsOnePixel() throws {
    let file = PNGBuilder(
      width: 1, height: 1, bitDepth: 8, colorType: 6,
      sample: { _, _, channel in channel + 5 }
    ).bytes()
    #expect(try ImageDecoder.decode(file).raster.samples == [5, 6, 7, 8])
    let size = try #require(ImageSize(width: 1, height: 1))
    let raster = Raster(size: size, channels: .rgb, samples: [128, 128, 128])
    let jpeg = try JPEGEncoder().encode(raster)
    #expect(try ImageDecoder.decode(jpeg).raster.samples == [128, 128, 128])
  }

  @Test func asksForNoMoreThanTheLimit() throws {
    for name in ["PNG", "baseline"] {
      let file = try Self.file(name)
      let size = try ImageDecoder.header(of: file).size
      let (width, height) = (size.width, size.height)
      let count = size.pixelCount
      #expect(throws: Never.self) {
        try ImageDecoder.decode(file, limits: DecodeLimits(pixels: count))
      }
      #expect(
        throws: DecodeError.tooLarge(
          width: width, height: height, maximumPixels: count - 1)
      ) {
        try ImageDecoder.decode(file, limits: DecodeLimits(pixels: count - 1))
      }
    }
  }

  @Test func refusesSizesThatTheFileCannotHold() throws {
    // 40,000 x 50,000 pixels are within the limit, and 6 GB.
    var header = bigEndian(40_000) + bigEndian(50_000)
    header += [8, 2, 0, 0, 0]
    let data = PNGBuilder.stored([UInt8](repeating: 0, count: 1_000))
    let bomb =
      PNGBuilder.signature + PNGBuilder.chunk("IHDR", header)
      + PNGBuilder.chunk("IDAT", data) + PNGBuilder.chunk("IEND", [])
    #expect(
      throws: DecodeError.damaged(
        format: .png,
        reason: "the file is too short for 40000 x 50000 pixels",
        keepsRows: true)
    ) { try ImageDecoder.decode(bomb) }

    for name in ["baseline", "progressive"] {
      var jpeg = try Self.file(name)
      let frame = try #require(
        jpeg.indices.dropLast().first {
          jpeg[$0] == 0xff && [0xc0, 0xc2].contains(jpeg[$0 + 1])
        })
      jpeg.replaceSubrange(
        frame + 5..<frame + 9, with: [0x9c, 0x40, 0x9c, 0x40])
      #expect(
        throws: DecodeError.damaged(
          format: .jpeg,
          reason: "the file is too short for 40000 x 40000 pixels",
          keepsRows: name == "baseline")
      ) { try ImageDecoder.decode(jpeg) }
    }

    // Above the limit, it is the limit that speaks.
    header = bigEndian(50_000) + bigEndian(50_000) + [8, 2, 0, 0, 0]
    let larger =
      PNGBuilder.signature + PNGBuilder.chunk("IHDR", header)
      + PNGBuilder.chunk("IDAT", data)
    #expect(
      throws: DecodeError.tooLarge(
        width: 50_000, height: 50_000, maximumPixels: 2_000_000_000)
    ) { try ImageDecoder.decode(larger) }
  }

  /// How far the pixels were said to be, which are looked at while others are
  /// read.
  private func told(_ name: String, threads: Int) throws -> [Int] {
    let file = try Self.file(name)
    let samples = try ImageDecoder.decode(file).raster.samples
    let ends = Monitor<[Int]>([])
    let image = try ImageDecoder.decode(file, threads: threads) { all, end in
      let areThere = all[..<(3 * end)].elementsEqual(samples[..<(3 * end)])
      ends.withLock { $0.append(areThere ? end : -1) }
    }
    #expect(image.raster.samples == samples)
    return ends.withLock { $0 }
  }

  @Test(arguments: [1, 3]) func tellsHowFarPixelsAre(threads: Int) throws {
    for name in ["baseline", "restart", "grey", "arithmetic"] {
      #expect(try told(name, threads: threads).last == 37 * 23)
    }
    // With alpha, of several scans or converted, they are not there before the
    // end.
    for name in ["PNG", "deep PNG", "progressive", "cmyk"] {
      #expect(try told(name, threads: threads) == [])
    }
  }
}
