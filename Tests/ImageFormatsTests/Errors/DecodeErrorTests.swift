import ImageFormats
import Testing

@Suite struct DecodeErrorTests {
  static let messages: [(DecodeError, String)] = [
    (.empty, "the file is empty; download or export it again"),
    (
      .notAnImage(.heic),
      "this is a HEIC, not a \(InputFormat.list); "
        + "convert it first: `magick in.heic out.png`"
    ),
    (
      .notAnImage(.text),
      "this is plain text, not a \(InputFormat.list); name an image file"
    ),
    (
      .notAnImage(.unknown),
      "this is of an unknown kind, not a \(InputFormat.list); name an image file"
    ),
    (
      .damaged(format: .png, reason: "bad\u{1b}[31m\nline"),
      "the PNG is damaged (bad\\u{1b}[31m\\u{a}line); "
        + "download or export it again"
    ),
    (
      .unsupported(what: "a CMYK JPEG", remedy: "convert it first"),
      "a CMYK JPEG cannot be read yet; convert it first"
    ),
    (
      .tooLarge(width: 70_000, height: 80_000, maximumPixels: 100),
      "the image has 70000 x 80000 pixels, more than the 100 allowed; "
        + "scale it down or crop it first, or allow it with --max-pixels "
        + "5600000000"
    ),
    (
      .tooManyScans(400, width: 1_000, height: 2_000, maximumPixels: 100),
      "the JPEG has 400 scans of 1000 x 2000 pixels, together more than the "
        + "100 pixels allowed; download or export it again, or allow it with "
        + "--max-pixels 800000000"
    ),
    (
      .metadataTooLarge(
        format: .png, what: "a chunk \u{1b}TXt", maximumBytes: 16),
      "the PNG has a chunk \\u{1b}TXt larger than the 16 bytes allowed; "
        + "remove its metadata, or allow more with --max-metadata"
    ),
    (
      .outOfMemory(bytes: 12),
      "there is not enough memory for the image of 12 bytes; "
        + "scale it down or crop it first"
    ),
  ]

  @Test(arguments: messages)
  func saysWhatIsWrongInOneLine(error: DecodeError, message: String) {
    #expect(error.message == message)
  }
}
