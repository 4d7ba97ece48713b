import ImageFormats
import Testing

@Suite struct EncodeErrorTests {
  static let messages: [(EncodeError, String)] = [
    (
      .invalidOption(name: "the JPEG quality", value: 0, allowed: 1...100),
      "the JPEG quality is 0, but must be 1 to 100"
    ),
    (
      .indexBeyondPalette(index: 7, paletteCount: 4),
      "a pixel names palette entry 7, but the palette has 4 (counted from 0)"
    ),
    (
      .alphaNotSupported(.jpeg),
      "JPEG cannot hold transparent pixels; write a PNG, or flatten the image "
        + "with --background"
    ),
    (
      .tooLarge(format: .jpeg, width: 70_000, height: 2, maximumSide: 65_500),
      "70000 x 2 pixels are too large for JPEG, which allows sides of up to "
        + "65500; scale it down or crop it first"
    ),
    (
      .annotationTooLong(
        format: .jpeg, name: "the Exif data", count: 70_000, most: 65_527),
      "the Exif data of 70000 bytes is longer than the 65527 that a JPEG can "
        + "hold; write a PNG or leave it out"
    ),
    (.outOfMemory, "there is not enough memory to write the image"),
    (
      .failed(format: .png, reason: "a\tb"),
      "the PNG cannot be written: a\\u{9}b"
    ),
  ]

  @Test(arguments: messages)
  func saysWhatIsWrongInOneLine(error: EncodeError, message: String) {
    #expect(error.message == message)
  }
}
