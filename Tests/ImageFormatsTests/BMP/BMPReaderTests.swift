import ImageFormats
import Rasters
import Testing
import _TestSupport

@Suite struct BMPReaderTests {
  private static func noise(_ x: Int, _ y: Int) -> Int {
    (x &* 0x9e37_79b1 ^ y &* 0x85eb_ca6b) >> 7 & 0xffff_ffff
  }

  private static func samples(
    _ width: Int, _ height: Int, _ sample: (Int, Int) -> [UInt8]
  ) -> [UInt8] {
    (0..<height).flatMap { y in (0..<width).flatMap { x in sample(x, y) } }
  }

  @Test(arguments: [1, 2, 4, 8], [12, 40, 108, 124])
  func palettes(bits: Int, header: Int) throws {
    for (width, isTopDown) in [(1, false), (9, true), (17, false), (32, true)] {
      var builder = BMPBuilder()
      builder.width = width
      builder.bits = bits
      builder.header = header
      builder.isTopDown = isTopDown && header > 12
      builder.gap = width % 3
      let index: (Int, Int) -> Int = { Self.noise($0, $1) & (1 << bits - 1) }
      let image = try ImageDecoder.decode(builder.bytes(index))
      #expect(
        image.raster.samples
          == Self.samples(width, 7) { BMPBuilder.color(index($0, $1)) })
      #expect(image.warnings.isEmpty)
    }
  }

  private static let usual: [Int: [UInt32]] = [
    16: [0x7c00, 0x03e0, 0x001f], 24: [0xff_0000, 0xff00, 0xff],
    32: [0xff_0000, 0xff00, 0xff],
  ]

  @Test(arguments: [16, 24, 32], [12, 40, 124])
  func numbers(bits: Int, header: Int) throws {
    var builder = BMPBuilder()
    builder.bits = bits
    builder.header = header
    let full = 1 << bits - 1
    let image = try ImageDecoder.decode(
      builder.bytes { Self.noise($0, $1) & full })
    let masks = try #require(Self.usual[bits])
    // Bits that belong to nothing are not alpha.
    #expect(image.raster.channels == .rgb)
    #expect(
      image.raster.samples
        == Self.samples(9, 7) { x, y in
          masks.map { Self.part(Self.noise(x, y) & full, $0, 255) }
            .map { UInt8($0) }
        })
  }

  private static func part(_ value: Int, _ mask: UInt32, _ most: Double) -> Int
  {
    let mask = Int(mask)
    guard mask != 0 else { return 0 }
    let shift = mask.trailingZeroBitCount
    return Int(
      (Double((value & mask) >> shift) * most / Double(mask >> shift))
        .rounded())
  }

  @Test(
    arguments: [
      (16, [0xf800, 0x07e0, 0x001f]), (16, [0x0f00, 0x00f0, 0x000f, 0xf000]),
      (32, [0xff, 0xff00, 0xff_0000, 0xff00_0000]),
      (32, [0x3ff0_0000, 0xf_fc00, 0x3ff]),
      (32, [0x3ff0_0000, 0xf_fc00, 0x3ff, 0xc000_0000]),
      (32, [0xff80_0000, 0x7f_ffe0, 0x1f]),
    ] as [(Int, [UInt32])])
  func masks(bits: Int, masks: [UInt32]) throws {
    for header in masks.count == 3 ? [40, 52] : [56, 108] {
      var builder = BMPBuilder()
      builder.bits = bits
      builder.header = header
      builder.compression = 3
      builder.masks = masks
      let full = 1 << bits - 1
      let image = try ImageDecoder.decode(
        builder.bytes { Self.noise($0, $1) & full })
      let isDeep = masks.contains { $0.nonzeroBitCount > 8 }
      let most = isDeep ? 65_535.0 : 255
      let expected = (0..<7).flatMap { y in
        (0..<9).flatMap { x in
          masks.map { Self.part(Self.noise(x, y) & full, $0, most) }
        }
      }
      let found: [Int]
      switch image.pixels {
      case .eight(let raster): found = raster.samples.map { Int($0) }
      case .sixteen(let raster): found = raster.samples.map { Int($0) }
      }
      #expect(found == expected)
    }
  }

  @Test func runs() throws {
    var builder = BMPBuilder()
    (builder.width, builder.height) = (6, 4)
    (builder.bits, builder.compression) = (8, 1)
    // From the lowest row: a run, numbers as they are, a jump, the end early.
    let eight: [UInt8] =
      [6, 9, 0, 0, 0, 3, 1, 2, 3, 0, 3, 4, 0, 0, 0, 2, 2, 0, 2, 7, 0, 1]
    let image = try ImageDecoder.decode(builder.bytes(coded: eight))
    let rows = [
      [0, 0, 0, 0, 0, 0], [0, 0, 7, 7, 0, 0], [1, 2, 3, 4, 4, 4],
      [9, 9, 9, 9, 9, 9],
    ]
    #expect(
      image.raster.samples == rows.joined().flatMap { BMPBuilder.color($0) })
  }

  @Test func runsOfFourBits() throws {
    var builder = BMPBuilder()
    (builder.width, builder.height) = (6, 2)
    (builder.bits, builder.compression) = (4, 2)
    let coded: [UInt8] =
      [5, 0x9a, 0, 0, 0, 5, 0x12, 0x34, 0x50, 0, 1, 0xf0, 0, 1]
    let image = try ImageDecoder.decode(builder.bytes(coded: coded))
    #expect(
      image.raster.samples
        == [1, 2, 3, 4, 5, 15, 9, 10, 9, 10, 9, 0].flatMap {
          BMPBuilder.color($0)
        })
  }

  @Test(
    arguments: [
      [7, 9, 0, 1], [6, 9, 0, 0], [0, 2, 9], [0, 2, 7, 0, 1, 1, 0, 1],
      [0, 5, 1, 2],
    ] as [[UInt8]])
  func runsThatCannotBe(coded: [UInt8]) {
    var builder = BMPBuilder()
    (builder.width, builder.height) = (6, 2)
    (builder.bits, builder.compression) = (8, 1)
    let file = builder.bytes(coded: coded)
    #expect(throws: DecodeError.self) { try ImageDecoder.decode(file) }
  }

  @Test func profilesAndDensity() throws {
    var builder = BMPBuilder()
    builder.header = 124
    builder.profile = [1, 2, 3]
    builder.density = 2_835
    let image = try ImageDecoder.decode(
      builder.bytes { Self.noise($0, $1) & 0xff_ffff })
    #expect(image.warnings.count == 1)
    #expect(
      image.annotations.density
        == PixelDensity(horizontal: 2_835, vertical: 2_835, unit: .meter))
  }

  @Test func cutFilesKeepWhatTheyHave() throws {
    var builder = BMPBuilder()
    let pixel: (Int, Int) -> Int = { Self.noise($0, $1) & 0xff_ffff }
    #expect(
      throws: DecodeError.damaged(
        format: .bmp, reason: "the file is too short for 9 x 7 pixels")
    ) {
      try ImageDecoder.decode(Array(builder.bytes(pixel).dropLast(40)))
    }
    builder.isTopDown = true
    let file = builder.bytes(pixel)
    let kept = try ImageDecoder.decode(
      Array(file.dropLast(40)), keepsGoing: true)
    #expect(kept.raster.size == ImageSize(width: 9, height: 5))
    #expect(
      kept.raster.samples
        == Array(try ImageDecoder.decode(file).raster.samples.prefix(135)))
  }

  @Test func whatIsRefused() {
    var builder = BMPBuilder()
    (builder.bits, builder.compression) = (24, 4)
    let jpeg = builder.bytes { _, _ in 0 }
    #expect(
      throws: DecodeError.unsupported(
        what: "a BMP with a JPEG in it",
        remedy: "convert it first: `magick in.bmp out.png`")
    ) {
      try ImageDecoder.decode(jpeg)
    }
    (builder.bits, builder.compression) = (32, 3)
    for masks in [[0xf0f, 0xf0, 0xf000], [0xff, 0x1fe, 0xff0000], [0, 0, 0]] {
      builder.masks = masks.map { UInt32($0) }
      let file = builder.bytes { _, _ in 0 }
      #expect(
        throws: DecodeError.damaged(
          format: .bmp, reason: "masks that cannot be")
      ) {
        try ImageDecoder.decode(file)
      }
    }
    builder = BMPBuilder()
    (builder.bits, builder.colors) = (8, 3)
    let beyond = builder.bytes { x, _ in x }
    #expect(
      throws: DecodeError.damaged(
        format: .bmp, reason: "an index beyond the palette")
    ) {
      try ImageDecoder.decode(beyond)
    }
  }
}
