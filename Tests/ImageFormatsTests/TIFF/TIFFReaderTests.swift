import ImageFormats
import Rasters
import Testing
import _TestSupport

@Suite struct TIFFReaderTests {
  /// Any number, the same for the same place.
  private static func noise(_ x: Int, _ y: Int, _ d: Int) -> UInt64 {
    var state = UInt64(x * 73 + y * 1_009 + d * 50_021 + 7)
    state ^= state << 13
    state &*= 0x2545_f491_4f6c_dd1d
    return state ^ state >> 29
  }

  /// What a sample of some bits is of 8 or 16.
  private static func scaled(_ value: UInt64, _ bits: Int) -> Int {
    let full = bits <= 8 ? 255.0 : 65_535.0
    if bits == 32 { return Int(value >> 16) }
    return Int(
      (Double(value) * full / Double((UInt64(1) << UInt64(bits)) - 1))
        .rounded())
  }

  private static func samples(_ pixels: Pixels) -> [Int] {
    switch pixels {
    case .eight(let raster): raster.samples.map { Int($0) }
    case .sixteen(let raster): raster.samples.map { Int($0) }
    }
  }

  @Test(
    arguments: [1, 2, 4, 6, 8, 10, 12, 16, 32], TIFFBuilder.Layout.allCases)
  func greysOfAllDepths(bits: Int, layout: TIFFBuilder.Layout) throws {
    for isLittleEndian in [true, false] {
      for photometric in [0, 1] {
        var builder = TIFFBuilder()
        (builder.width, builder.height) = (21, 19)
        builder.bits = bits
        builder.layout = layout
        builder.isLittleEndian = isLittleEndian
        builder.photometric = photometric
        builder.isBig = bits == 16
        let mask = (UInt64(1) << UInt64(bits)) - 1
        let image = try ImageDecoder.decode(
          builder.bytes { Self.noise($0, $1, $2) & mask })
        let full = bits <= 8 ? 255 : 65_535
        let expected = (0..<19).flatMap { y in
          (0..<21).flatMap { x in
            let grey = Self.scaled(Self.noise(x, y, 0) & mask, bits)
            return [Int](
              repeating: photometric == 0 ? full - grey : grey, count: 3)
          }
        }
        #expect(Self.samples(image.pixels) == expected)
      }
    }
  }

  @Test(arguments: TIFFBuilder.Layout.allCases, [false, true])
  func coloursInPlanesAndTogether(
    layout: TIFFBuilder.Layout, isPlanar: Bool
  ) throws {
    for (bits, samples) in [(8, 3), (16, 3), (8, 4), (16, 4)] {
      for isPacked in [false, true] {
        var builder = TIFFBuilder()
        (builder.width, builder.height) = (35, 18)
        builder.bits = bits
        builder.samples = samples
        builder.photometric = 2
        builder.layout = layout
        builder.isPlanar = isPlanar
        builder.isPacked = isPacked
        builder.extraSamples = samples == 4 ? [2] : []
        let mask = (UInt64(1) << UInt64(bits)) - 1
        let image = try ImageDecoder.decode(
          builder.bytes { Self.noise($0, $1, $2) & mask })
        let expected = (0..<18).flatMap { y in
          (0..<35).flatMap { x in
            (0..<samples).map { Int(Self.noise(x, y, $0) & mask) }
          }
        }
        #expect(Self.samples(image.pixels) == expected)
        #expect(image.warnings.isEmpty)
      }
    }
  }

  @Test func palettesHaveSixteenBitsAnEntry() throws {
    for bits in [1, 4, 8] {
      var builder = TIFFBuilder()
      builder.bits = bits
      builder.photometric = 3
      let count = 1 << bits
      builder.colorMap = (0..<3 * count).map { UInt16($0 * 257 % 65_536) }
      let image = try ImageDecoder.decode(
        builder.bytes { Self.noise($0, $1, $2) % UInt64(count) })
      let expected = (0..<4).flatMap { y in
        (0..<5).flatMap { x in
          (0..<3).map { d in
            let entry = Int(Self.noise(x, y, 0) % UInt64(count))
            return Int(builder.colorMap[d * count + entry] >> 8)
          }
        }
      }
      #expect(Self.samples(image.pixels) == expected)
    }
  }

  /// Colours that are multiplied with alpha are divided by it.
  @Test func associatedAlphaIsTakenOut() throws {
    var builder = TIFFBuilder()
    builder.samples = 4
    builder.photometric = 2
    builder.extraSamples = [1]
    let image = try ImageDecoder.decode(
      builder.bytes { x, y, d in d == 3 ? UInt64(x * 60) : UInt64(x * (10 + d))
      })
    let samples = Self.samples(image.pixels)
    #expect(Array(samples[0..<4]) == [0, 0, 0, 0])
    for x in 1..<5 {
      for d in 0..<3 {
        let colour = Double(x * (10 + d)) * 255 / Double(x * 60)
        #expect(samples[4 * x + d] == Int(colour.rounded()))
      }
    }
  }

  /// A fourth sample that is not said to be alpha is none.
  @Test func unspecifiedSamplesAreLeftOut() throws {
    var builder = TIFFBuilder()
    builder.samples = 4
    builder.photometric = 2
    builder.extraSamples = [0]
    let image = try ImageDecoder.decode(
      builder.bytes { UInt64($0 * 9 + $1 + 30 * $2) })
    #expect(image.pixels.channels == .rgb)
    #expect(image.warnings.contains { $0.contains("4th sample") })
  }

  @Test func signedNumbersKeepTheirOrder() throws {
    for bits in [8, 16, 32] {
      var builder = TIFFBuilder()
      builder.bits = bits
      builder.format = 2
      let values: [Int64] = [-100, -1, 0, 1, 100]
      let unit = Int64(1) << Int64(bits - 8)
      let mask = bits == 64 ? UInt64.max : (UInt64(1) << UInt64(bits)) - 1
      let image = try ImageDecoder.decode(
        builder.bytes { x, _, _ in
          UInt64(bitPattern: values[x] * unit) & mask
        })
      let samples = Self.samples(image.pixels)
      for x in 0..<5 {
        let expected = Int(values[x] + 128) << (bits == 8 ? 0 : 8)
        #expect(samples[3 * x] == expected)
      }
    }
  }

  @Test func floatsFromZeroToOneAreTakenAsTheyAre() throws {
    for (bits, scale) in [(32, 1.0), (64, 1.0), (32, 1_000), (64, 1_000)] {
      var builder = TIFFBuilder()
      builder.bits = bits
      builder.format = 3
      builder.layout = .tiles
      func value(_ x: Int, _ y: Int) -> Double {
        scale * (Double(x) / 8 + Double(y) / 16)
      }
      let image = try ImageDecoder.decode(
        builder.bytes { x, y, _ in
          bits == 32
            ? UInt64(Float(value(x, y)).bitPattern) : value(x, y).bitPattern
        })
      let samples = Self.samples(image.pixels)
      let most = scale == 1 ? 1 : value(4, 3)
      for (y, x) in [(0, 0), (1, 2), (3, 4)] {
        #expect(
          samples[3 * (5 * y + x)]
            == Int((value(x, y) / most * 65_535).rounded()))
      }
      #expect(image.warnings.contains { $0.contains("floats") } == (scale > 1))
    }
  }

  @Test func orientationsAreTurned() throws {
    for orientation in 1...8 {
      var builder = TIFFBuilder()
      builder.orientation = orientation
      builder.density = (300, 150)
      let image = try ImageDecoder.decode(
        builder.bytes { x, y, _ in UInt64(x + 10 * y) })
      let isTurned = orientation >= 5
      #expect(image.pixels.size.width == (isTurned ? 4 : 5))
      // The pixel that comes first as shown.
      let corner = [0, 4, 34, 30, 0, 30, 34, 4][orientation - 1]
      #expect(Self.samples(image.pixels)[0] == corner)
      let density = try #require(image.annotations.density)
      #expect(density.horizontal == (isTurned ? 5_906 : 11_811))
      #expect(density.unit == .meter)
    }
  }

  @Test(arguments: TIFFBuilder.Layout.allCases)
  func anyPageIsRead(layout: TIFFBuilder.Layout) throws {
    var builder = TIFFBuilder()
    builder.layout = layout
    builder.pages = 3
    let file = builder.stack({ page, x, y, _ in
      UInt64(80 * page + x + y)
    })
    for page in 1...3 {
      let image = try ImageDecoder.decode(file, page: page)
      #expect(image.warnings.isEmpty)
      #expect(Self.samples(image.pixels)[0] == 80 * (page - 1))
    }
    for page in [-1, 0, 4, Int.max] {
      #expect(throws: DecodeError.noPage(page, count: 3)) {
        try ImageDecoder.decode(file, page: page)
      }
    }
    #expect(throws: DecodeError.noPage(2, count: 1)) {
      try ImageDecoder.decode(WebPFiles.lossless, page: 2)
    }
    #expect(try ImageDecoder.decode(WebPFiles.lossless, page: 1).warnings == [])
  }

  /// A chain of directories that is a ring has its pages once.
  @Test(arguments: [1, 2, 3, 4, 5, 9], [false, true])
  func ringsEnd(pages: Int, isBig: Bool) throws {
    var builder = TIFFBuilder()
    builder.isBig = isBig
    builder.pages = pages
    let file = builder.stack { page, _, _, _ in UInt64(20 * page) }
    let (start, width) = (isBig ? 8 : 4, isBig ? 8 : 4)
    func number(_ at: Int, _ count: Int) -> Int {
      (0..<count).reduce(0) { $0 | Int(file[at + $1]) << (8 * $1) }
    }
    // The places of the links, and the directories that they lead to.
    var links = [start]
    var directories: [Int] = []
    for _ in 0..<pages {
      let place = number(links[links.count - 1], width)
      directories.append(place)
      let entries = number(place, isBig ? 8 : 2)
      links.append(place + (isBig ? 8 : 2) + entries * (isBig ? 20 : 12))
    }
    for goal in directories {
      var ring = file
      let bytes = (0..<width).map {
        UInt8(truncatingIfNeeded: goal >> (8 * $0))
      }
      let last = links[pages]
      ring.replaceSubrange(last..<last + width, with: bytes)
      for page in 1...pages {
        let image = try ImageDecoder.decode(ring, page: page)
        #expect(Self.samples(image.pixels)[0] == 20 * (page - 1))
      }
      #expect(throws: DecodeError.noPage(pages + 1, count: pages)) {
        try ImageDecoder.decode(ring, page: pages + 1)
      }
    }
  }

  @Test func pagesAreNamed() throws {
    var builder = TIFFBuilder()
    builder.pages = 3
    let image = try ImageDecoder.decode(builder.bytes { UInt64($0 + $1 + $2) })
    #expect(
      image.warnings == [
        "the TIFF has 3 pages; the first is read (--page chooses)"
      ])
    #expect(image.header.kind == "8-bit grey TIFF, 3 pages")
  }

  @Test func rowsBeforeDamageAreKept() throws {
    var builder = TIFFBuilder()
    builder.cutsLastStrip = true
    builder.height = 7
    let bytes = builder.bytes { UInt64($0 + 10 * $1 + $2) }
    // The offsets of the directory hold; the last strip is of its bytes.
    let image = try? ImageDecoder.decode(bytes)
    if let image { #expect(image.pixels.size.height == 7) }
    var cut = builder
    cut.cutsLastStrip = false
    var damaged = cut.bytes { UInt64($0 + 10 * $1 + $2) }
    damaged.removeLast(40)
    #expect(throws: DecodeError.self) {
      try ImageDecoder.decode(damaged)
    }
  }

  @Test func othersAreRefusedInOneLine() throws {
    func refusal(_ change: (inout TIFFBuilder) -> Void) -> String {
      var builder = TIFFBuilder()
      change(&builder)
      do throws(DecodeError) {
        _ = try ImageDecoder.decode(builder.bytes { UInt64($0 + $1 + $2) })
        return ""
      } catch {
        return error.message
      }
    }
    #expect(refusal { $0.photometric = 8 }.contains("interpretation 8"))
    #expect(refusal { $0.samples = 5 }.contains("5 samples a pixel"))
    #expect(refusal { $0.samples = 2 }.contains("2 samples a pixel"))
    #expect(refusal { $0.bits = 24 }.contains("24-bit grey TIFF"))
    #expect(
      refusal {
        $0.photometric = 3
        $0.bits = 4
      }.contains("damaged"))
  }

  /// A file that says it is larger than it can be takes no memory.
  @Test func sizesAreCheckedFirst() throws {
    var builder = TIFFBuilder()
    let small = builder.bytes { _, _, _ in 1 }
    builder.width = 40_000
    let place = try #require(
      small.indices.first { i in
        i + 12 <= small.count && small[i] == 0 && small[i + 1] == 1
          && small[i + 2] == 4 && small[i + 3] == 0
      })
    var large = small
    large.replaceSubrange(place + 8..<place + 12, with: [0, 0, 1, 0])
    #expect(throws: DecodeError.self) { try ImageDecoder.decode(large) }
    large.replaceSubrange(place + 8..<place + 12, with: [255, 255, 255, 127])
    #expect(throws: DecodeError.self) { try ImageDecoder.decode(large) }
  }
}
