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

  @Test func followsExifAlone() throws {
    let before = "<d tiff:Orientation=\"6\"/>"
    let after = "<d tiff:Orientation=\"1\"/>"
    #expect(try decoded(before, exif: nil) == before)
    for orientation: UInt8 in 1...8 {
      let expected = orientation == 1 ? before : after
      #expect(try decoded(before, exif: orientation) == expected)
    }
  }
}
