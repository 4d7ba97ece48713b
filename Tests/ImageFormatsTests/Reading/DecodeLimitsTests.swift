import ImageFormats
import Testing
import _TestSupport

/// What asks for more than it may is refused before memory is taken for it.
@Suite struct DecodeLimitsTests {
  private static func png(
    _ chunks: [(name: String, payload: [UInt8])] = [],
    late: [(name: String, payload: [UInt8])] = []
  ) -> [UInt8] {
    var builder = PNGBuilder(width: 2, height: 1, bitDepth: 8, colorType: 2) {
      $0 + $1 + $2
    }
    builder.chunks = chunks
    builder.lateChunks = late
    return builder.bytes()
  }

  private func refusal(
    _ file: [UInt8], _ limits: DecodeLimits = DecodeLimits()
  ) -> DecodeError? {
    do throws(DecodeError) {
      _ = try ImageDecoder.decode(file, limits: limits)
      return nil
    } catch {
      return error
    }
  }

  @Test(
    arguments: ["zTXt", "tEXt", "iTXt", "iCCP", "eXIf", "abCd", "pHYs"],
    [false, true])
  func chunks(name: String, isLate: Bool) {
    let limits = DecodeLimits(metadataBytes: 100_000)
    let large = [(name, [UInt8](repeating: 65, count: 100_001))]
    let file = isLate ? Self.png(late: large) : Self.png(large)
    #expect(
      refusal(file, limits)
        == .metadataTooLarge(
          format: .png, what: "a chunk \(name)", maximumBytes: 100_000))
    let fits = [(name, [UInt8](repeating: 65, count: 100_000))]
    #expect(
      refusal(isLate ? Self.png(late: fits) : Self.png(fits), limits) == nil)
  }

  @Test func inflatedProfile() {
    // A profile says its length first, and is not inflated beyond.
    let stream = PNGBuilder.stored(
      bigEndian(300_000_000) + [UInt8](repeating: 0, count: 200))
    let file = Self.png([("iCCP", Array("icc\0\0".utf8) + stream)])
    #expect(
      refusal(file)
        == .metadataTooLarge(
          format: .png, what: "an ICC profile", maximumBytes: 16_000_000))
  }

  @Test func inflatedText() throws {
    // The image data of a picture of one colour is a stream of zeros.
    let blank = TestRasters.make(width: 600, height: 600) { _, _ in 0 }
    let chunks = try #require(PNGChunks(try PNGEncoder().encode(blank)))
    let stream = try #require(chunks["IDAT"])
    let text = Array("XML:com.adobe.xmp\0".utf8) + [1, 0, 0, 0] + stream
    let file = Self.png([("iTXt", text)])
    #expect(text.count < 100_000)
    #expect(refusal(file) == nil)
    #expect(
      refusal(file, DecodeLimits(metadataBytes: 100_000))
        == .metadataTooLarge(
          format: .png, what: "an XMP packet", maximumBytes: 100_000))
  }

  @Test(arguments: [false, true])
  func imageDataBehindTheLastRow(interlaced: Bool) throws {
    var builder = PNGBuilder(width: 1, height: 1, bitDepth: 8, colorType: 2) {
      9 + $0 + $1 + $2
    }
    builder.interlaced = interlaced
    let sound = try #require(PNGChunks(builder.bytes()))
    for (extra, isRefused) in [(4_000, false), (200_000, true)] {
      var file = PNGBuilder.signature
      for chunk in sound.all {
        let payload =
          chunk.name == "IDAT"
          ? PNGBuilder.stored(
            [0, 9, 10, 11] + [UInt8](repeating: 0, count: extra))
          : chunk.payload
        file += PNGBuilder.chunk(chunk.name, payload)
      }
      let expected = DecodeError.damaged(
        format: .png, reason: "more image data than its size asks for")
      #expect(refusal(file) == (isRefused ? expected : nil))
    }
  }

  @Test func scans() throws {
    let file = try Fixtures.jpeg("progressive")
    let many = try Fixtures.jpegOfManyScans()
    let header = try ImageDecoder.header(of: file)
    let pixels = header.size.pixelCount
    let limits = DecodeLimits(pixels: 20 * pixels)
    guard
      case .tooManyScans(let scans, let width, let height, let most) = refusal(
        many, limits)
    else {
      Issue.record("not refused for its scans")
      return
    }
    #expect(scans > 40 && scans < 60)
    #expect(width * height == pixels && most == limits.pixels)
    #expect(refusal(file, DecodeLimits(pixels: pixels)) == nil)
  }

  @Test func profileOfJPEG() throws {
    var annotations = Annotations()
    annotations.profile = [UInt8](repeating: 7, count: 150_000)
    let file = try JPEGEncoder().encode(
      TestRasters.noisyGradient(width: 8, height: 8), annotations: annotations)
    #expect(refusal(file) == nil)
    #expect(
      refusal(file, DecodeLimits(metadataBytes: 100_000))
        == .metadataTooLarge(
          format: .jpeg, what: "an ICC profile", maximumBytes: 100_000))
  }

  /// The same is found without the contents.
  @Test func survey() {
    func survey(_ file: [UInt8], _ limits: DecodeLimits) -> DecodeError? {
      ChunkSurvey.refusal(limits) { offset, count in
        Array(file.dropFirst(offset).prefix(count))
      }
    }
    let late = Self.png(late: [("zTXt", [UInt8](repeating: 1, count: 500))])
    let error = DecodeError.metadataTooLarge(
      format: .png, what: "a chunk zTXt", maximumBytes: 499)
    #expect(survey(late, DecodeLimits(metadataBytes: 499)) == error)
    #expect(survey(late, DecodeLimits(metadataBytes: 500)) == nil)
    #expect(
      survey(late, DecodeLimits(pixels: 1))
        == .tooLarge(width: 2, height: 1, maximumPixels: 1))
    for count in 0..<late.count {
      #expect(
        survey(Array(late.prefix(count)), DecodeLimits(metadataBytes: 500))
          == nil)
    }
    #expect(survey(Array("GIF89a".utf8), DecodeLimits(pixels: 1)) == nil)
  }
}
