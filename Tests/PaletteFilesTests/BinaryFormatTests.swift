import ImageFormats
import PaletteFiles
import Rasters
import Testing

/// The formats that are not texts, against bytes written by hand.
@Suite struct BinaryFormatTests {
  /// An `.ase` of one RGB swatch, "Hi": (1, 0.5, 0).
  private let swatch: [UInt8] =
    Array("ASEF".utf8) + [0, 1, 0, 0, 0, 0, 0, 1]
    + [0, 1, 0, 0, 0, 26, 0, 3, 0, 0x48, 0, 0x69, 0, 0]
    + Array("RGB ".utf8)
    + [0x3f, 0x80, 0, 0, 0x3f, 0, 0, 0, 0, 0, 0, 0, 0, 2]

  @Test func swatchExchangeIsRead() throws {
    #expect(
      try PaletteFormat.ase.read(swatch) == [
        PaletteColor(color: RGBColor(packed: 0xff8000), name: "Hi")
      ])
    // A group around a grey swatch without a name.
    let group: [UInt8] =
      Array("ASEF".utf8) + [0, 1, 0, 0, 0, 0, 0, 3]
      + [0xc0, 1, 0, 0, 0, 6, 0, 2, 0, 0x47, 0, 0]
      + [0, 1, 0, 0, 0, 12, 0, 0] + Array("Gray".utf8) + [0x3f, 0, 0, 0, 0, 0]
      + [0xc0, 2, 0, 0, 0, 0]
    #expect(
      try PaletteFormat.ase.read(group) == [Samples.color(0x808080)])
  }

  @Test func swatchExchangeIsWritten() throws {
    let bytes = try PaletteFormat.ase.write([
      PaletteColor(color: RGBColor(packed: 0xff0000), name: "Hi")
    ])
    var expected = swatch
    // The green sample is 0 here.
    expected[swatch.count - 10..<swatch.count - 6] = [0, 0, 0, 0]
    #expect(bytes == expected)
    let nameless = try PaletteFormat.ase.write([Samples.color(0x0180fe)])
    #expect(nameless[18..<34].filter { $0 != 0 } == [8] + Array("#0180fe".utf8))
  }

  @Test func swatchExchangeMistakesAreNamed() throws {
    var other = swatch
    other.replaceSubrange(26..<30, with: Array("CMYK".utf8))
    #expect(throws: PaletteFileError.self) { try PaletteFormat.ase.read(other) }
    do throws(PaletteFileError) {
      _ = try PaletteFormat.ase.read(other)
    } catch {
      #expect(error.message.contains("swatch 1 is “CMYK”"))
    }
    var version = swatch
    version[5] = 2
    var infinite = swatch
    infinite.replaceSubrange(30..<34, with: [0x7f, 0x80, 0, 0])
    var endless = swatch
    endless.replaceSubrange(8..<12, with: [0xff, 0xff, 0xff, 0xff])
    var long = swatch
    long.replaceSubrange(14..<18, with: [0xff, 0xff, 0xff, 0xff])
    var name = swatch
    name.replaceSubrange(18..<20, with: [0xff, 0xff])
    for bytes in [version, infinite, endless, long, name] {
      #expect(throws: PaletteFileError.self) {
        try PaletteFormat.ase.read(bytes)
      }
    }
    #expect(throws: PaletteFileError.noColors(.ase)) {
      try PaletteFormat.ase.read(
        Array("ASEF".utf8) + [0, 1, 0, 0, 0, 0, 0, 0])
    }
  }

  @Test func colorTables() throws {
    let bytes = try PaletteFormat.act.write(
      [Samples.color(0x010203), Samples.color(0x040506, 0)])
    #expect(
      bytes
        == [1, 2, 3, 4, 5, 6] + [UInt8](repeating: 0, count: 762)
        + [0, 2, 0, 1])
    #expect(
      try PaletteFormat.act.write([Samples.color(0x010203)]).suffix(4)
        == [0, 1, 0xff, 0xff])
    // Without an end, all 256 count.
    let whole = (0..<768).map { UInt8(truncatingIfNeeded: $0) }
    let read = try PaletteFormat.act.read(whole)
    #expect(read.count == 256)
    #expect(read[255] == Samples.color(0xfdfeff))
  }

  @Test func colorTableMistakesAreNamed() {
    let most = (0..<257).map { Samples.color(UInt32($0)) }
    #expect(throws: PaletteFileError.tooManyColors(.act, 257, most: 256)) {
      try PaletteFormat.act.write(most)
    }
    for count in [1, 767, 769, 771, 773] {
      #expect(throws: PaletteFileError.self) {
        try PaletteFormat.act.read([UInt8](repeating: 1, count: count))
      }
    }
    let zeros = [UInt8](repeating: 0, count: 768)
    #expect(throws: PaletteFileError.self) {
      try PaletteFormat.act.read(zeros + [1, 1, 0xff, 0xff])
    }
    #expect(throws: PaletteFileError.noColors(.act)) {
      try PaletteFormat.act.read(zeros + [0, 0, 0xff, 0xff])
    }
  }

  /// RIFF around other chunks and a table of `count` colours.
  private func riff(_ table: [UInt8]) -> [UInt8] {
    Array("RIFF".utf8) + [99, 0, 0, 0] + Array("PAL ".utf8)
      + Array("junk".utf8) + [1, 0, 0, 0, 7, 0]
      + Array("data".utf8) + [UInt8(table.count), 0, 0, 0] + table
  }

  @Test func riffPalettesAreRead() throws {
    let file = riff([0, 3, 2, 0, 1, 2, 3, 0, 0xff, 0x80, 0, 4])
    #expect(PaletteFormat.recognized(file) == .pal)
    #expect(
      try PaletteFormat.pal.read(file)
        == [Samples.color(0x010203), Samples.color(0xff8000)])
    for table: [UInt8] in [
      [], [0, 3, 3, 0, 1, 2, 3, 0], [0, 4, 1, 0, 1, 2, 3, 0],
    ] {
      #expect(throws: PaletteFileError.self) {
        try PaletteFormat.pal.read(riff(table))
      }
    }
    #expect(throws: PaletteFileError.self) {
      try PaletteFormat.pal.read(Array(file.dropLast()))
    }
    #expect(throws: PaletteFileError.self) {
      try PaletteFormat.pal.read(Array(file.prefix(12)))
    }
  }

  @Test(arguments: [1, 8, 9, 256, 257])
  func swatchesAreFieldsOnNothing(count: Int) throws {
    let colors = (0..<count).map { Samples.color(UInt32($0) * 257) }
    let bytes = try PaletteFormat.png.write(colors)
    let raster = try ImageDecoder.decode(bytes).raster
    #expect(raster.channels == .rgba)
    // The corner is a gap, and behind it stands the first field.
    let gap = count > 256 ? 1 : 4
    let first = 4 * (gap * raster.size.width + gap)
    #expect(Array(raster.samples[0..<4]) == [0, 0, 0, 0])
    #expect(Array(raster.samples[first..<first + 4]) == [0, 0, 0, 255])
    #expect(try PaletteFormat.png.read(bytes) == colors)
  }

  @Test func picturesThatCannotBeReadSaySo() {
    #expect(throws: PaletteFileError.decode(.notAnImage(.psd))) {
      try PaletteFormat.png.read(Array("8BPS".utf8))
    }
  }
}
