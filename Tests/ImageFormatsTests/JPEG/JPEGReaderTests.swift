import ImageFormats
import Rasters
import Testing
import _TestSupport

@Suite struct JPEGReaderTests {
  static let readable: [(String, String)] = [
    ("baseline", "8-bit colour JPEG, sequential"),
    ("full-chroma", "8-bit colour JPEG, sequential"),
    ("grey", "8-bit grey JPEG, sequential"),
    ("progressive", "8-bit colour JPEG, progressive"),
    ("restart", "8-bit colour JPEG, sequential"),
    ("arithmetic", "8-bit colour JPEG, sequential, arithmetic-coded"),
    (
      "arithmetic-progressive",
      "8-bit colour JPEG, progressive, arithmetic-coded"
    ),
    ("scans", "8-bit colour JPEG, sequential"),
    ("rgb", "8-bit colour JPEG, sequential"),
    ("half-width", "8-bit colour JPEG, sequential"),
    ("half-height", "8-bit colour JPEG, sequential"),
    ("quarter-width", "8-bit colour JPEG, sequential"),
    ("uneven", "8-bit colour JPEG, sequential"),
    ("extended", "8-bit colour JPEG, sequential"),
    ("cmyk", "8-bit CMYK JPEG, sequential"),
    ("cmyk-plain", "8-bit CMYK JPEG, sequential"),
    ("ycck", "8-bit CMYK JPEG, sequential"),
  ]

  /// Those that do not look like `source`.
  static let others = ["extended", "cmyk", "cmyk-plain", "ycck"]

  @Test(arguments: readable)
  func decodes(name: String, kind: String) throws {
    let image = try ImageDecoder.decode(try Fixtures.jpeg(name))
    #expect(image.raster.size == ImageSize(width: 37, height: 23))
    #expect(image.raster.channels == .rgb)
    #expect(image.header.kind == kind)
    #expect(image.format == .jpeg)
    let samples = image.raster.samples
    let reference = try Fixtures.pixels(name)
    // Another libjpeg may round its DCT another way.
    #expect(Fixtures.greatestDifference(samples, reference) <= 2)

    guard !Self.others.contains(name) else { return }
    // And near to what was coded, so that reference and decoder cannot both
    // be wrong.
    var source = try Fixtures.pixels("source")
    if name == "grey" {
      source = stride(from: 0, to: source.count, by: 3).flatMap { i in
        let red = Double(source[i])
        let green = Double(source[i + 1])
        let blue = Double(source[i + 2])
        let grey = UInt8(0.299 * red + 0.587 * green + 0.114 * blue + 0.5)
        return [grey, grey, grey]
      }
    }
    #expect(Fixtures.meanDifference(samples, source) < 4)
  }

  @Test func hasFixturesOfTheKindsTheyAreNamedAfter() throws {
    func has(_ marker: UInt8, _ name: String) throws -> Bool {
      let bytes = try Fixtures.jpeg(name)
      return zip(bytes, bytes.dropFirst()).contains { $0 == (0xff, marker) }
    }
    #expect(try has(0xc2, "progressive"))
    #expect(try has(0xc9, "arithmetic"))
    #expect(try has(0xca, "arithmetic-progressive"))
    #expect(try has(0xd0, "restart"))
    #expect(try has(0xc0, "baseline"))
    #expect(try has(0xc1, "extended"))
    for (name, sampling) in [
      ("baseline", [0x22, 0x11, 0x11]), ("full-chroma", [0x11, 0x11, 0x11]),
      ("half-width", [0x21, 0x11, 0x11]), ("half-height", [0x12, 0x11, 0x11]),
      ("quarter-width", [0x41, 0x11, 0x11]), ("uneven", [0x22, 0x12, 0x21]),
    ] {
      let file = try Fixtures.jpeg(name)
      let frame = try #require(
        file.indices.dropLast().first {
          file[$0] == 0xff && file[$0 + 1] == 0xc0
        })
      #expect(
        [11, 14, 17].map { Int(file[frame + $0]) } == sampling, "\(name)")
    }
    let scans = try Fixtures.jpeg("scans")
    let starts = zip(scans, scans.dropFirst()).filter { $0 == (0xff, 0xda) }
    #expect(starts.count == 3)
  }

  /// 0 is all ink, with Adobe's segment and without.
  @Test func takesAllInksAsInverted() throws {
    let adobe = try ImageDecoder.decode(try Fixtures.jpeg("cmyk")).raster
    let plain = try ImageDecoder.decode(try Fixtures.jpeg("cmyk-plain")).raster
    #expect(plain.samples == adobe.samples)
    let source = try Fixtures.pixels("source")
    #expect(Fixtures.meanDifference(adobe.samples, source) < 60)
    let opposite = adobe.samples.map { 255 - $0 }
    #expect(Fixtures.meanDifference(opposite, source) > 60)
  }

  /// A profile whose inks each take their own share of the light.
  @Test func convertsInksByTheirProfile() throws {
    let profile = ICCBuilder.cmyk { inks in
      guard inks & 1 == 0 else { return 0 }
      let shares: [Double] = [0, 10, 20, 30, 40, 50, 60, 70]
      return 100 - shares[inks >> 1]
    }
    let segment: (marker: UInt8, payload: [UInt8]) = (
      0xe2, Array("ICC_PROFILE\0\u{1}\u{1}".utf8) + profile
    )
    let file = Fixtures.inserting([segment], into: try Fixtures.jpeg("cmyk"))
    for target in [ColorTarget.sRGB, .input, .displayP3] {
      let image = try ImageDecoder.decode(file, into: target)
      #expect(image.warnings.isEmpty)
      #expect(image.space == (target == .displayP3 ? .displayP3 : .sRGB))
      let samples = image.raster.samples
      #expect(samples.count == 37 * 23 * 3)
      // All its colours are grey.
      for i in stride(from: 0, to: samples.count, by: 3) {
        #expect(abs(Int(samples[i]) - Int(samples[i + 1])) <= 1)
        #expect(abs(Int(samples[i]) - Int(samples[i + 2])) <= 1)
      }
    }
    // No ink is the profile's white, all inks its black.
    let samples = try ImageDecoder.decode(file).raster.samples
    let inks = try Fixtures.pixels("cmyk")
    let lightest = inks.indices.filter { $0 % 3 == 0 }.max {
      Int(inks[$0]) + Int(inks[$0 + 1]) < Int(inks[$1]) + Int(inks[$1 + 1])
    }
    #expect(samples[try #require(lightest)] > 150)
  }

  @Test func readsEveryChromaSamplingOfOnePixel() throws {
    for name in ["baseline", "half-width", "grey", "cmyk"] {
      var file = try Fixtures.jpeg(name)
      let frame = try #require(
        file.indices.dropLast().first {
          file[$0] == 0xff && file[$0 + 1] == 0xc0
        })
      // One pixel of the picture is its first; the rest of the data is stray.
      file.replaceSubrange(frame + 5..<frame + 9, with: [0, 1, 0, 1])
      let image = try ImageDecoder.decode(file)
      #expect(image.raster.size == ImageSize(width: 1, height: 1))
      let whole = try ImageDecoder.decode(try Fixtures.jpeg(name)).raster
      let first = Array(whole.samples.prefix(3))
      #expect(Fixtures.greatestDifference(image.raster.samples, first) <= 12)
    }
  }

  @Test func ignoresWhatFollowsTheEnd() throws {
    let file = try Fixtures.jpeg("baseline")
    let image = try ImageDecoder.decode(file + [0xff, 0, 1, 2])
    #expect(
      image.raster.samples == (try ImageDecoder.decode(file).raster.samples))
  }

  @Test func warnsOfStrayBytes() throws {
    let file = try Fixtures.jpeg("baseline")
    let samples = try ImageDecoder.decode(file).raster.samples
    #expect(try ImageDecoder.decode(file).warnings.isEmpty)
    // More than the decoder reads ahead.
    let stray = [0, 7, 0xff, 0] + [UInt8](repeating: 9, count: 40)
    // Behind the JFIF segment, and before the end marker.
    for spoilt in [
      file.prefix(20) + stray + file.dropFirst(20),
      file.dropLast(2) + stray + file.suffix(2),
    ] {
      let image = try ImageDecoder.decode(Array(spoilt))
      #expect(image.raster.samples == samples)
      #expect(image.warnings.count == 1)
      #expect(image.warnings.first?.contains("extraneous bytes") == true)
    }
  }

  @Test func readsSegmentsBehindStrayBytes() throws {
    let exif = ExifBuilder.tiff(orientation: 6, littleEndian: true)
    let file = Fixtures.inserting(
      [(0xe0, [1]), (0xe1, Array("Exif\0\0".utf8) + exif)],
      into: try Fixtures.jpeg("baseline"))
    let spoilt = Array(file.prefix(7) + [0, 0, 0xff, 0] + file.dropFirst(7))
    let size = try ImageDecoder.decode(spoilt).raster.size
    #expect(size == ImageSize(width: 23, height: 37))
  }

  /// Multi-picture files and photographs with a gain map are a JPEG, a
  /// directory in APP2 and more JPEGs behind it.
  @Test func readsThePrimaryImageOfSeveral() throws {
    let first = try Fixtures.jpeg("baseline")
    let marks = [
      Array("MPF\0MM\0*\0\0\0\u{8}\0\0\0\0".utf8),
      Array("urn:iso:std:iso:ts:21496:-1\0\0\0\0\0".utf8),
    ]
    let file = Fixtures.inserting(marks.map { (0xe2, $0) }, into: first)
    let image = try ImageDecoder.decode(file + (try Fixtures.jpeg("grey")))
    #expect(
      image.raster.samples == (try ImageDecoder.decode(first).raster.samples))
    #expect(image.warnings.isEmpty)
  }

  @Test func refusesComponentsThatNeverCome() throws {
    let file = try Fixtures.jpeg("scans")
    let starts = file.indices.dropLast().filter {
      file[$0] == 0xff && file[$0 + 1] == 0xda
    }
    try #require(starts.count == 3)
    #expect(
      throws: DecodeError.damaged(
        format: .jpeg, reason: "a colour component is missing")
    ) { try ImageDecoder.decode(file[..<starts[2]] + [0xff, 0xd9]) }
  }

  /// The file may end between two scans of a progressive JPEG; then samples lack
  /// bits, and no other warning tells.
  @Test func refusesScansThatNeverCome() throws {
    let file = try Fixtures.jpeg("progressive")
    let starts = file.indices.dropLast().filter {
      file[$0] == 0xff && file[$0 + 1] == 0xda
    }
    for start in starts.dropFirst(4) {
      #expect(throws: DecodeError.self) {
        try ImageDecoder.decode(Array(file[..<start]))
      }
    }
  }

  /// Of a file that is cut, all rows of blocks that are there are kept, and
  /// they are those of the whole file.
  @Test(arguments: [
    "baseline", "cmyk", "extended", "full-chroma", "grey", "half-height",
    "half-width", "quarter-width", "restart", "rgb", "uneven", "arithmetic",
  ])
  func keepsTheRowsThatAreThere(name: String) throws {
    let file = try Fixtures.jpeg(name)
    let whole = try ImageDecoder.decode(file).raster
    var heights: Set<Int> = []
    for count in 0..<file.count - 2 {
      let cut = Array(file.prefix(count))
      guard let image = try? ImageDecoder.decode(cut, keepsGoing: true) else {
        continue
      }
      let samples = image.raster.samples
      #expect(samples == Array(whole.samples.prefix(samples.count)))
      heights.insert(image.raster.size.height)
      #expect {
        try ImageDecoder.decode(cut)
      } throws: {
        ($0 as? DecodeError)?.message.contains("--keep-going") == true
      }
    }
    // Rows of blocks are 8 or 16 rows high; where colour has half the height,
    // the last row waits for the colour below.
    #expect(heights == [8, 16] || heights == [15], "\(heights)")
  }
}
