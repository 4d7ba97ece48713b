import ImageFormats
import Testing
import _TestSupport

/// The orientation in XMP becomes 1 where the pixels have been turned.
@Suite struct XMPOrientationTests {
  /// The packet of an image with this one and an orientation in Exif.
  private func decoded(_ text: String, exif: UInt8?) throws -> String {
    var annotations = Annotations()
    annotations.xmp = Array(text.utf8)
    annotations.exif = exif.map {
      ExifBuilder.tiff(orientation: $0, littleEndian: false)
    }
    let file = try PNGEncoder().encode(
      TestRasters.noisyGradient(width: 3, height: 2), annotations: annotations)
    let image = try ImageDecoder.decode(file)
    return String(decoding: image.annotations.xmp ?? [], as: UTF8.self)
  }

  @Test(arguments: [
    ("<d tiff:Orientation=\"6\" a='6'/>", "<d tiff:Orientation=\"1\" a='6'/>"),
    ("<d tiff:Orientation = '8'/>", "<d tiff:Orientation = '1'/>"),
    (
      "<tiff:Orientation>3</tiff:Orientation><a>3</a>",
      "<tiff:Orientation>1</tiff:Orientation><a>3</a>"
    ),
    (
      "<tiff:Orientation >\n 2 </tiff:Orientation>",
      "<tiff:Orientation >\n 1 </tiff:Orientation>"
    ),
    (
      "tiff:Orientation=\"5\"tiff:Orientation=\"7\"",
      "tiff:Orientation=\"1\"tiff:Orientation=\"1\""
    ),
  ])
  func setsTheDigit(before: String, after: String) throws {
    #expect(try decoded(before, exif: 6) == after)
  }

  @Test(arguments: [
    "tiff:Orientation", "tiff:Orientation=", "tiff:Orientation=\"",
    "tiff:Orientation=\"6", "tiff:Orientation=\"6'", "tiff:Orientation=6",
    "tiff:Orientation=\"66\"", "tiff:Orientation=\"1\"",
    "tiff:Orientation=\"9\"", "<tiff:Orientation>6", "tiff:OrientationX=\"6\"",
    "exif:Orientation=\"6\"", "<tiff:Orientation/>6<",
  ])
  func leavesTheRest(text: String) throws {
    #expect(try decoded(text, exif: 6) == text)
  }

  /// Exif decides, and XMP where Exif has no orientation; then both say 1.
  @Test func isReadWhereExifHasNone() throws {
    for xmp: UInt8 in 1...8 {
      for exif: UInt8 in [0, 1, 6, 8] {
        var annotations = Annotations()
        annotations.xmp = Array("<d tiff:Orientation=\"\(xmp)\"/>".utf8)
        if exif > 0 {
          annotations.exif = ExifBuilder.tiff(
            orientation: exif, littleEndian: true)
        }
        let raster = TestRasters.noisyGradient(width: 3, height: 2)
        let isTurned = (exif > 0 ? exif : xmp) >= 5
        for file in [
          try PNGEncoder().encode(raster, annotations: annotations),
          try JPEGEncoder().encode(raster, annotations: annotations),
        ] {
          let image = try ImageDecoder.decode(file)
          #expect(image.raster.size.width == (isTurned ? 2 : 3))
          #expect(
            image.annotations.xmp
              == Array("<d tiff:Orientation=\"1\"/>".utf8))
        }
      }
    }
  }

  private static let uri = "http://ns.adobe.com/tiff/1.0/"

  @Test(arguments: [
    ("<d xmlns:t=\"\(uri)\" t:Orientation='6'/>", true),
    ("<d t:Orientation='6' xmlns:t = '\(uri)'/>", true),
    (
      "<d xmlns:a-b.c_1='\(uri)'><a-b.c_1:Orientation>6</a-b.c_1:Orientation>",
      true
    ),
    ("<Orientation xmlns='\(uri)'>6</Orientation>", true),
    (
      "<d xmlns:t='\(uri)'><t:Orientation a='>' b=\"'\">6</t:Orientation>", true
    ),
    ("<d xmlns:t='\(uri)' Orientation='6'/>", false),
    ("<d xmlns:t='\(uri)' tiff:Orientation='6'/>", false),
    ("<d xmlns:t='\(uri)' xt:Orientation='6'/>", false),
    ("<d xmlns:t='\(uri)x' t:Orientation='6'/>", false),
    ("<d xmlns:tiff='other' tiff:Orientation='6'/>", false),
    ("<d t:Orientation='6'/>", false),
    ("<d xmlns:t='\(uri)'><t:Orientation a='>6<", false),
  ])
  func knowsTheNamespaceByAnyPrefix(text: String, isKnown: Bool) throws {
    var annotations = Annotations()
    annotations.xmp = Array(text.utf8)
    let file = try PNGEncoder().encode(
      TestRasters.noisyGradient(width: 3, height: 2), annotations: annotations)
    let image = try ImageDecoder.decode(file)
    #expect(image.raster.size.width == (isKnown ? 2 : 3))
    let after = isKnown ? text.replacing("6", with: "1") : text
    #expect(image.annotations.xmp == Array(after.utf8))
  }

  /// Work grows with the length, whatever the text is made of.
  @Test(arguments: [
    "<tiff:Orientation ", "<tiff:Orientation a=\"", ":Orientation",
    "Orientation",
    "'\(uri)'", "xmlns:t='\(uri)'", "<tiff:Orientation a='\"",
  ])
  func longTexts(piece: String) throws {
    var annotations = Annotations()
    annotations.xmp = Array(String(repeating: piece, count: 100_000).utf8)
    let file = try PNGEncoder().encode(
      TestRasters.noisyGradient(width: 3, height: 2), annotations: annotations)
    #expect(try ImageDecoder.decode(file).raster.size.width == 3)
  }
}
