import ImageFormats
import Rasters
import Testing
import _TestSupport

@Suite struct GIFReaderTests {
  private static func index(_ x: Int, _ y: Int, _ bits: Int) -> Int {
    (x * 3 + y * 5 + x * y) % (1 << bits)
  }

  @Test(arguments: 1...8, [false, true])
  func indicesOfAllDepths(bits: Int, isInterlaced: Bool) throws {
    for hasLocalColors in [false, true] {
      for height in [1, 2, 3, 5, 7, 20] {
        var builder = GIFBuilder()
        builder.bits = bits
        builder.height = height
        builder.isInterlaced = isInterlaced
        builder.hasLocalColors = hasLocalColors
        let image = try ImageDecoder.decode(
          builder.bytes { Self.index($0, $1, bits) })
        #expect(image.raster.channels == .rgb)
        #expect(
          image.raster.samples
            == (0..<height).flatMap { y in
              (0..<9).flatMap { x in GIFBuilder.color(Self.index(x, y, bits)) }
            })
        #expect(image.warnings.isEmpty)
        #expect(
          image.header.kind
            == "\(1 << bits)-colour GIF\(isInterlaced ? ", interlaced" : "")")
      }
    }
  }

  @Test func transparencyAndFrames() throws {
    var builder = GIFBuilder()
    builder.transparent = 5
    builder.frames = 4
    builder.frame = (2, 3, 4, 2)
    let image = try ImageDecoder.decode(
      builder.bytes { Self.index($0, $1, 4) })
    #expect(image.raster.channels == .rgba)
    #expect(image.omittedFrames == 3)
    #expect(
      image.warnings == ["the GIF is animated: 3 more frames are left out"])
    for y in 0..<7 {
      for x in 0..<9 {
        let i = 4 * (y * 9 + x)
        let isInside = (2..<6).contains(x) && (3..<5).contains(y)
        let index = isInside ? Self.index(x - 2, y - 3, 4) : 5
        #expect(
          Array(image.raster.samples[i..<i + 4])
            == (index == 5 ? [0, 0, 0, 0] : GIFBuilder.color(index) + [255]))
      }
    }
  }

  /// Some programs write a screen of no size.
  @Test func screensTooSmallForTheirFrameGrow() throws {
    var builder = GIFBuilder()
    (builder.width, builder.height) = (0, 0)
    builder.frame = (0, 0, 6, 5)
    let image = try ImageDecoder.decode(builder.bytes { _, _ in 1 })
    #expect(image.raster.size == ImageSize(width: 6, height: 5))
    #expect(image.raster.channels == .rgb)
  }

  @Test func whatIsMissing() throws {
    var builder = GIFBuilder()
    builder.hasEnd = false
    // Several blocks of codes: one that is cut is lost.
    builder.height = 100
    let file = builder.bytes { Self.index($0, $1, 4) }
    let image = try ImageDecoder.decode(file)
    #expect(
      image.warnings == ["the GIF ends early; its first frame is whole"])
    let cut = Array(file.dropLast(30))
    #expect(throws: DecodeError.self) { try ImageDecoder.decode(cut) }
    let kept = try ImageDecoder.decode(cut, keepsGoing: true)
    #expect(kept.raster.size.height < 100)
    #expect(
      kept.raster.samples
        == Array(image.raster.samples.prefix(kept.raster.samples.count)))
    builder.hasColors = false
    let colorless = builder.bytes { _, _ in 0 }
    #expect(
      throws: DecodeError.damaged(format: .gif, reason: "it has no colours")
    ) {
      try ImageDecoder.decode(colorless)
    }
    #expect(
      throws: DecodeError.damaged(format: .gif, reason: "it has no image")
    ) {
      try ImageDecoder.decode(
        Array("GIF89a".utf8) + [9, 0, 7, 0, 0, 0, 0, 0x3b])
    }
  }

  @Test func indicesBeyondThePalette() {
    var builder = GIFBuilder()
    builder.bits = 1
    let file = builder.bytes { x, y in x == 3 && y == 1 ? 3 : 0 }
    #expect(
      throws: DecodeError.damaged(
        format: .gif, reason: "an index beyond the palette", keepsRows: true)
    ) {
      try ImageDecoder.decode(file)
    }
  }

  @Test func screensBeyondMeasureAreRefused() {
    var builder = GIFBuilder()
    (builder.width, builder.height) = (40_000, 40_000)
    builder.frame = (0, 0, 6, 5)
    let file = builder.bytes { _, _ in 1 }
    #expect(throws: DecodeError.self) { try ImageDecoder.decode(file) }
  }
}
