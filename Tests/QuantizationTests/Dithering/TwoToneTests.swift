import Quantization
import Rasters
import Testing
import _TestSupport

/// The preset for looks does not dither a picture of two colours.
@Suite struct TwoToneTests {
  /// Lines of strokes with soft edges and noise around them, over a stamp of
  /// another colour.
  private static let page = {
    var numbers = Generator(seed: 3)
    return TestRasters.make(width: 200, height: 140) { x, y in
      if (150..<166).contains(x), (100..<116).contains(y) { return 0xc81e27 }
      let noise = UInt32(numbers.next() >> 40) % 8
      let grey: UInt32
      switch (x % 11, y % 20) {
      case (2, 3...11), (0...5, 7): grey = 20 + noise
      case (1, 3...11), (3, 3...11): grey = 170 + 4 * noise
      case (_, 1...13): grey = 255 - noise
      default: grey = 255
      }
      return grey * 0x010101
    }
  }()

  private func quantized(
    _ raster: Raster, _ change: (inout QuantizerOptions) -> Void = { _ in }
  ) throws -> (image: QuantizedImage, isPlain: Bool) {
    var options = try QuantizerOptions(colors: 2)
    options.preferAppearance()
    change(&options)
    let image = try Quantizer(options).quantize(raster)
    options.dither = DitherOptions()
    let plain = try Quantizer(options).quantize(raster)
    return (image, image.raster().samples == plain.raster().samples)
  }

  @Test func pagesStayPlain() throws {
    let (image, isPlain) = try quantized(Self.page)
    #expect(isPlain)
    #expect(image.summary.ditherRounds == 0)
  }

  @Test func gradientsAreMixed() throws {
    let gradient = TestRasters.noisyGradient(width: 90, height: 60)
    #expect(try !quantized(gradient).isPlain)
    let ramp = TestRasters.make(width: 128, height: 64) { x, _ in
      UInt32(2 * x) * 0x010101
    }
    #expect(try !quantized(ramp).isPlain)
  }

  @Test func whoAsksForDitheringGetsIt() throws {
    let asked = try quantized(Self.page) {
      $0.dither = DitherOptions(
        .errorDiffusion(.floydSteinberg), effort: $0.effort)
    }
    #expect(!asked.isPlain)
  }
}
