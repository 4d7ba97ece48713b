import ColorModels
import Quantization
import Rasters
import Testing
import TruncatedEM
import _TestSupport

/// The step of an image's samples, and fits that scale with them.
@Suite struct ImageStepTests {
  private static let (width, height) = (90, 60)

  /// Three levels in noise, as a dim camera of 16 bits sees them: grey, or with
  /// a level of its own for each channel.
  private static func dim(_ seed: UInt64, isGrey: Bool) -> [Double] {
    var numbers = Generator(seed: seed)
    func noise() -> Double {
      (0..<4).reduce(0) { sum, _ in sum + Double(numbers.next() >> 40) }
        / Double(1 << 24) - 2
    }
    return (0..<width * height).flatMap { n -> [Double] in
      let kind = (n % width / 11 + n / width / 9) % 3
      let spread = [14.0, 30, 9][kind]
      let levels = [[130.0, 150, 210], [200, 260, 160], [310, 190, 270]][kind]
      let first = (levels[0] + spread * noise()).rounded()
      return isGrey
        ? [first, first, first]
        : [first] + levels[1...].map { ($0 + spread * noise()).rounded() }
    }
  }

  private static func pixels(
    _ samples: [Double], times factor: Double
  ) throws -> Pixels {
    let size = try #require(ImageSize(width: width, height: height))
    return .sixteen(
      DeepRaster(
        size: size, channels: .rgb,
        samples: samples.map {
          UInt16(min(65_535, ($0 * factor).rounded()))
        }))
  }

  private func step(
    _ pixels: Pixels, in space: CompositeSpace = .encoded
  ) -> Double {
    (12 * ColorHistogram(of: pixels).roundingVariance(in: space)).squareRoot()
  }

  @Test func eightBitsHaveTheirStep() throws {
    let raster = TestRasters.make(width: 30, height: 20) { x, y in
      UInt32(x * 8) * 0x10100 + UInt32(y * 5)
    }
    let widened = DeepRaster(
      size: raster.size, channels: .rgb,
      samples: raster.samples.map { UInt16($0) * 257 })
    for working in WorkingSpace.allCases {
      let space = CompositeSpace(working)
      for pixels in [Pixels.eight(raster), .sixteen(widened)] {
        #expect(
          abs(step(pixels, in: space) / working.step - 1) < 1e-12)
      }
    }
  }

  @Test(arguments: [true, false])
  func sixteenBitsHaveTheOneThatIsSeen(isGrey: Bool) throws {
    let dim = Self.dim(3, isGrey: isGrey)
    for (factor, expected) in [
      (1.0, 1.0), (150, 150), (16, 16), (257, 257), (149.7, 149),
    ] {
      let found = step(try Self.pixels(dim, times: factor)) * 257
      #expect(abs(found / expected - 1) < 1e-9, "\(factor): \(found)")
    }
    // Values that are cut off at white make it a little less at most.
    let cut = step(try Self.pixels(dim, times: 220)) * 257
    #expect((20...220).contains(cut))
    // A few values do not say what the step is.
    let few = dim.map { $0 < 170 ? 1_000.0 : $0 < 240 ? 9_000 : 50_000 }
    let found = step(try Self.pixels(few, times: 1)) * 257
    #expect(abs(found - 49_000.0 / 255) < 1e-9)
  }

  private func options(_ start: QuantizerOptions.Start) -> QuantizerOptions {
    var options = QuantizerOptions(start: start, truncation: .soft(2))
    options.variance = .spherical
    options.mixing = .learned
    return options
  }

  /// A picture and a multiple of it have the same fit, but for the factor.
  @Test(arguments: [1, 2, 3, 4] as [UInt64])
  func fitsScale(seed: UInt64) throws {
    for isGrey in [true, false] {
      let samples = Self.dim(seed, isGrey: isGrey)
      let options = options(.search(try PaletteSize(3)))
      func fit(_ factor: Double) throws -> MixtureModel {
        try Quantizer(options).palette(
          of: Self.pixels(samples, times: factor)
        ).fit.model
      }
      let dim = try fit(1)
      for factor in [2.0, 37, 150] {
        let bright = try fit(factor)
        // Which component is which may differ where colours are ordered by bits.
        let order = (0..<3).map { c in
          (0..<3).min {
            abs(bright.mean($0)[0] - factor * dim.mean(c)[0])
              < abs(bright.mean($1)[0] - factor * dim.mean(c)[0])
          } ?? 0
        }
        #expect(Set(order).count == 3)
        for (c, other) in order.enumerated() {
          for (a, b) in zip(dim.mean(c), bright.mean(other)) {
            #expect(abs(b / a / factor - 1) < 1e-3)
          }
          let variances = (
            try #require(dim.variances)[c],
            try #require(bright.variances)[other]
          )
          #expect(
            abs(variances.1 / variances.0 / factor / factor - 1) < 0.02)
          let shares = (
            try #require(dim.mixingWeights)[c],
            try #require(bright.mixingWeights)[other]
          )
          #expect(abs(shares.1 - shares.0) < 5e-3)
        }
      }
    }
  }

  /// The number of colours that a criterion chooses does not depend on it.
  @Test(arguments: [1, 2] as [UInt64])
  func choicesScale(seed: UInt64) throws {
    let samples = Self.dim(seed, isGrey: true)
    let start = QuantizerOptions.Start.choose(
      ColorCountChoice(.criterion(.bic), upTo: try PaletteSize(32)))
    for general in [false, true] {
      var options = options(start)
      if !general { (options.mixing, options.variance) = (.equal, .tied) }
      let numbers = try [1.0, 37, 150].map {
        try Quantizer(options).palette(
          of: Self.pixels(samples, times: $0)
        ).fit.model.components
      }
      #expect(Set(numbers).count == 1, "\(numbers)")
      #expect(numbers[0] > 1)
    }
  }
}
