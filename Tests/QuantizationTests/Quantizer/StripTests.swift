import Quantization
import Rasters
import Testing
import TruncatedEM
import _TestSupport

/// Images that come strip by strip, against the same images as a whole.
@Suite struct StripTests {
  private let photo = TestRasters.noisyGradient(width: 70, height: 300)

  /// Quantises an image strip by strip.
  private func quantize(
    _ raster: Raster, _ options: QuantizerOptions, rows: Int
  ) throws -> (bytes: [UInt8], summary: QuantizationSummary) {
    let quantizer = Quantizer(options)
    let whole = Pixels.eight(raster)
    let height = raster.size.height
    let strips = stride(from: 0, to: height, by: rows).map {
      whole.strip($0..<min(height, $0 + rows))
    }
    var counter = quantizer.counter(of: raster.size)
    for strip in strips { counter.count(strip) }
    let counted = counter.finish()
    let fitted = try quantizer.palette(of: counted.histogram)
    var mapper = try quantizer.mapper(for: fitted, of: counted)
    #expect(mapper.needsCounting == (options.dither.method != .none))
    if mapper.needsCounting {
      for strip in strips { mapper.count(strip) }
    }
    #expect(!mapper.needsCounting)
    var bytes: [UInt8] = []
    for strip in strips { bytes += mapper.map(strip).bytes }
    return (bytes, mapper.summary)
  }

  private func expectSame(
    _ raster: Raster, _ options: QuantizerOptions, rows: Int
  ) throws {
    let whole = try Quantizer(options).quantize(raster)
    let strips = try quantize(raster, options, rows: rows)
    #expect(strips.bytes == whole.mapped.bytes)
    #expect(strips.summary.palette.entries == whole.palette.entries)
    #expect(strips.summary.distortion == whole.distortion)
    #expect(strips.summary.ditherRounds == whole.summary.ditherRounds)
    #expect(strips.summary.fit.model == whole.fit.model)
    #expect(strips.summary.inertia == whole.inertia)
  }

  @Test(arguments: [1, 7, 128, 300])
  func plainMapping(rows: Int) throws {
    for colors in [12, 400] {
      try expectSame(photo, try QuantizerOptions(colors: colors), rows: rows)
    }
  }

  /// Pixels that are asked for, some at a time.
  @Test(arguments: [false, true]) func indices(isTransparent: Bool) throws {
    var options = try QuantizerOptions(colors: 12)
    let pixels =
      isTransparent
      ? Pixels.eight(TestRasters.disc(side: 150)) : .eight(photo)
    for index in [nil, 3] {
      options.order.transparentIndex = isTransparent ? index : nil
      let quantizer = Quantizer(options)
      let fitted = try quantizer.palette(of: pixels)
      var mapper = try quantizer.mapper(for: fitted, of: pixels)
      let write = try #require(mapper.indices(of: pixels))
      var indices: [UInt8] = []
      for first in stride(from: 0, to: pixels.size.pixelCount, by: 1_777) {
        let range = first..<min(first + 1_777, pixels.size.pixelCount)
        indices += [UInt8](unsafeUninitializedCapacity: range.count) {
          write(range, $0)
          $1 = range.count
        }
      }
      #expect(indices == mapper.map(pixels).bytes)
    }
    options.dither.method = .riemersma
    let dithering = Quantizer(options)
    let fitted = try dithering.palette(of: pixels)
    let mapper = try dithering.mapper(for: fitted, of: pixels)
    #expect((mapper.indices(of: pixels) != nil) == false)
  }

  @Test(arguments: [
    DitherMethod.errorDiffusion(.floydSteinberg), .riemersma,
    .ordered(.blueNoise),
  ])
  func dithering(method: DitherMethod) throws {
    for (colors, rounds) in [(12, 0), (12, 2), (300, 0)] {
      var options = try QuantizerOptions(colors: colors)
      options.dither.method = method
      options.dither.rounds = rounds
      options.threads = 3
      for rows in [PixelMapper.rowUnit, 2 * PixelMapper.rowUnit] {
        try expectSame(photo, options, rows: rows)
      }
    }
  }

  @Test func weightsAndAlpha() throws {
    var options = try QuantizerOptions(colors: 9)
    options.balance = 0.5
    options.pinned = [RGBColor(packed: 0xff0000)]
    options.truncation = Truncation(2)
    try expectSame(photo, options, rows: 31)
    let disc = TestRasters.disc(side: 150)
    try expectSame(disc, options, rows: 40)
    options.dither = DitherOptions(.errorDiffusion(.sierra), effort: .standard)
    try expectSame(disc, options, rows: PixelMapper.rowUnit)
  }

  /// An alpha channel that is opaque everywhere is known only at the end.
  @Test func opaqueAlpha() throws {
    let size = photo.size
    var samples: [UInt8] = []
    for pixel in 0..<size.pixelCount {
      samples += photo.samples[3 * pixel..<3 * pixel + 3] + [255]
    }
    let opaque = Raster(size: size, channels: .rgba, samples: samples)
    for method in [DitherMethod.none, .errorDiffusion(.floydSteinberg)] {
      var options = try QuantizerOptions(colors: 10)
      options.dither = DitherOptions(method, effort: .standard)
      let strips = try quantize(opaque, options, rows: PixelMapper.rowUnit)
      let plain = try Quantizer(options).quantize(photo)
      #expect(strips.bytes == plain.mapped.bytes)
      #expect(strips.summary.palette.entries == plain.palette.entries)
    }
  }
}
