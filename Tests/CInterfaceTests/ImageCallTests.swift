import CInterface
import CQuantize
import Quantization
import Rasters
import Testing
import TruncatedEM
import _TestSupport

/// Images from pixels to indices: the same as by the types of Swift.
@Suite struct ImageCallTests {
  private let raster = TestRasters.noisyGradient(width: 48, height: 36)

  @Test(arguments: ["none", "floyd-steinberg", "blue-noise"])
  func resultsAreThoseOfAQuantizer(method: String) throws {
    let image = try CalledImage(raster)
    let options = try CalledOptions()
    options.check(quantize_options_set_colors(options.pointer, 12))
    options.check(quantize_options_set_cprime(options.pointer, 2))
    options.check(quantize_options_set_seed(options.pointer, 5))
    options.check(quantize_options_set_dither(options.pointer, method, 0.7))
    var wanted = try QuantizerOptions(colors: 12)
    wanted.truncation = Truncation(2)
    wanted.seed = 5
    if let method = DitherMethod(name: method), method != .none {
      wanted.dither = DitherOptions(method, effort: .standard)
      wanted.dither.strength = 0.7
    }
    let expected = try Quantizer(wanted).quantize(raster)
    let result = try CalledResult(image, options)
    guard case .indexed(let indexed) = expected.mapped else {
      Issue.record("12 colours are not indexed")
      return
    }
    #expect(result.indices == indexed.indices.map(UInt16.init))
    #expect(
      quantize_result_error(result.pointer)
        == expected.distortion.meanSquaredError)
    #expect(
      result.colors
        == expected.palette.entries.map {
          [$0.color.red, $0.color.green, $0.color.blue, $0.alpha]
        })
    #expect(result.counts == expected.palette.entries.map { UInt64($0.count) })
  }

  /// Rows may be anywhere, in either direction, and samples of any type.
  @Test func formsOfTheSameImageAreTheSame() throws {
    let (width, height) = (raster.size.width, raster.size.height)
    let options = try CalledOptions()
    options.check(quantize_options_set_colors(options.pointer, 7))
    let plain = try CalledResult(CalledImage(raster), options).indices
    // Rows from the bottom, with three bytes between them.
    let stride = 3 * width + 3
    var flipped = [UInt8](repeating: 99, count: stride * height)
    for y in 0..<height {
      for x in 0..<3 * width {
        flipped[(height - 1 - y) * stride + x] =
          raster.samples[y * 3 * width + x]
      }
    }
    let upward = try flipped.withUnsafeBytes {
      try CalledImage(
        $0.baseAddress.map { $0 + (height - 1) * stride }, width, height,
        -stride, QUANTIZE_RGB, QUANTIZE_UINT8)
    }
    #expect(try CalledResult(upward, options).indices == plain)
    let opaque = raster.samples.indices.flatMap { place -> [UInt8] in
      place % 3 == 2 ? [raster.samples[place], 255] : [raster.samples[place]]
    }
    let withAlpha = try opaque.withUnsafeBytes {
      try CalledImage(
        $0.baseAddress, width, height, 0, QUANTIZE_RGBA, QUANTIZE_UINT8)
    }
    #expect(try CalledResult(withAlpha, options).indices == plain)
    let deep = raster.samples.map { UInt16($0) * 257 }
    let sixteen = try deep.withUnsafeBytes {
      try CalledImage(
        $0.baseAddress, width, height, 0, QUANTIZE_RGB, QUANTIZE_UINT16)
    }
    let floats = deep.map { Float($0) / 65_535 }
    let real = try floats.withUnsafeBytes {
      try CalledImage(
        $0.baseAddress, width, height, 0, QUANTIZE_RGB, QUANTIZE_FLOAT32)
    }
    #expect(
      try CalledResult(real, options).indices
        == CalledResult(sixteen, options).indices)
    // Grey is three equal samples.
    let greys = Array(raster.samples.prefix(width * height))
    let grey = try greys.withUnsafeBytes {
      try CalledImage(
        $0.baseAddress, width, height, 0, QUANTIZE_GREY, QUANTIZE_UINT8)
    }
    let tripled = Raster(
      size: raster.size, channels: .rgb,
      samples: greys.flatMap { [$0, $0, $0] })
    #expect(
      try CalledResult(grey, options).indices
        == CalledResult(CalledImage(tripled), options).indices)
  }

  @Test func moreColorsThanBytesCanNumber() throws {
    let image = try CalledImage(raster)
    let options = try CalledOptions()
    options.check(quantize_options_set_colors(options.pointer, 700))
    let result = try CalledResult(image, options)
    let count = result.colors.count
    #expect(count > 256)
    for (pixel, index) in result.indices.enumerated() {
      // What the index says is near what was there.
      let color = result.colors[Int(index)]
      for channel in 0..<3 {
        let difference =
          Int(color[channel]) - Int(raster.samples[3 * pixel + channel])
        #expect(abs(difference) < 24)
      }
    }
    var bytes = [UInt8](repeating: 0, count: result.indices.count)
    #expect(
      quantize_result_indices8(result.pointer, &bytes)
        == QUANTIZE_NOT_POSSIBLE)
    #expect(said() == "\(count) entries do not fit 8 bits")
  }

  @Test func progressRisesAndCancels() throws {
    let image = try CalledImage(raster)
    let options = try CalledOptions()
    options.check(quantize_options_set_effort(options.pointer, 8))
    options.check(quantize_options_set_cprime(options.pointer, 3))
    options.check(quantize_options_set_colors(options.pointer, 64))
    final class Told { var stages: [(String, Double)] = [] }
    let told = Told()
    let context = Unmanaged.passUnretained(told).toOpaque()
    var out: OpaquePointer?
    let whole = quantize_image_quantize(
      image.pointer, options.pointer,
      { stage, fraction, context in
        guard let stage, let context else { return false }
        Unmanaged<Told>.fromOpaque(context).takeUnretainedValue()
          .stages.append((String(cString: stage), fraction))
        return true
      }, context, &out)
    #expect(whole == QUANTIZE_OK)
    quantize_result_free(out)
    var names: [String] = []
    for (stage, fraction) in told.stages {
      if names.last != stage { names.append(stage) }
      #expect((0...1).contains(fraction))
    }
    #expect(names == ["histogram", "fit", "map"])
    for stage in names {
      let fractions = told.stages.filter { $0.0 == stage }.map(\.1)
      #expect(fractions == fractions.sorted())
    }
    out = nil
    let ended = quantize_image_quantize(
      image.pointer, options.pointer,
      { stage, _, _ in stage.map { String(cString: $0) } != "fit" }, nil, &out)
    #expect(ended == QUANTIZE_CANCELLED)
    #expect(out == nil)
    #expect(said() == "the call was cancelled")
  }

  @Test func mappingKeepsAPalette() throws {
    let image = try CalledImage(raster)
    let options = try CalledOptions()
    options.check(quantize_options_set_colors(options.pointer, 9))
    let first = try CalledResult(image, options)
    var palette: OpaquePointer?
    #expect(quantize_result_palette(first.pointer, &palette) == QUANTIZE_OK)
    defer { quantize_palette_free(palette) }
    var out: OpaquePointer?
    // The options of another fit do not matter.
    options.check(quantize_options_set_pinned(options.pointer, [1, 2, 3], 1))
    #expect(
      quantize_palette_map(
        palette, image.pointer, options.pointer, nil, nil, &out) == QUANTIZE_OK)
    let mapped = try CalledResult(out, raster.size.pixelCount)
    #expect(mapped.colors == first.colors)
    #expect(mapped.indices == first.indices)
  }

  @Test func unusedEntriesStayWhereThatIsAskedFor() throws {
    let image = try CalledImage(raster)
    let options = try CalledOptions()
    // One of the two that are equal has no pixels.
    let rgba: [[UInt8]] = [
      [1, 254, 3, 255], [0, 0, 0, 255], [1, 254, 3, 255], [255, 255, 255, 255],
    ]
    options.check(
      quantize_options_set_palette(options.pointer, rgba.flatMap(\.self), 4))
    options.check(quantize_options_set_keep_palette(options.pointer, true))
    let kept = try CalledResult(image, options)
    #expect(kept.colors == rgba)
    options.check(quantize_options_set_keep_palette(options.pointer, false))
    let used = try CalledResult(image, options)
    #expect(used.colors.count < rgba.count)
  }
}
