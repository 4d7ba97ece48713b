import ImageFormats
import Testing
import _TestSupport

/// Metadata as hex digits in the texts of a PNG.
@Suite struct RawProfileTests {
  /// The text of a profile, as ImageMagick writes it.
  private func text(_ name: String, _ bytes: [UInt8]) -> [UInt8] {
    let digits = bytes.enumerated().map { index, byte in
      (byte < 16 ? "0" : "") + String(byte, radix: 16)
        + (index % 36 == 35 ? "\n" : "")
    }
    return Array("\n\(name)\n    \(bytes.count)\n\(digits.joined())\n".utf8)
  }

  private func file(
    _ chunks: [(name: String, payload: [UInt8])], late: Bool = false
  ) -> [UInt8] {
    var builder = PNGBuilder(
      width: 3, height: 2, bitDepth: 8, colorType: 2
    ) { x, y, channel in x * 40 + y * 20 + channel }
    if late { builder.lateChunks = chunks } else { builder.chunks = chunks }
    return builder.bytes()
  }

  private let exif = ExifBuilder.tiff(orientation: 6, littleEndian: true)
  private let upright = ExifBuilder.tiff(orientation: 1, littleEndian: true)

  @Test(arguments: ["exif", "APP1", "app1"], [false, true])
  func turnsAndKeepsExif(name: String, isCompressed: Bool) throws {
    let raw = text(name, Array("Exif\0\0".utf8) + exif)
    let keyword = Array("Raw profile type \(name)\0".utf8)
    let chunk =
      isCompressed
      ? ("zTXt", keyword + [0] + PNGBuilder.stored(raw))
      : ("tEXt", keyword + raw)
    for late in [false, true] {
      let image = try ImageDecoder.decode(file([chunk], late: late))
      #expect(image.raster.size.width == 2)
      #expect(image.annotations.exif == upright)
    }
  }

  @Test func readsXMP() throws {
    let packet = "<d tiff:Orientation='8'/>"
    let mark = "http://ns.adobe.com/xap/1.0/\0"
    for (name, text) in [("xmp", packet), ("APP1", mark + packet)] {
      let chunk = (
        "tEXt",
        Array("Raw profile type \(name)\0".utf8)
          + self.text(name, Array(text.utf8))
      )
      let image = try ImageDecoder.decode(file([chunk]))
      #expect(image.raster.size.width == 2)
      #expect(
        image.annotations.xmp == Array("<d tiff:Orientation='1'/>".utf8))
    }
  }

  @Test func theChunkComesFirst() throws {
    let other = ExifBuilder.tiff(orientation: 1, littleEndian: false)
    let keyword = Array("Raw profile type exif\0".utf8)
    let image = try ImageDecoder.decode(
      file([("tEXt", keyword + text("exif", exif)), ("eXIf", other)]))
    #expect(image.raster.size.width == 3)
    #expect(image.annotations.exif == other)
  }

  @Test(arguments: [
    "", "\n", "\nexif\n", "\nexif\n 4\n", "\nexif\n 4\n49492a",
    "\nexif\n -4\n4949",
    "\nexif\n 4\n49492x00", "\nexif\n99999999999999999999\n49",
    "\nexif\n 9999999999\n49",
  ])
  func passesOverWhatIsBroken(text: String) throws {
    let keyword = Array("Raw profile type exif\0".utf8)
    for chunk in [
      ("tEXt", keyword + Array(text.utf8)),
      ("zTXt", keyword + [0] + Array(text.utf8)), ("zTXt", keyword),
    ] {
      let image = try ImageDecoder.decode(file([chunk]))
      #expect(image.raster.size.width == 3)
      #expect(image.annotations.exif == nil)
    }
  }

  @Test func limitsWhatIsInflated() throws {
    let long = [UInt8](repeating: 0x20, count: 5_000)
    let keyword = Array("Raw profile type exif\0".utf8)
    // Stored blocks are as long as what they hold, so the limit is the text's.
    let chunk = ("zTXt", keyword + [0] + PNGBuilder.stored(long))
    #expect(
      throws: DecodeError.metadataTooLarge(
        format: .png, what: "a chunk zTXt", maximumBytes: 4_000)
    ) {
      try ImageDecoder.decode(
        file([chunk]), limits: DecodeLimits(metadataBytes: 4_000))
    }
  }
}
