import ImageFormats
import Rasters
import Testing
import _TestSupport

@Suite struct WebPReaderTests {
  private static let expected = (0..<WebPFiles.height).flatMap { y in
    (0..<WebPFiles.width).flatMap { x in WebPFiles.sample(x, y) }
  }

  @Test func losslessSamples() throws {
    let image = try ImageDecoder.decode(WebPFiles.lossless)
    #expect(image.raster.channels == .rgba)
    #expect(image.raster.samples == Self.expected)
    #expect(image.header.kind == "lossless WebP, with alpha")
    #expect(image.warnings.isEmpty)
    let opaque = try ImageDecoder.decode(WebPFiles.losslessOpaque)
    #expect(opaque.raster.channels == .rgb)
    #expect(
      opaque.raster.samples
        == Self.expected.enumerated().filter { $0.offset % 4 < 3 }
        .map(\.element))
  }

  @Test func lossySamples() throws {
    let image = try ImageDecoder.decode(WebPFiles.lossy)
    #expect(image.header.kind == "lossy WebP")
    #expect(
      Array(image.raster.samples.prefix(WebPFiles.lossyStart.count))
        == WebPFiles.lossyStart)
    let seen = try ImageDecoder.decode(WebPFiles.lossyAlpha)
    #expect(seen.header.kind == "lossy WebP, with alpha")
    // Alpha is stored without loss.
    #expect(
      stride(from: 3, to: seen.raster.samples.count, by: 4).allSatisfy {
        seen.raster.samples[$0] == Self.expected[$0]
      })
  }

  @Test func metadata() throws {
    let exif = ExifBuilder.tiff(orientation: 6, littleEndian: true)
    let file = WebPFiles.extended(
      exif: Array("Exif\0\0".utf8) + exif, xmp: Array("<x/>".utf8))
    let image = try ImageDecoder.decode(file)
    #expect(image.raster.size == ImageSize(width: 7, height: 9))
    #expect(image.annotations.exif?.count == exif.count)
    #expect(image.annotations.xmp == Array("<x/>".utf8))
    // The lower left pixel is now the first.
    #expect(Array(image.raster.samples.prefix(4)) == WebPFiles.sample(0, 6))
    let large = WebPFiles.extended(xmp: [UInt8](repeating: 65, count: 5_000))
    #expect(
      throws: DecodeError.metadataTooLarge(
        format: .webp, what: "an XMP packet", maximumBytes: 4_999)
    ) {
      try ImageDecoder.decode(large, limits: DecodeLimits(metadataBytes: 4_999))
    }
  }

  @Test func brokenProfilesAreAWarning() throws {
    let image = try ImageDecoder.decode(
      WebPFiles.extended(profile: [1, 2, 3, 4]))
    #expect(image.raster.samples == Self.expected)
    #expect(image.warnings.count == 1)
  }

  @Test func theFirstFrameOnItsCanvas() throws {
    let image = try ImageDecoder.decode(
      WebPFiles.animated(frames: 3, canvas: (15, 12), left: 4, top: 2))
    #expect(image.raster.size == ImageSize(width: 15, height: 12))
    #expect(image.omittedFrames == 2)
    #expect(
      image.warnings == ["the WebP is animated: 2 more frames are left out"])
    for y in 0..<12 {
      for x in 0..<15 {
        let i = 4 * (y * 15 + x)
        let isInside = (4..<13).contains(x) && (2..<9).contains(y)
        #expect(
          Array(image.raster.samples[i..<i + 4])
            == (isInside ? WebPFiles.sample(x - 4, y - 2) : [0, 0, 0, 0]))
      }
    }
  }

  @Test func cutAnywhereItIsRefusedOrSaysSo() {
    for file in [WebPFiles.lossless, WebPFiles.lossy, WebPFiles.lossyAlpha] {
      for count in 12..<file.count - 4 {
        #expect(throws: DecodeError.self) {
          try ImageDecoder.decode(Array(file.prefix(count)))
        }
      }
    }
  }

  @Test func canvasesBeyondMeasureAreRefused() {
    let file = WebPFiles.animated(
      frames: 1, canvas: (16_000, 16_000), left: 0, top: 0)
    #expect(
      throws: DecodeError.damaged(
        format: .webp,
        reason: "the file is too short for 16000 x 16000 pixels")
    ) {
      try ImageDecoder.decode(file)
    }
    #expect(
      throws: DecodeError.tooLarge(
        width: 9, height: 7, maximumPixels: 62)
    ) {
      try ImageDecoder.decode(
        WebPFiles.lossless, limits: DecodeLimits(pixels: 62))
    }
  }
}
