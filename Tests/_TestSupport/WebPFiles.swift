import Foundation

/// WebPs of 9 × 7 pixels, as libwebp 1.6.0 wrote them from the samples below, and
/// containers around their image data (RFC 9649, section 2).
public enum WebPFiles {
  /// Columns.
  public static let width = 9

  /// Rows.
  public static let height = 7

  /// Red, green, blue and alpha of a pixel of the lossless ones.
  public static func sample(_ x: Int, _ y: Int) -> [UInt8] {
    [
      UInt8(x * 28), UInt8(y * 40), UInt8(255 - x * 9 - y * 12),
      (x + y) % 3 == 0 ? 0 : y % 2 == 0 ? 255 : 128,
    ]
  }

  /// Without loss, with alpha.
  public static let lossless = bytes(
    "UklGRkYAAABXRUJQVlA4TDoAAAAvCIABELmM6H/sil/86H+AINumOPNn/B2G4/7/BtK2aZW/V74"
      + "XHFBNyFkklJrFySNUR0wc8eqItEUA")

  /// Without loss, without alpha.
  public static let losslessOpaque = bytes(
    "UklGRi4AAABXRUJQVlA4TCEAAAAvCIABALmM6H/sil/86H9ASECY4/9HyYHhuP9/TABSygQA")

  /// With loss.
  public static let lossy = bytes(
    "UklGRkwAAABXRUJQVlA4IEAAAADQAQCdASoJAAcAAkA4JbACdAD0rsbJAAD+9LhUF2kkDWXwAKt"
      + "/plr7BUL/EXkLffi773/vF39xV67//z/FcAAA")

  /// The first rows of `lossy`, as its encoder's library decodes them.
  public static let lossyStart: [UInt8] = [
    0, 8, 219, 15, 11, 220, 43, 15, 216, 71, 15, 205, 102, 14, 190, 130, 14,
    180,
    158, 18, 177, 181, 20, 170, 200, 17, 161, 9, 33, 225, 24, 37, 224, 52, 42,
    221,
  ]

  /// With loss, and alpha beside it.
  public static let lossyAlpha = bytes(
    "UklGRqwAAABXRUJQVlA4WAoAAAAQAAAACAAABgAAQUxQSCQAAAABFyAQSFKffI2ICAcDAYhggxG"
      + "OGOBWM1od0f9weY+ZOXX4yCVWUDggYgAAAPABAJ0BKgkABwACQDglsAJ0BigFtcUs4AD+6gC"
      + "0uyINYn58RT7ddR49JLPdfR7QyHAyeLrJZe9nW1dfCeZ/tmTxYg5f9Mtfmc5/8dJ09u0+vX1"
      + "v/d1/7ir73z/+/8hGAAAA")

  private static func bytes(_ text: String) -> [UInt8] {
    Data(base64Encoded: text).map { Array($0) } ?? []
  }

  private static func number(_ value: Int, _ count: Int) -> [UInt8] {
    (0..<count).map { UInt8(truncatingIfNeeded: value >> (8 * $0)) }
  }

  private static func chunk(_ name: String, _ payload: [UInt8]) -> [UInt8] {
    Array(name.utf8) + number(payload.count, 4) + payload
      + (payload.count % 2 == 1 ? [0] : [])
  }

  private static func file(_ chunks: [UInt8]) -> [UInt8] {
    Array("RIFF".utf8) + number(chunks.count + 4, 4) + Array("WEBP".utf8)
      + chunks
  }

  /// A file of `lossless` with chunks of metadata.
  public static func extended(
    profile: [UInt8]? = nil, exif: [UInt8]? = nil, xmp: [UInt8]? = nil
  ) -> [UInt8] {
    let flags =
      0x10 | (profile == nil ? 0 : 0x20) | (exif == nil ? 0 : 8)
      | (xmp == nil ? 0 : 4)
    return file(
      chunk(
        "VP8X", number(flags, 4) + number(width - 1, 3) + number(height - 1, 3))
        + (profile.map { chunk("ICCP", $0) } ?? [])
        + lossless.dropFirst(12)
        + (exif.map { chunk("EXIF", $0) } ?? [])
        + (xmp.map { chunk("XMP ", $0) } ?? []))
  }

  /// An animation: `lossless` as each frame, at a place on a canvas.
  public static func animated(
    frames: Int, canvas: (width: Int, height: Int), left: Int, top: Int
  ) -> [UInt8] {
    let frame = chunk(
      "ANMF",
      number(left / 2, 3) + number(top / 2, 3) + number(width - 1, 3)
        + number(height - 1, 3) + number(100, 3) + [2]
        + lossless.dropFirst(12))
    return file(
      chunk(
        "VP8X",
        number(0x12, 4) + number(canvas.width - 1, 3)
          + number(canvas.height - 1, 3))
        + chunk("ANIM", [0, 0, 0, 0, 0, 0])
        + (0..<frames).flatMap { _ in frame })
  }
}
