import ImageFormats
import Rasters
import Testing
import _TestSupport

/// Every kind of PNG, against pixels computed here
/// from the definition of the format.
@Suite struct PNGReaderTests {
  /// A kind of PNG.
  struct Kind: CustomTestStringConvertible, Sendable {
    let colorType: Int
    let bitDepth: Int
    let interlaced: Bool
    let hasTransparency: Bool
    let width: Int
    let height: Int

    var testDescription: String {
      "type \(colorType), \(bitDepth) bits, \(width) x \(height)"
        + (interlaced ? ", interlaced" : "") + (hasTransparency ? ", tRNS" : "")
    }

    var maximum: Int { 1 << bitDepth - 1 }

    /// The entries of the palette: one fewer than the bits allow, where that
    /// leaves any.
    var paletteCount: Int { max(1, maximum) }

    func paletteColor(_ index: Int) -> [UInt8] {
      [index * 41 + 7, index * 101 + 3, 255 - index * 3].map {
        UInt8($0 & 255)
      }
    }

    func sample(_ x: Int, _ y: Int, _ channel: Int) -> Int {
      var mixed = x * 5 + y * 3 + channel * 71 + x * y
      // So that the two bytes of a sample differ.
      if bitDepth == 16 { mixed *= 4_099 }
      return colorType == 3 ? mixed % paletteCount : mixed & maximum
    }

    /// The value that tRNS names, one that the image has.
    var transparentSamples: [Int] {
      (0..<(colorType == 2 ? 3 : 1)).map { sample(1 % width, 0, $0) }
    }

    /// The alpha of the palette's entries; the last ones have none.
    func paletteAlpha(_ index: Int) -> UInt8 {
      hasTransparency && index <= paletteCount / 2
        ? UInt8(index * 17 & 255) : 255
    }

    /// The greatest sample that comes out.
    var opaque: Int { bitDepth == 16 ? 65_535 : 255 }

    /// Red, green, blue, alpha.
    func pixel(_ x: Int, _ y: Int) -> [Int] {
      func scaled(_ channel: Int) -> Int {
        sample(x, y, channel) * opaque / maximum
      }
      let isNamed = transparentSamples.enumerated().allSatisfy {
        sample(x, y, $0.offset) == $0.element
      }
      let named = hasTransparency && isNamed ? 0 : opaque
      switch colorType {
      case 0: return [scaled(0), scaled(0), scaled(0), named]
      case 2: return [scaled(0), scaled(1), scaled(2), named]
      case 3:
        let index = sample(x, y, 0)
        return (paletteColor(index) + [paletteAlpha(index)]).map(Int.init)
      case 4: return [scaled(0), scaled(0), scaled(0), scaled(1)]
      default: return [scaled(0), scaled(1), scaled(2), scaled(3)]
      }
    }

    var file: [UInt8] {
      var builder = PNGBuilder(
        width: width, height: height, bitDepth: bitDepth, colorType: colorType,
        sample: sample)
      builder.interlaced = interlaced
      if colorType == 3 {
        let palette = (0..<paletteCount).flatMap(paletteColor)
        builder.chunks.append(("PLTE", palette))
      }
      if hasTransparency {
        let payload =
          colorType == 3
          ? (0...paletteCount / 2).prefix(paletteCount).map(paletteAlpha)
          : transparentSamples.flatMap {
            [UInt8($0 >> 8), UInt8($0 & 255)]
          }
        builder.chunks.append(("tRNS", payload))
      }
      return builder.bytes()
    }

    static let all: [Kind] = {
      var kinds: [Kind] = []
      let depths = [
        0: [1, 2, 4, 8, 16], 2: [8, 16], 3: [1, 2, 4, 8], 4: [8, 16],
        6: [8, 16],
      ]
      for (colorType, depths) in depths.sorted(by: { $0.key < $1.key }) {
        for bitDepth in depths {
          for interlaced in [false, true] {
            for hasTransparency in colorType < 4 ? [false, true] : [false] {
              for (width, height) in [(13, 11), (1, 1), (2, 9), (32, 3)] {
                kinds.append(
                  Kind(
                    colorType: colorType, bitDepth: bitDepth,
                    interlaced: interlaced, hasTransparency: hasTransparency,
                    width: width, height: height))
              }
            }
          }
        }
      }
      return kinds
    }()
  }

  @Test func coversEveryKind() {
    // Eleven without an alpha channel, with and without tRNS, four with one;
    // each interlaced or not, in four sizes.
    #expect(Kind.all.count == (11 * 2 + 4) * 2 * 4)
  }

  @Test(arguments: Kind.all)
  func decodesExactly(kind: Kind) throws {
    let image = try ImageDecoder.decode(kind.file)
    var expected: [Int] = []
    for y in 0..<kind.height {
      for x in 0..<kind.width { expected += kind.pixel(x, y) }
    }
    let alpha = stride(from: 3, to: expected.count, by: 4).map { expected[$0] }
    let isOpaque = alpha.allSatisfy { $0 == kind.opaque }
    if isOpaque {
      expected = expected.indices.filter { $0 % 4 != 3 }.map { expected[$0] }
    }
    #expect(image.pixels.channels == (isOpaque ? .rgb : .rgba))
    #expect(image.pixels.size.width == kind.width)
    #expect(image.pixels.size.height == kind.height)
    let samples =
      switch image.pixels {
      case .eight(let raster): raster.samples.map(Int.init)
      case .sixteen(let raster): raster.samples.map(Int.init)
      }
    #expect(samples == expected)
    #expect(image.format == .png)
    #expect(image.space == .sRGB && image.annotations.profile == nil)
    #expect(image.warnings.isEmpty)
  }

  @Test func dropsAlphaThatIsOpaqueEverywhere() throws {
    // More pixels than the block in which alpha is looked at.
    for transparent in [nil, 0, 4_095, 4_096, 9_999] {
      let builder = PNGBuilder(
        width: 100, height: 100, bitDepth: 8, colorType: 6
      ) { x, y, channel in
        guard channel == 3 else { return (x + 2 * y + 50 * channel) & 255 }
        return y * 100 + x == transparent ? 254 : 255
      }
      let raster = try ImageDecoder.decode(builder.bytes()).raster
      #expect(raster.channels == (transparent == nil ? .rgb : .rgba))
      let count = raster.channels.count
      let expected = (0..<10_000).flatMap { index in
        (0..<count).map { UInt8(builder.sample(index % 100, index / 100, $0)) }
      }
      #expect(raster.samples == expected)
    }
  }

  @Test func describesTheKind() throws {
    var builder = PNGBuilder(
      width: 3, height: 2, bitDepth: 8, colorType: 2, sample: { _, _, _ in 9 })
    builder.interlaced = true
    let header = try ImageDecoder.header(of: builder.bytes())
    #expect(header.format == .png)
    #expect(header.size == ImageSize(width: 3, height: 2))
    #expect(header.kind == "8-bit RGB PNG, interlaced")
    #expect(try ImageDecoder.decode(builder.bytes()).header == header)
    builder.chunks = [("tRNS", [0, 1, 0, 2, 0, 3])]
    builder.interlaced = false
    let other = try ImageDecoder.header(of: builder.bytes())
    #expect(other.kind == "8-bit RGB PNG, transparency")
  }

  @Test(arguments: [false, true])
  func refusesIndicesBeyondThePalette(interlaced: Bool) {
    for (depth, count) in [(1, 1), (2, 3), (4, 5), (8, 200)] {
      var builder = PNGBuilder(
        width: 9, height: 5, bitDepth: depth, colorType: 3
      ) { x, y, _ in x == 8 && y == 4 ? count : 0 }
      builder.interlaced = interlaced
      builder.chunks = [("PLTE", [UInt8](repeating: 1, count: 3 * count))]
      #expect(
        throws: DecodeError.damaged(
          format: .png, reason: "a pixel names a colour beyond the palette",
          keepsRows: !interlaced)
      ) { try ImageDecoder.decode(builder.bytes()) }
    }
  }

  @Test func ignoresWhatFollowsTheEnd() throws {
    let file = PNGBuilder(
      width: 2, height: 2, bitDepth: 8, colorType: 0, sample: { x, _, _ in x }
    ).bytes()
    let image = try ImageDecoder.decode(file + [1, 2, 3, 0xff])
    #expect(image.raster.samples == [0, 0, 0, 1, 1, 1, 0, 0, 0, 1, 1, 1])
  }

  /// A small PNG with one more chunk, a byte of whose payload was changed.
  private func spoiling(
    _ name: String, _ payload: [UInt8], late: Bool = false
  ) throws -> [UInt8] {
    var builder = PNGBuilder(
      width: 2, height: 2, bitDepth: 8, colorType: 0, sample: { x, _, _ in x })
    if late {
      builder.lateChunks = [(name, payload)]
    } else if !name.isEmpty, name != "IDAT" {
      builder.chunks = [(name, payload)]
    }
    var file = builder.bytes()
    let text = Array(name.utf8)
    let position = try #require(
      file.indices.first { file[$0...].starts(with: text) })
    file[position + 4] ^= 1
    return file
  }

  @Test func passesOverAncillaryChunksWithAWrongCRC() throws {
    for name in ["tEXt", "zTXt", "iTXt", "tIME", "bKGD", "pHYs", "abCd"] {
      for late in [false, true] {
        let file = try spoiling(name, Array("Title\0xyz".utf8), late: late)
        let image = try ImageDecoder.decode(file)
        #expect(image.raster.samples == [0, 0, 0, 1, 1, 1, 0, 0, 0, 1, 1, 1])
        #expect(image.warnings == ["libpng: \(name): CRC error"])
      }
    }
  }

  @Test func refusesAWrongCRCWhereThePixelsDependOnIt() throws {
    for name in ["cICP", "iCCP", "sRGB", "gAMA", "cHRM", "eXIf", "tRNS"] {
      let file = try spoiling(name, [0, 0, 0, 0])
      #expect(
        throws: DecodeError.damaged(format: .png, reason: "\(name): CRC error")
      ) { try ImageDecoder.decode(file) }
    }
    #expect(throws: DecodeError.self) {
      try ImageDecoder.decode(try spoiling("IDAT", []))
    }
  }
}
