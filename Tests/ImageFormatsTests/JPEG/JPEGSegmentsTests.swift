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

  private func decode(_ segments: [Segment]) throws -> DecodedImage {
    let file = try Fixtures.jpeg("full-chroma")
    return try ImageDecoder.decode(Fixtures.inserting(segments, into: file))
  }

  @Test func appliesProfilesOfOneAndManySegments() throws {
    let plain = try decode([]).raster.samples
    let own = ICCBuilder.rgb(.sRGB, .sRGB)
    #expect(
      try decode(profileParts(own, numbers: [1, 2, 3], count: 3)).raster.samples
        == plain)
    let p3 = ICCBuilder.rgb(.p3, .sRGB)
    let once = try decode(profileParts(p3, numbers: [1], count: 1))
    #expect(once.warnings.isEmpty)
    let expected = stride(from: 0, to: plain.count, by: 3).flatMap { i in
      ReferenceColor.converted(
        plain[i..<i + 3].map { ReferenceColor.decoded(Double($0) / 255) },
        from: ReferenceColor.p3, to: ReferenceColor.sRGB
      ).map { UInt8((ReferenceColor.encoded($0) * 255).rounded()) }
    }
    let samples = once.raster.samples
    #expect(Fixtures.greatestDifference(samples, expected) <= 1)
    #expect(Fixtures.greatestDifference(samples, plain) > 10)
    let parts = profileParts(p3, numbers: [1, 2, 3], count: 3)
    #expect(try decode(parts).raster.samples == samples)
    // In the order of their numbers, not of the file.
    #expect(try decode(parts.reversed()).raster.samples == samples)
  }

  @Test func warnsOfProfilesThatCannotBeRead() throws {
    let own = ICCBuilder.rgb(.p3, .sRGB)
    let plain = try decode([]).raster.samples
    let broken: [[Segment]] = [
      profileParts(own, numbers: [1, 2], count: 3),
      profileParts(own, numbers: [1, 1], count: 2),
      profileParts(own, numbers: [0, 1], count: 2),
      [(0xe2, Array("ICC_PROFILE\0".utf8))],
      profileParts(Array(own.prefix(140)), numbers: [1], count: 1),
      profileParts(own.dropLast(60), numbers: [1], count: 1),
    ]
    for segments in broken {
      let image = try decode(segments)
      #expect(
        image.warnings == ["the ICC profile is broken; sRGB is assumed"])
      #expect(image.raster.samples == plain)
    }
    let grey = profileParts(
      ICCBuilder.grey(.gamma(1)), numbers: [1], count: 1)
    #expect(
      try decode(grey).warnings == [
        "the ICC profile is for other samples than the image has; sRGB is "
          + "assumed"
      ])
    let inks = try ImageDecoder.decode(
      Fixtures.inserting(
        profileParts(own, numbers: [1], count: 1),
        into: try Fixtures.jpeg("cmyk")))
    #expect(
      inks.warnings == [
        "the ICC profile is for other samples than the image has; its inks are "
          + "mixed without one"
      ])
  }

  @Test func copesWithEveryBrokenProfile() throws {
    var generator = Generator(seed: 5)
    for own in [ICCBuilder.rgb(.p3, .sRGB), ICCBuilder.cmyk { Double($0) }] {
      for _ in 0..<300 {
        var spoilt = own
        // The header's size, the tag table and the tags.
        let place = Int.random(in: 128..<own.count, using: &generator)
        spoilt[place] = UInt8.random(in: 0...255, using: &generator)
        spoilt[Int.random(in: 0..<4, using: &generator)] ^= UInt8.random(
          in: 0...1, using: &generator)
        let file = try Fixtures.jpeg(own[16] == 0x43 ? "cmyk" : "full-chroma")
        let image = try ImageDecoder.decode(
          Fixtures.inserting(
            profileParts(spoilt, numbers: [1], count: 1), into: file))
        #expect(image.raster.samples.count == 37 * 23 * 3)
      }
    }
  }

  @Test func readsDensityExifAndXMP() throws {
    // The fixture has a JFIF segment of its own, behind these.
    func jfif(_ unit: UInt8, _ x: UInt8, _ y: UInt8) -> Segment {
      (0xe0, Array("JFIF\0".utf8) + [1, 2, unit, 0, x, 0, y, 0, 0])
    }
    func density(_ unit: UInt8, _ x: UInt8, _ y: UInt8) throws -> PixelDensity?
    { try decode([jfif(unit, x, y)]).annotations.density }
    #expect(
      try density(1, 72, 96)
        == PixelDensity(horizontal: 2_835, vertical: 3_780, unit: .meter))
    #expect(
      try density(2, 28, 30)
        == PixelDensity(horizontal: 2_800, vertical: 3_000, unit: .meter))
    #expect(
      try density(0, 2, 1)
        == PixelDensity(horizontal: 2, vertical: 1, unit: .unknown))
    let exif = ExifBuilder.tiff(orientation: 1, littleEndian: false)
    let xmp = Array("<x:xmpmeta/>".utf8)
    let image = try decode([
      (0xe1, Array("http://ns.adobe.com/xap/1.0/\0".utf8) + xmp),
      (0xe1, Array("Exif\0\0".utf8) + exif),
      (0xe1, Array("http://ns.adobe.com/xap/1.0/\0".utf8) + [1]),
    ])
    #expect(image.annotations.xmp == xmp)
    #expect(image.annotations.exif == exif)
  }
}
