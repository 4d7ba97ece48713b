import Foundation
import ImageFormats
import Rasters
import Testing
import _TestSupport

/// Image data that are inflated at once, as those of files in memory are, against
/// the same files inflated row by row, as those that are read from a descriptor.
@Suite struct PlainImageDataTests {
  /// What comes of reading a file.
  private struct Outcome: Equatable {
    var samples: [UInt16] = []
    var warnings: [String] = []
    var annotations: Annotations?
    var error: DecodeError?

    /// Of pixels that are all opaque a file in memory gives no alpha.
    init(_ pixels: Pixels, _ warnings: [String], _ annotations: Annotations) {
      let opaque: UInt16
      switch pixels {
      case .eight(let raster):
        samples = raster.samples.map(UInt16.init)
        opaque = 255
      case .sixteen(let raster):
        samples = raster.samples
        opaque = .max
      }
      let alphas = stride(from: 3, to: samples.count, by: 4).map { samples[$0] }
      if pixels.channels == .rgba, alphas.allSatisfy({ $0 == opaque }) {
        samples = samples.indices.filter { $0 % 4 != 3 }.map { samples[$0] }
      }
      self.warnings = warnings
      self.annotations = annotations
    }

    init(_ error: DecodeError) { self.error = error }
  }

  private static let limits = DecodeLimits(pixels: 1 << 22)

  private func atOnce(_ file: [UInt8]) -> Outcome {
    do {
      let image = try ImageDecoder.decode(file, limits: Self.limits)
      return Outcome(image.pixels, image.warnings, image.annotations)
    } catch {
      return Outcome(error)
    }
  }

  private func rowByRow(_ file: [UInt8]) throws -> Outcome {
    let url = FileManager.default.temporaryDirectory.appendingPathComponent(
      "quantize-plain-\(UUID().uuidString)")
    try Data(file).write(to: url)
    defer { try? FileManager.default.removeItem(at: url) }
    let handle = try FileHandle(forReadingFrom: url)
    defer { try? handle.close() }
    do {
      var stream = try ImageStream(
        descriptor: handle.fileDescriptor, limits: Self.limits)
      let pixels = try stream.read(stream.size.height)
      let end = try stream.finish()
      return Outcome(pixels, end.warnings, end.annotations)
    } catch {
      return Outcome(error)
    }
  }

  private func expectSame(
    _ file: [UInt8], _ comment: Comment? = nil,
    sourceLocation: SourceLocation = #_sourceLocation
  ) throws {
    #expect(
      atOnce(file) == (try rowByRow(file)), comment,
      sourceLocation: sourceLocation)
  }

  /// The file with its image data in pieces.
  private func cut(
    _ file: [UInt8], _ lengths: [Int], between: (String, [UInt8])? = nil
  ) throws -> [UInt8] {
    let chunks = try #require(PNGChunks(file))
    var result = PNGBuilder.signature
    let data = chunks.all.filter { $0.name == "IDAT" }.flatMap(\.payload)
    var isWritten = false
    for chunk in chunks.all {
      guard chunk.name == "IDAT" else {
        result += PNGBuilder.chunk(chunk.name, chunk.payload)
        continue
      }
      guard !isWritten else { continue }
      isWritten = true
      var (start, turn) = (0, 0)
      while start < data.count {
        let end = min(data.count, start + lengths[turn % lengths.count])
        result += PNGBuilder.chunk("IDAT", Array(data[start..<end]))
        if let between, turn == 0 {
          result += PNGBuilder.chunk(between.0, between.1)
        }
        (start, turn) = (end, turn + 1)
      }
    }
    return result
  }

  /// Noise on a slope, of more bytes than a stored block has.
  private static func raster(_ channels: Raster.Channels) throws -> Raster {
    let size = try #require(ImageSize(width: 211, height: 203))
    var generator = Generator(seed: 7)
    let samples = (0..<size.pixelCount * channels.count).map {
      UInt8($0 / 700 & 127) + UInt8.random(in: 0...7, using: &generator)
    }
    return Raster(size: size, channels: channels, samples: samples)
  }

  private static func compressed() throws -> [[UInt8]] {
    let rgb = try raster(.rgb)
    let palette = (0..<16).map { RGBColor(packed: UInt32($0 * 0x0f1103)) }
    let indexed = IndexedImage(
      size: rgb.size, palette: palette,
      indices: (0..<rgb.size.pixelCount).map { rgb.samples[$0] & 15 })
    return [
      try PNGEncoder(compressionLevel: 6).encode(rgb),
      try PNGEncoder(compressionLevel: 1).encode(try raster(.rgba)),
      try PNGEncoder(compressionLevel: 9).encode(indexed),
    ]
  }

  @Test(arguments: PNGReaderTests.Kind.all)
  func everyKind(kind: PNGReaderTests.Kind) throws {
    let file = kind.file
    try expectSame(file)
    for lengths in [[1], [3, 0, 5], [7], [40]] {
      try expectSame(try cut(file, lengths), "in pieces of \(lengths)")
    }
  }

  @Test func compressedData() throws {
    for file in try Self.compressed() {
      #expect(atOnce(file).error == nil)
      try expectSame(file)
      for lengths in [[1, 4_000], [8_192], [3, 0, 500]] {
        let pieces = try cut(file, lengths)
        #expect(atOnce(pieces) == atOnce(file))
        try expectSame(pieces)
      }
    }
  }

  @Test func truncatedAndSpoiltFiles() throws {
    var generator = Generator(seed: 3)
    for whole in try Self.compressed() {
      for file in [whole, try cut(whole, [5_000])] {
        for _ in 0..<60 {
          let end = Int.random(in: 0..<file.count, using: &generator)
          try expectSame(Array(file.prefix(end)), "cut to \(end)")
          var spoilt = file
          let place = Int.random(in: 0..<file.count, using: &generator)
          spoilt[place] ^= UInt8.random(in: 1...255, using: &generator)
          try expectSame(spoilt, "spoilt at \(place)")
        }
      }
    }
  }

  /// Damage that CRCs do not show: of the stream, and of its checksum.
  @Test func spoiltStreamsWithRightCRCs() throws {
    var generator = Generator(seed: 4)
    for file in try Self.compressed() {
      let chunks = try #require(PNGChunks(file))
      for round in 0..<60 {
        var spoilt = PNGBuilder.signature
        for chunk in chunks.all {
          var payload = chunk.payload
          if chunk.name == "IDAT", !payload.isEmpty {
            // Also the two bytes in front and the four behind.
            let place =
              round < 12
              ? (round < 4 ? round / 2 : payload.count - 1 - round % 4)
              : Int.random(in: 0..<payload.count, using: &generator)
            payload[place] ^= UInt8.random(in: 1...255, using: &generator)
          }
          spoilt += PNGBuilder.chunk(chunk.name, payload)
        }
        try expectSame(spoilt, "round \(round)")
      }
    }
  }

  /// Streams that end too early or go on, and what stands between chunks.
  @Test func dataOfAnotherLength() throws {
    var plain: [UInt8] = []
    for row in 0..<10 {
      plain.append(0)
      for x in 0..<30 { plain.append(UInt8(row * 7 + x)) }
    }
    var twice = plain
    twice += plain
    let header: [UInt8] = bigEndian(10) + bigEndian(10) + [8, 2, 0, 0, 0]
    func file(_ data: [UInt8], after: [UInt8] = []) -> [UInt8] {
      var file = PNGBuilder.signature
      file += PNGBuilder.chunk("IHDR", header)
      file += PNGBuilder.chunk("IDAT", data)
      file += after
      return file + PNGBuilder.chunk("IEND", [])
    }
    let sound = PNGBuilder.stored(plain)
    try expectSame(file(sound))
    try expectSame(file(sound + [0]))
    try expectSame(file(sound, after: PNGBuilder.chunk("IDAT", [])))
    try expectSame(file(sound, after: PNGBuilder.chunk("IDAT", [1, 2, 3])))
    try expectSame(file(PNGBuilder.stored(Array(plain.dropLast()))))
    try expectSame(file(PNGBuilder.stored(plain + [0])))
    try expectSame(file(PNGBuilder.stored(twice)))
    try expectSame(file([]))
    try expectSame(file([0x78, 0x01]))
    let whole = file(sound)
    try expectSame(try cut(whole, [100], between: ("tEXt", Array("a\0b".utf8))))
    try expectSame(try cut(whole, [100], between: ("IDAT", [])))
  }
}
