import Quantization
import Rasters
import Testing
import TruncatedEM
import _TestSupport

@Suite struct FixedPaletteTests {
  private func rgba(_ pixels: [UInt32]) throws -> Raster {
    let size = try #require(ImageSize(width: pixels.count, height: 1))
    return Raster(
      size: size, channels: .rgba,
      samples: pixels.flatMap { pixel in
        [24, 16, 8, 0].map { UInt8(truncatingIfNeeded: pixel >> $0) }
      })
  }

  private func assign(
    _ raster: Raster, to palette: FixedPalette
  ) throws -> ColorAssignment {
    try ColorAssignment(
      palette,
      of: ColorPoints(ColorHistogram(of: raster), engine: TruncatedEM()))
  }

  /// A strip of swatches keeps its order, whatever its colours.
  @Test func imagesGiveTheirColorsInOrder() throws {
    var numbers = Generator(seed: 3)
    for count in [2, 9, 256, 1_000] {
      let given = (0..<count).map { _ in
        UInt32(truncatingIfNeeded: numbers.next()) & 0xffffff
      }
      let rows = TestRasters.make(width: count, height: 3) { x, y in
        given[y == 0 ? x : (7 * x + y) % count]
      }
      var seen: Set<UInt32> = []
      let expected = given.filter { seen.insert($0).inserted }
      #expect(
        try FixedPalette(of: rows).colors.map(\.color.packed) == expected)
    }
  }

  @Test func takesEachVisibleColorOnce() throws {
    let palette = try FixedPalette(
      of: rgba([0xff00_00ff, 0x0102_0380, 0xff00_00ff, 0x0909_0900]))
    let colors = palette.colors.map {
      UInt64($0.color.packed) << 8 | UInt64($0.alpha)
    }
    #expect(colors == [0xff00_00ff, 0x0102_0380])
  }

  @Test func refusesWhatIsNoPalette() throws {
    let many = TestRasters.make(width: 65_537, height: 1) { x, _ in UInt32(x) }
    #expect(throws: QuantizationError.paletteColors(65_537)) {
      try FixedPalette(of: many)
    }
    let most = TestRasters.make(width: 256, height: 1) { x, _ in UInt32(x) }
    #expect(try FixedPalette(of: most).colors.count == 256)
    for pixels: [UInt32] in [[0x0102_0300], [0x0102_0380, 0]] {
      #expect(throws: QuantizationError.noOpaqueColor) {
        try FixedPalette(of: rgba(pixels))
      }
    }
  }

  @Test func opaqueImagesGetOpaqueColors() throws {
    let palette = try FixedPalette(
      of: rgba([0x0000_00ff, 0xffff_ffff, 0x8080_80fe]))
    let raster = TestRasters.make(width: 3, height: 1) { x, _ in
      [0x7f7f7f, 0x818181, 0x828282][x]
    }
    let entries = try assign(raster, to: palette).palette.entries
    #expect(entries.map(\.color.packed) == [0xffffff, 0x000000])
    #expect(entries.map(\.alpha) == [255, 255])
    #expect(entries.map(\.count) == [2, 1])
  }

  @Test func translucentColorsStayAsTheyAre() throws {
    let palette = try FixedPalette(
      of: rgba([0x0000_00ff, 0x2030_4080, 0xffff_ffff]))
    let assignment = try assign(
      rgba([0x2131_417e, 0x0101_01ff, 0x0505_0500, 0x2232_4282]), to: palette)
    let entries = assignment.palette.entries
    #expect(entries.map(\.color.packed) == [0, 0x203040, 0])
    #expect(entries.map(\.alpha) == [0, 0x80, 255])
    #expect(entries.map(\.count) == [1, 2, 1])
  }
}

extension FixedPaletteTests {
  private func color(_ packed: UInt32, _ alpha: UInt8) -> FixedPalette.Color {
    FixedPalette.Color(color: RGBColor(packed: packed), alpha: alpha)
  }

  @Test func givenColorsCountOnce() throws {
    let given = [
      color(9, 255), color(3, 0), color(5, 255), color(9, 255), color(9, 7),
    ]
    let palette = try FixedPalette(given)
    #expect(palette.colors == [color(9, 255), color(5, 255), color(9, 7)])
    let most = (0..<256).map { color(UInt32($0), 255) }
    #expect(try FixedPalette(most + most).colors == most)
    #expect(throws: QuantizationError.paletteColors(70_000)) {
      try FixedPalette((0..<70_000).map { color(UInt32($0), 255) })
    }
    #expect(throws: QuantizationError.noOpaqueColor) { try FixedPalette([]) }
    #expect(throws: QuantizationError.noOpaqueColor) {
      try FixedPalette([color(1, 254)])
    }
  }
}
