import ImageFormats
import Testing
import _TestSupport

/// What a PNG may say about its colours. What comes out is compared with
/// arithmetic from the definitions of the spaces.
@Suite struct PNGColorChunksTests {
  private typealias Chunk = (name: String, payload: [UInt8])

  private static let samples = [200, 100, 50]

  private func file(_ chunks: [Chunk], colorType: Int = 2) -> [UInt8] {
    var builder = PNGBuilder(
      width: 1, height: 1, bitDepth: 8, colorType: colorType
    ) { _, _, channel in Self.samples[channel] }
    builder.chunks = chunks
    return builder.bytes()
  }

  /// Decodes one RGB pixel with these chunks, which must give no warning.
  private func decode(_ chunks: [Chunk]) throws -> [Int] {
    let image = try ImageDecoder.decode(file(chunks))
    #expect(image.warnings.isEmpty)
    #expect(image.space == .sRGB && image.annotations.profile == nil)
    return image.raster.samples.map(Int.init)
  }

  /// Whether samples are those to a 255th.
  private func isNear(_ samples: [Int], _ expected: [Int]) -> Bool {
    zip(samples, expected).allSatisfy { abs($0 - $1) <= 1 }
  }

  /// What the pixel is in sRGB.
  private func expected(
    _ matrix: ReferenceColor.Matrix = ReferenceColor.sRGB,
    _ light: (Double) -> Double
  ) -> [Int] {
    let lights = Self.samples.map { light(Double($0) / 255) }
    return ReferenceColor.converted(
      lights, from: matrix, to: ReferenceColor.sRGB
    ).map { Int((ReferenceColor.encoded($0) * 255).rounded()) }
  }

  private func gamma(_ value: Int) -> Chunk { ("gAMA", bigEndian(value)) }

  private func profile(_ bytes: [UInt8]) -> Chunk {
    ("iCCP", Array("any\0\0".utf8) + PNGBuilder.stored(bytes))
  }

  private func chromaticities(_ values: [Int]) -> Chunk {
    ("cHRM", values.flatMap { bigEndian($0) })
  }

  private static let standardLights = [
    31_270, 32_900, 64_000, 33_000, 30_000, 60_000, 15_000, 6_000,
  ]
  private static let p3Lights = [
    31_270, 32_900, 68_000, 32_000, 26_500, 69_000, 15_000, 6_000,
  ]

  private let standard: Chunk = ("sRGB", [0])
  private let p3: Chunk = ("cICP", [12, 13, 0, 1])

  @Test func takesNothingAndTheUsualGammaAsSRGB() throws {
    #expect(try decode([]) == Self.samples)
    #expect(try decode([standard]) == Self.samples)
    for value in [45_450, 45_455, 45_460] {
      #expect(try decode([gamma(value)]) == Self.samples)
    }
  }

  @Test(arguments: [100_000, 55_556, 45_449, 45_461, 35_714])
  func appliesGamma(value: Int) throws {
    let result = try decode([gamma(value)])
    let exponent = 100_000 / Double(value)
    let expected = expected { $0.raised(to: exponent) }
    #expect(isNear(result, expected), "\(result), not \(expected)")
    // All of them are far enough from doing nothing to tell.
    #expect(!isNear(result, Self.samples))
  }

  /// Every number is legal but 0.
  @Test(arguments: [200, 2_000, 9_999, 1_000_001, 20_000_000])
  func appliesUnusualGamma(value: Int) throws {
    let result = try decode([gamma(value)])
    let exponent = 100_000 / Double(value)
    let expected = expected { $0.raised(to: exponent) }
    #expect(isNear(result, expected), "\(result), not \(expected)")
  }

  @Test func appliesPrimaries() throws {
    let result = try decode([chromaticities(Self.p3Lights)])
    let expected = expected(ReferenceColor.p3, ReferenceColor.decoded)
    #expect(isNear(result, expected), "\(result), not \(expected)")
    #expect(!isNear(result, Self.samples))
    // Another white: what was white stays white.
    var builder = PNGBuilder(
      width: 1, height: 1, bitDepth: 8, colorType: 2, sample: { _, _, _ in 255 }
    )
    builder.chunks = [
      chromaticities([34_570, 35_850] + Self.standardLights.dropFirst(2))
    ]
    #expect(
      try ImageDecoder.decode(builder.bytes()).raster.samples == [
        255, 255, 255,
      ])
  }

  @Test(arguments: 0..<8)
  func takesPrimariesNearThoseOfSRGBAsThem(index: Int) throws {
    for change in [-200, 0, 200] {
      var lights = Self.standardLights
      lights[index] += change
      #expect(try decode([chromaticities(lights)]) == Self.samples)
    }
  }

  @Test func appliesGammaWithPrimaries() throws {
    let result = try decode([gamma(45_455), chromaticities(Self.p3Lights)])
    #expect(
      isNear(result, expected(ReferenceColor.p3, ReferenceColor.decoded)))
    let linear = try decode([gamma(100_000), chromaticities(Self.p3Lights)])
    #expect(isNear(linear, expected(ReferenceColor.p3) { $0 }))
  }

  @Test func letsSRGBOverrideGammaAndPrimaries() throws {
    let others = [gamma(100_000), chromaticities(Self.p3Lights)]
    #expect(try decode(others + [standard]) == Self.samples)
    #expect(try decode([standard] + others) == Self.samples)
    #expect(try decode(others) != Self.samples)
  }

  @Test func appliesProfiles() throws {
    let result = try decode([profile(ICCBuilder.rgb(.adobe, .gamma(2.2)))])
    let expected = expected(ReferenceColor.adobe) { $0.raised(to: 2.2) }
    #expect(isNear(result, expected), "\(result), not \(expected)")
    #expect(!isNear(result, Self.samples))
  }

  @Test func leavesSamplesOfAnSRGBProfileAlone() throws {
    // Told by what it does, whatever it is called.
    for name in ["sRGB", "c2", "Display P3"] {
      let own = ICCBuilder.rgb(.sRGB, .sRGB, description: name)
      #expect(try decode([profile(own)]) == Self.samples)
    }
    let liar = ICCBuilder.rgb(.p3, .sRGB, description: "sRGB")
    #expect(
      isNear(
        try decode([profile(liar)]),
        expected(ReferenceColor.p3, ReferenceColor.decoded)))
  }

  @Test func letsProfilesOverrideAllButCodePoints() throws {
    let adobe = profile(ICCBuilder.rgb(.adobe, .gamma(2.2)))
    let alone = try decode([adobe])
    #expect(try decode([standard, adobe]) == alone)
    #expect(try decode([adobe, gamma(100_000)]) == alone)
    let points = try decode([p3])
    #expect(alone != points)
    #expect(try decode([p3, adobe, gamma(100_000)]) == points)
    #expect(try decode([("cICP", [1, 13, 0, 1]), adobe]) == Self.samples)
  }

  @Test func appliesCodePoints() throws {
    #expect(try decode([("cICP", [1, 13, 0, 1])]) == Self.samples)
    #expect(try decode([("cICP", [2, 2, 0, 1])]) == Self.samples)
    #expect(
      isNear(
        try decode([p3]), expected(ReferenceColor.p3, ReferenceColor.decoded)))
    #expect(
      isNear(
        try decode([("cICP", [9, 13, 0, 1])]),
        expected(ReferenceColor.bt2020, ReferenceColor.decoded)))
    #expect(isNear(try decode([("cICP", [1, 8, 0, 1])]), expected { $0 }))
    #expect(
      isNear(
        try decode([("cICP", [1, 4, 0, 1])]), expected { $0.raised(to: 2.2) }))
    #expect(
      isNear(
        try decode([("cICP", [1, 1, 0, 1])]),
        expected {
          $0 < 0.081 ? $0 / 4.5 : (($0 + 0.099) / 1.099).raised(to: 1 / 0.45)
        }))
  }

  @Test func refusesWhatIsNotRGBOnADisplay() {
    let cases: [([UInt8], String)] = [
      ([9, 16, 0, 1], "PQ, high dynamic range (cICP 9, 16, 0, 1)"),
      ([9, 18, 0, 1], "HLG, high dynamic range (cICP 9, 18, 0, 1)"),
      ([1, 13, 1, 1], "a matrix that is not of RGB (cICP 1, 13, 1, 1)"),
      ([1, 13, 0, 0], "samples of narrow range (cICP 1, 13, 0, 0)"),
      ([1, 17, 0, 1], "an unusual colour space (cICP 1, 17, 0, 1)"),
      ([99, 13, 0, 1], "an unusual colour space (cICP 99, 13, 0, 1)"),
    ]
    for (points, words) in cases {
      do {
        _ = try ImageDecoder.decode(file([("cICP", points)]))
        Issue.record("cICP \(points) was read")
      } catch {
        #expect(
          error.message.hasPrefix("a PNG with \(words) cannot be read yet; "))
      }
    }
  }

  @Test func warnsOfBrokenChunksAndTakesSRGB() throws {
    let own = ICCBuilder.rgb(.adobe, .gamma(2.2))
    var unmarked = own
    unmarked[36] = 0
    let broken = "the ICC profile is broken; sRGB is assumed"
    let name = Array("any\0\0".utf8)
    var flat = Self.p3Lights
    flat.replaceSubrange(2..<8, with: [30_000, 30_000, 30_000, 30_000, 1, 1])
    let cases: [(Chunk, String)] = [
      (profile(Array(own.prefix(150))), broken), (profile(unmarked), broken),
      (("iCCP", name + own), broken),
      (("iCCP", []), broken), (("iCCP", name), broken),
      // Without the lights that a conversion needs.
      (profile(ICCBuilder.profile(description: "sRGB")), broken),
      (
        profile(ICCBuilder.cmyk { _ in 50 }),
        "the ICC profile is for other samples than the image has; sRGB is "
          + "assumed"
      ),
      (
        profile(ICCBuilder.grey(.gamma(1))),
        "the ICC profile is for other samples than the image has; sRGB is "
          + "assumed"
      ),
      (("cICP", [1, 13, 0]), "the cICP chunk is broken and passed over"),
      (gamma(0), "the gAMA chunk is broken and passed over"),
      (("gAMA", [0, 1]), "the gAMA chunk is broken and passed over"),
      (("cHRM", [0, 1]), "the cHRM chunk is broken and passed over"),
      (chromaticities(flat), "the cHRM chunk is broken and passed over"),
    ]
    for (chunk, warning) in cases {
      let image = try ImageDecoder.decode(file([chunk]))
      #expect(image.warnings == [warning])
      #expect(image.raster.samples.map(Int.init) == Self.samples)
    }
  }

  /// A profile that says it is huge, and a chunk that is.
  @Test func refusesHugeProfiles() throws {
    let own = ICCBuilder.rgb(.adobe, .gamma(2.2))
    var huge = own
    huge.replaceSubrange(0..<4, with: bigEndian(1 << 28))
    let longer = own + [UInt8](repeating: 7, count: 17 << 20)
    for (bytes, what) in [(huge, "an ICC profile"), (longer, "a chunk iCCP")] {
      #expect(
        throws: DecodeError.metadataTooLarge(
          format: .png, what: what, maximumBytes: 16_000_000)
      ) { try ImageDecoder.decode(file([profile(bytes)])) }
    }
    let allowed = try ImageDecoder.decode(
      file([profile(huge)]), limits: DecodeLimits(metadataBytes: 1 << 29))
    #expect(
      allowed.warnings == ["the ICC profile is broken; sRGB is assumed"])
  }

  /// A stream that holds more than it says.
  @Test func inflatesNoMoreThanAProfileSaysItHas() throws {
    let own = ICCBuilder.rgb(.adobe, .gamma(2.2))
    let little = own + [UInt8](repeating: 7, count: 1_000)
    #expect(
      try decode([profile(little)]) == (try decode([profile(own)])))
  }

  @Test func convertsGreyByGreyProfilesAndByThoseOfRGB() throws {
    let light = ReferenceColor.encoded(200.0 / 255)
    let expected = Int((light * 255).rounded())
    for own in [ICCBuilder.grey(.gamma(1)), ICCBuilder.rgb(.p3, .gamma(1))] {
      for colorType in [0, 4] {
        let image = try ImageDecoder.decode(
          file([profile(own)], colorType: colorType))
        let samples = image.raster.samples.map(Int.init)
        #expect(abs(samples[0] - expected) <= 1)
        #expect(samples[1] == samples[0] && samples[2] == samples[0])
        if colorType == 4 { #expect(samples[3] == 100) }
        #expect(image.warnings.isEmpty)
      }
    }
    let plain = try ImageDecoder.decode(
      file([profile(ICCBuilder.rgb(.sRGB, .sRGB))], colorType: 0))
    #expect(plain.raster.samples == [200, 200, 200])
    #expect(plain.warnings.isEmpty)
  }

  @Test func copesWithBrokenExif() throws {
    #expect(try decode([("eXIf", [])]) == Self.samples)
    #expect(try decode([("eXIf", Array("MM\0*".utf8))]) == Self.samples)
  }

  @Test func passesOverChunksThatSayNothingOfColors() throws {
    #expect(
      try decode([
        ("bKGD", [0, 0, 0, 0, 0, 0]), ("tEXt", Array("Title\0x".utf8)),
        ("pHYs", bigEndian(2_835) + bigEndian(2_835) + [1]),
        ("abCd", [1, 2, 3]), ("tEXt", Array("Title\0y".utf8)),
      ]) == Self.samples)
    // A capital first letter: it must not be passed over.
    #expect(throws: DecodeError.self) { try decode([("ABCd", [1])]) }
  }
}
