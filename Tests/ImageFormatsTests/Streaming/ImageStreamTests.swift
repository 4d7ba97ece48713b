import Foundation
import ImageFormats
import Rasters
import Testing
import _TestSupport

/// Files read strip by strip, against the same files read at once.
@Suite struct ImageStreamTests {
  /// Calls `body` with an open file.
  private func withFile<Result>(
    _ bytes: [UInt8], _ body: (Int32) throws -> Result
  ) throws -> Result {
    let url = FileManager.default.temporaryDirectory.appendingPathComponent(
      "quantize-stream-\(UUID().uuidString)")
    try Data(bytes).write(to: url)
    defer { try? FileManager.default.removeItem(at: url) }
    let handle = try FileHandle(forReadingFrom: url)
    defer { try? handle.close() }
    return try body(handle.fileDescriptor)
  }

  private func samples(
    _ stream: inout ImageStream, rows: Int
  ) throws -> [UInt8] {
    var samples: [UInt8] = []
    while stream.row < stream.size.height {
      samples += try stream.read(
        min(rows, stream.size.height - stream.row)
      ).rounded().samples
    }
    return samples
  }

  @Test(arguments: [
    "baseline", "cmyk", "cmyk-plain", "extended", "full-chroma", "grey",
    "half-height", "half-width", "quarter-width", "restart", "rgb", "uneven",
    "ycck", "arithmetic",
  ])
  func stripsOfJPEGs(name: String) throws {
    let bytes = try Fixtures.jpeg(name)
    let whole = try ImageDecoder.decode(bytes)
    for rows in [1, 5, 23] {
      try withFile(bytes) { descriptor in
        var stream = try ImageStream(descriptor: descriptor)
        let survey = try ImageStream.Survey(descriptor: descriptor)
        #expect(survey.obstacle == nil)
        #expect(survey.size == stream.size)
        #expect(stream.header == whole.header)
        #expect(try samples(&stream, rows: rows) == whole.raster.samples)
        let end = try stream.finish()
        #expect(end.annotations == whole.annotations)
        #expect(end.warnings == whole.warnings)
        #expect(end.obstacle == nil)
      }
    }
  }

  @Test func stripsOfAPage() throws {
    var builder = TIFFBuilder()
    builder.pages = 2
    let bytes = builder.stack({ page, x, y, _ in
      UInt64(80 * page + x + y)
    })
    let whole = try ImageDecoder.decode(bytes, page: 2)
    try withFile(bytes) { descriptor in
      var stream = try ImageStream(descriptor: descriptor, page: 2)
      #expect(
        try ImageStream.Survey(descriptor: descriptor, page: 2).size
          == stream.size)
      #expect(try samples(&stream, rows: 5) == whole.raster.samples)
      #expect(try stream.finish().warnings.isEmpty)
      #expect(throws: DecodeError.noPage(3, count: 2)) {
        _ = try ImageStream(descriptor: descriptor, page: 3)
      }
    }
  }

  @Test(arguments: ["progressive", "arithmetic-progressive", "scans"])
  func filesWithSeveralScans(name: String) throws {
    try withFile(try Fixtures.jpeg(name)) { descriptor in
      let survey = try ImageStream.Survey(descriptor: descriptor)
      #expect(survey.obstacle == .severalScans)
    }
  }

  /// What is refused in the end is refused before anything is said of its memory.
  @Test func surveyRefuses() throws {
    try withFile(try Fixtures.jpegOfManyScans()) { descriptor in
      let survey = try ImageStream.Survey(descriptor: descriptor)
      let limits = DecodeLimits(pixels: 20 * survey.size.pixelCount)
      #expect {
        try ImageStream.Survey(descriptor: descriptor, limits: limits)
      } throws: { error in
        if case DecodeError.tooManyScans = error { true } else { false }
      }
    }
    var large = try Fixtures.jpeg("progressive")
    let frame = try #require(
      large.indices.dropLast().first {
        large[$0] == 0xff && large[$0 + 1] == 0xc2
      })
    large.replaceSubrange(frame + 5..<frame + 9, with: [80, 0, 80, 0])
    try withFile(large) { descriptor in
      #expect {
        try ImageStream.Survey(descriptor: descriptor)
      } throws: { error in
        if case DecodeError.damaged = error { true } else { false }
      }
      let survey = try ImageStream.Survey(
        descriptor: descriptor, keepsGoing: true)
      #expect(survey.size.width == 20_480)
      #expect(survey.obstacle == .severalScans)
    }
  }

  /// A second pass starts at the beginning again.
  @Test func passesFollowEachOther() throws {
    try withFile(try Fixtures.jpeg("baseline")) { descriptor in
      var first = try ImageStream(descriptor: descriptor)
      let samples = try samples(&first, rows: 4)
      _ = try first.finish()
      var second = try ImageStream(descriptor: descriptor)
      #expect(try self.samples(&second, rows: 9) == samples)
    }
  }

  @Test func refusals() throws {
    func error(_ bytes: [UInt8], pixels: Int = 1 << 31) throws
      -> DecodeError?
    {
      try withFile(bytes) { descriptor in
        do throws(DecodeError) {
          var stream = try ImageStream(
            descriptor: descriptor, limits: DecodeLimits(pixels: pixels))
          _ = try stream.read(stream.size.height)
          _ = try stream.finish()
          return nil
        } catch {
          return error
        }
      }
    }
    let file = try Fixtures.jpeg("baseline")
    #expect(try error([]) == .empty)
    #expect(try error(Array("plain text\n".utf8)) == .notAnImage(.text))
    #expect(
      try error(file, pixels: 5)
        == .tooLarge(width: 37, height: 23, maximumPixels: 5))
    for count in [300, file.count / 2, file.count - 40] {
      guard case .damaged = try error(Array(file[..<count])) else {
        Issue.record("\(count) bytes were not found damaged")
        continue
      }
    }
  }
}
