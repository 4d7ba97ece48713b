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
  ]

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
    #expect(Fixtures.meanDifference(samples, source) < 3)
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
    let scans = try Fixtures.jpeg("scans")
    let starts = zip(scans, scans.dropFirst()).filter { $0 == (0xff, 0xda) }
    #expect(starts.count == 3)
  }

  @Test func ignoresWhatFollowsTheEnd() throws {
    let file = try Fixtures.jpeg("baseline")
    let image = try ImageDecoder.decode(file + [0xff, 0, 1, 2])
    #expect(
      image.raster.samples == (try ImageDecoder.decode(file).raster.samples))
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
}
