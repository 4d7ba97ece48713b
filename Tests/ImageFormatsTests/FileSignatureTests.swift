import ImageFormats
import Testing
import _TestSupport

@Suite struct FileSignatureTests {
  private static func box(_ brand: String) -> [UInt8] {
    [0, 0, 0, 24] + Array("ftyp\(brand)".utf8) + [0, 0, 0, 0]
  }

  static let known: [([UInt8], FileSignature)] = [
    ([], .empty),
    (PNGBuilder.signature, .png),
    ([0xff, 0xd8, 0xff, 0xe0], .jpeg),
    (Array("GIF87a".utf8), .gif),
    (Array("GIF89a\u{1}".utf8), .gif),
    (Array("RIFF".utf8) + [9, 0, 0, 0] + Array("WEBPVP8 ".utf8), .webp),
    (Array("RIFF".utf8) + [9, 0, 0, 0] + Array("WAVEfmt ".utf8), .unknown),
    ([0x49, 0x49, 42, 0, 8, 0, 0, 0], .tiff),
    ([0x4d, 0x4d, 0, 42, 0, 0, 0, 8], .tiff),
    (
      Array("BM".utf8) + [UInt8](repeating: 0, count: 12) + [40, 0, 0, 0],
      .bmp
    ),
    (Array("BM is no bitmap here".utf8), .text),
    (box("heic"), .heic),
    (box("mif1"), .heic),
    (box("avif"), .avif),
    (box("mp42"), .unknown),
    ([0, 0, 0, 12, 0x6a, 0x50, 0x20, 0x20, 13, 10], .jpeg2000),
    ([0xff, 0x4f, 0xff, 0x51], .jpeg2000),
    ([0, 0, 0, 12, 0x4a, 0x58, 0x4c, 0x20, 13, 10], .jpegXL),
    ([0xff, 0x0a, 1], .jpegXL),
    (Array("8BPS".utf8) + [0, 1], .psd),
    (Array("%PDF-1.7\n".utf8), .pdf),
    (Array("<?xml version=\"1.0\"?>\n<svg width=\"1\"/>".utf8), .svg),
    (Array("\u{feff}<SVG>".utf8), .svg),
    (Array("  <?xml version=\"1.0\"?><a/>".utf8), .xml),
    (Array("<!DOCTYPE html><p>".utf8), .xml),
    (Array("Grüße\r\n\tan alle\n".utf8), .text),
    // The end of the part that is looked at falls into a character.
    (Array((String(repeating: "a", count: 1_023) + "éa").utf8), .text),
    ([0x61, 0xff, 0x62], .unknown),
    ([0, 1, 2, 3], .unknown),
    ([0xff, 0xd8], .unknown),
    ([0x89], .unknown),
  ]

  @Test(arguments: known)
  func recognisesByContent(bytes: [UInt8], signature: FileSignature) {
    #expect(FileSignature.of(bytes) == signature)
  }
}
