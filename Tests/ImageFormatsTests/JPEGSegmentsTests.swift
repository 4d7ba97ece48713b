import ImageFormats
import Testing
import _TestSupport

/// What a JPEG may say of itself before its image data, and what is refused.
@Suite struct JPEGSegmentsTests {
  private typealias Segment = (marker: UInt8, payload: [UInt8])

  private func message(_ bytes: [UInt8]) -> String? {
    do {
      _ = try ImageDecoder.decode(bytes)
      return nil
    } catch {
      return error.message
    }
  }

  private func message(with segments: [Segment]) throws -> String? {
    let file = try Fixtures.jpeg("baseline")
    return message(Fixtures.inserting(segments, into: file))
  }

  /// The baseline fixture with one byte of its frame changed, counted from
  /// the marker's second byte.
  private func changingFrame(_ offset: Int, to value: UInt8) throws -> [UInt8] {
    var file = try Fixtures.jpeg("baseline")
    let frame = try #require(
      file.indices.dropLast().first {
        file[$0] == 0xff && file[$0 + 1] == 0xc0
      })
    file[frame + 1 + offset] = value
    return file
  }

  private func profileParts(
    _ profile: [UInt8], numbers: [UInt8], count: UInt8
  ) -> [Segment] {
    let step = (profile.count + numbers.count - 1) / numbers.count
    return numbers.enumerated().map { index, number in
      let part = profile.dropFirst(index * step).prefix(step)
      return (0xe2, Array("ICC_PROFILE\0".utf8) + [number, count] + part)
    }
  }

  @Test func refusesCMYK() throws {
    #expect(
      message(try Fixtures.jpeg("cmyk")) == "a CMYK JPEG cannot be read yet; "
        + "convert it first: `magick in.jpg -colorspace sRGB out.png`")
    let header = try ImageDecoder.header(of: try Fixtures.jpeg("cmyk"))
    #expect(header.kind == "8-bit CMYK JPEG, sequential")
  }

  @Test func refusesOtherFrames() throws {
    let remedy =
      " cannot be read yet; convert it first: `magick in.jpg out.png`"
    #expect(
      message(try changingFrame(3, to: 12))
        == "a JPEG of 12 bits a sample" + remedy)
    for marker: UInt8 in [0xc3, 0xcb] {
      #expect(
        message(try changingFrame(0, to: marker)) == "a lossless JPEG" + remedy)
    }
    for marker: UInt8 in [0xc5, 0xc6, 0xc7, 0xcd, 0xce, 0xcf] {
      #expect(
        message(try changingFrame(0, to: marker))
          == "a hierarchical JPEG" + remedy)
    }
    #expect(
      message(try changingFrame(8, to: 2))
        == "a JPEG of 2 colour components" + remedy)
  }

  @Test func copesWithBrokenExif() throws {
    let exif = ExifBuilder.tiff(orientation: 6, littleEndian: true)
    // What is cut before the value cannot be made out; nothing may crash.
    for count in 0..<20 {
      let cut = Array("Exif\0\0".utf8) + exif.prefix(count)
      #expect(try message(with: [(0xe1, cut)]) == nil)
    }
    var far = exif
    far[7] = 0xff  // The directory is beyond the end.
    #expect(
      try message(with: [(0xe1, Array("Exif\0\0".utf8) + far)]) == nil)
  }

  @Test func readsProfilesOfSRGBOnly() throws {
    let own = ICCBuilder.profile(description: "sRGB built-in", version: 4)
    #expect(
      try message(with: profileParts(own, numbers: [1], count: 1)) == nil)
    #expect(
      try message(with: profileParts(own, numbers: [1, 2, 3], count: 3)) == nil)
    let other = ICCBuilder.profile(description: "Display P3")
    #expect(
      try message(with: profileParts(other, numbers: [1, 2], count: 2))
        == "an image whose colours are not sRGB (the ICC profile "
        + "\"Display P3\") cannot be read yet; convert it first: "
        + "`magick in.jpg -profile sRGB.icc out.jpg`")
  }

  @Test func putsProfilesTogetherInTheOrderOfTheirNumbers() throws {
    let own = ICCBuilder.profile(description: "sRGB", version: 4)
    let parts = profileParts(own, numbers: [1, 2, 3], count: 3)
    #expect(try message(with: parts.reversed()) == nil)
  }

  @Test func refusesProfilesThatCannotBeRead() throws {
    let own = ICCBuilder.profile(description: "sRGB")
    let broken: [[Segment]] = [
      profileParts(own, numbers: [1, 2], count: 3),
      profileParts(own, numbers: [1, 1], count: 2),
      profileParts(own, numbers: [0, 1], count: 2),
      [(0xe2, Array("ICC_PROFILE\0".utf8))],
      profileParts(Array(own.prefix(140)), numbers: [1], count: 1),
      profileParts(own.dropLast(60), numbers: [1], count: 1),
    ]
    for segments in broken {
      #expect(
        try message(with: segments) == "an ICC profile that breaks its format "
          + "cannot be read yet; remove it first, if the colours are sRGB: "
          + "`exiftool -icc_profile:all= in.jpg`")
    }
  }

  @Test func copesWithEveryBrokenProfile() throws {
    let own = ICCBuilder.profile(description: "sRGB", version: 4)
    var generator = Generator(seed: 5)
    for _ in 0..<2_000 {
      var spoilt = own
      // The header's size, the tag table and the text.
      let place = Int.random(in: 128..<own.count, using: &generator)
      spoilt[place] = UInt8.random(in: 0...255, using: &generator)
      spoilt[Int.random(in: 0..<4, using: &generator)] ^= UInt8.random(
        in: 0...1, using: &generator)
      _ = try message(with: profileParts(spoilt, numbers: [1], count: 1))
    }
  }
}
