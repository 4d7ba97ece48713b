import ImageFormats
import Testing
import _TestSupport

/// What a PNG may say about its colours, and what is refused.
@Suite struct PNGColorChunksTests {
  private typealias Chunk = (name: String, payload: [UInt8])

  /// Decodes an image of one grey or RGB pixel with these chunks.
  private func decode(
    _ chunks: [Chunk], colorType: Int = 2
  ) throws -> [UInt8] {
    var builder = PNGBuilder(
      width: 1, height: 1, bitDepth: 8, colorType: colorType
    ) { _, _, channel in 100 + channel }
    builder.chunks = chunks
    return try ImageDecoder.decode(builder.bytes()).raster.samples
  }

  /// The message for these chunks, or `nil` when they are read.
  private func refusal(_ chunks: [Chunk]) throws -> String? {
    do {
      // Whatever is read must be read unchanged.
      #expect(try decode(chunks) == [100, 101, 102])
      return nil
    } catch let error as DecodeError {
      return error.message
    }
  }

  private func gamma(_ value: Int) -> Chunk { ("gAMA", bigEndian(value)) }

  private func profile(_ bytes: [UInt8]) -> Chunk {
    ("iCCP", Array("any\0\0".utf8) + PNGBuilder.stored(bytes))
  }

  private func chromaticities(_ change: Int, at index: Int) -> Chunk {
    var values = [
      31_270, 32_900, 64_000, 33_000, 30_000, 60_000, 15_000, 6_000,
    ]
    values[index] += change
    return ("cHRM", values.flatMap { bigEndian($0) })
  }

  private let standard: Chunk = ("sRGB", [0])
  private let p3: Chunk = ("cICP", [12, 13, 0, 1])

  @Test func readsGammaOfSRGBOnly() throws {
    for value in [45_450, 45_455, 45_460] {
      #expect(try refusal([gamma(value)]) == nil)
    }
    for value in [0, 45_449, 45_461, 55_556, 100_000] {
      let message = try #require(try refusal([gamma(value)]))
      #expect(message.contains("not sRGB (gAMA "))
    }
    let message = try #require(try refusal([gamma(100_000)]))
    #expect(
      message == "an image whose colours are not sRGB (gAMA 1.00000) cannot be "
        + "read yet; convert it first: "
        + "`magick in.png -profile sRGB.icc out.png`")
  }

  @Test(arguments: 0..<8)
  func readsPrimariesOfSRGBOnly(index: Int) throws {
    for change in [-200, 0, 200] {
      #expect(try refusal([chromaticities(change, at: index)]) == nil)
    }
    for change in [-201, 201] {
      let message = try refusal([chromaticities(change, at: index)])
      #expect(message?.contains("not sRGB (cHRM ") == true)
    }
  }

  @Test func letsSRGBOverrideGammaAndPrimaries() throws {
    let others = [gamma(100_000), chromaticities(5_000, at: 2)]
    #expect(try refusal(others + [standard]) == nil)
    #expect(try refusal([standard] + others) == nil)
    #expect(try refusal(others) != nil)
  }

  @Test func readsCodePointsOfSRGBOnly() throws {
    #expect(try refusal([("cICP", [1, 13, 0, 1])]) == nil)
    let message = try refusal([p3])
    #expect(message?.contains("not sRGB (cICP 12, 13, 0, 1)") == true)
    // They override all others, either way.
    #expect(try refusal([p3, standard]) != nil)
    #expect(
      try refusal([
        ("cICP", [1, 13, 0, 1]), gamma(100_000),
        profile(ICCBuilder.profile(description: "Display P3")),
      ]) == nil)
    #expect(try refusal([("cICP", [1, 13, 0])]) != nil)
  }

  @Test(arguments: [UInt8(2), 4])
  func readsProfilesOfSRGBOnly(version: UInt8) throws {
    let own = ICCBuilder.profile(
      description: "sRGB IEC61966-2.1", version: version)
    #expect(try refusal([profile(own)]) == nil)
    let other = ICCBuilder.profile(
      description: "Display P3", version: version)
    let message = try refusal([profile(other)])
    #expect(message?.contains("the ICC profile \"Display P3\"") == true)
    // The profile counts for more than an sRGB chunk.
    #expect(try refusal([profile(other), standard]) != nil)
    #expect(try refusal([standard, profile(other)]) != nil)
  }

  @Test func refusesProfilesThatCannotBeRead() throws {
    let own = ICCBuilder.profile(description: "sRGB")
    // Cut off, no mark, no description, not deflated.
    var unmarked = own
    unmarked[36] = 0
    var unnamed = own
    unnamed[132] = 0
    let chunks: [Chunk] = [
      profile(Array(own.prefix(150))), profile(unmarked), profile(unnamed),
      ("iCCP", Array("any\0\0".utf8) + own),
    ]
    for chunk in chunks {
      let message = try refusal([chunk])
      #expect(message?.hasPrefix("an ICC profile that breaks") == true)
    }
  }

  @Test func escapesWhatAProfileSays() throws {
    let profile = ICCBuilder.profile(description: "evil\u{1b}[2J\nname")
    let message = try #require(try refusal([self.profile(profile)]))
    #expect(message.contains("evil\\u{1b}[2J\\u{a}name"))
    #expect(!message.unicodeScalars.contains { $0.value < 0x20 })
  }

  @Test func copesWithBrokenExif() throws {
    #expect(try refusal([("eXIf", [])]) == nil)
    #expect(try refusal([("eXIf", Array("MM\0*".utf8))]) == nil)
  }

  @Test func passesOverChunksThatSayNothingOfColors() throws {
    #expect(
      try refusal([
        ("bKGD", [0, 0, 0, 0, 0, 0]), ("tEXt", Array("Title\0x".utf8)),
        ("pHYs", bigEndian(2_835) + bigEndian(2_835) + [1]),
        ("abCd", [1, 2, 3]), ("tEXt", Array("Title\0y".utf8)),
      ]) == nil)
    // A capital first letter: it must not be passed over.
    #expect(throws: DecodeError.self) { try decode([("ABCd", [1])]) }
  }
}
