import Quantization
import Rasters
import Testing
import _TestSupport

@Suite struct HistogramBytesTests {
  private func isSame(_ a: ColorHistogram, _ b: ColorHistogram) -> Bool {
    a.count == b.count && a.counts == b.counts && a.weights == b.weights
      && a.pixelCount == b.pixelCount && a.channels == b.channels
      && a.hasTransparent == b.hasTransparent
      && a.hasTranslucent == b.hasTranslucent && a.isGrey == b.isGrey
      && (0..<a.count).allSatisfy { a.color($0) == b.color($0) }
  }

  private static func histograms() throws -> [ColorHistogram] {
    let photo = TestRasters.noisyGradient(width: 40, height: 30)
    let size = try #require(ImageSize(width: 3, height: 1))
    let deep = DeepRaster(
      size: size, channels: .rgb, samples: [0, 1, 2, 65_535, 7, 300, 9, 9, 9])
    var weighted = ColorHistogram(of: photo)
    weighted.weights = weighted.counts.map { Double($0) / 7 }
    return [
      ColorHistogram(of: photo), ColorHistogram(of: TestRasters.disc(side: 12)),
      ColorHistogram(of: .sixteen(deep)), weighted,
      ColorHistogram(of: TestRasters.make(width: 2, height: 2) { _, _ in 0 }),
    ]
  }

  @Test func bytesAreReadBack() throws {
    for histogram in try Self.histograms() {
      let bytes = histogram.bytes()
      #expect(bytes.count == histogram.byteCount)
      #expect(isSame(try ColorHistogram(bytes: bytes), histogram))
      // A palette of what was read is that of what was written.
      let quantizer = try Quantizer(colors: 5)
      #expect(
        try quantizer.palette(of: ColorHistogram(bytes: bytes)).palette.colors
          == quantizer.palette(of: histogram).palette.colors)
    }
  }

  /// The bytes of two pixels, as docs/histogram-format.md has them.
  @Test func bytesAreThoseOfTheDocumentation() throws {
    let raster = TestRasters.make(width: 3, height: 1) { x, _ in
      x == 0 ? 0x000001 : 0x010000
    }
    let bytes = ColorHistogram(of: raster).bytes()
    let body: [UInt8] = [
      0x89, 0x51, 0x48, 0x53, 0x54, 0x0d, 0x0a, 0x1a, 1, 0, 0, 0, 0, 0, 0, 0,
      2, 0, 0, 0, 0, 0, 0, 0, 3, 0, 0, 0, 0, 0, 0, 0, 1, 1, 3, 2,
    ]
    #expect(Array(bytes.dropLast(8)) == body)
    var hash: UInt64 = 14_695_981_039_346_656_037
    for byte in body { hash = (hash ^ UInt64(byte)) &* 1_099_511_628_211 }
    let checksum = bytes.suffix(8).enumerated().reduce(UInt64(0)) {
      $0 | UInt64($1.element) << UInt64(8 * $1.offset)
    }
    #expect(checksum == hash)
  }

  @Test func everyChangeIsFound() throws {
    let bytes = ColorHistogram(
      of: TestRasters.noisyGradient(width: 5, height: 4)
    ).bytes()
    for place in bytes.indices {
      var changed = bytes
      changed[place] ^= 0x20
      #expect(throws: HistogramError.self) {
        try ColorHistogram(bytes: changed)
      }
      #expect(throws: HistogramError.self) {
        try ColorHistogram(bytes: Array(bytes.prefix(place)))
      }
    }
    #expect(throws: HistogramError.notAHistogram) {
      try ColorHistogram(bytes: Array("P6 1 1 255 abc".utf8))
    }
    var later = bytes
    later[8] = 2
    #expect(throws: HistogramError.version(2)) {
      try ColorHistogram(bytes: later)
    }
    #expect(throws: HistogramError.damaged) {
      try ColorHistogram(bytes: bytes + [0])
    }
  }

  /// However colours are grouped, their sum has the same bytes.
  @Test func mergedBytesDoNotDependOnTheOrder() {
    let parts = (0..<9).map { n in
      ColorHistogram(
        of: TestRasters.make(width: 6, height: 5) { x, y in
          UInt32((x * 7 + y * n) % 11) << 16 | UInt32(y * n)
        })
    }
    func bytes(_ parts: [ColorHistogram]) -> [UInt8]? {
      var merger = HistogramMerger()
      for part in parts { merger.add(part) }
      return merger.merged()?.bytes()
    }
    let all = bytes(parts)
    #expect(bytes(parts.reversed()) == all)
    var pairs = HistogramMerger()
    for start in stride(from: 0, to: 9, by: 3) {
      var merger = HistogramMerger()
      for part in parts[start..<start + 3] { merger.add(part) }
      if let merged = merger.merged() { pairs.add(merged) }
    }
    #expect(pairs.merged()?.bytes() == all)
  }
}
