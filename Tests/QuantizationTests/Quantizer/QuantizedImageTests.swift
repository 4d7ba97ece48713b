import ColorModels
import ImageQuality
import Quantization
import Rasters
import Testing
import TruncatedEM
import _TestSupport

@Suite struct QuantizedImageTests {
  private let photo = TestRasters.noisyGradient(width: 90, height: 60)

  private func quantize(
    _ raster: Raster, colors: Int, cprime: Int
  ) throws -> QuantizedImage {
    var options = QuantizerOptions(
      start: .search(try PaletteSize(colors)),
      truncation: Truncation(cprime))
    options.maximumIterations = 20
    return try Quantizer(options).quantize(raster)
  }

  @Test(arguments: [1, 2, 10])
  func pixelsAndMeasuresBelongTogether(cprime: Int) throws {
    let image = try quantize(photo, colors: 10, cprime: cprime)
    let raster = image.raster()
    #expect(Distortion(of: photo, raster) == image.distortion)
    #expect(image.distortion.meanSquaredError >= image.inertia)
    // Rounding moves each of three coordinates by at most a half.
    #expect(image.distortion.meanSquaredError <= image.inertia + 0.75)
    #expect(image.fit.model.components == 10)
  }

  /// With as many colours as there are, nothing changes, whatever the mixture is.
  @Test(
    arguments: [WorkingSpace.srgb, .linear, .oklab, .lab],
    [CovarianceType.tied, .spherical])
  func enoughColorsAreTheInput(
    space: WorkingSpace, variance: CovarianceType
  ) throws {
    // Opaque colours a step apart, faint ones, both, and greys.
    let kinds: [(Raster.Channels, (Int) -> [UInt8])] = [
      (.rgb, { [100 + UInt8($0), 120, 90 + UInt8($0 * 7 % 13)] }),
      (
        .rgba,
        { [UInt8($0 * 53 % 256), UInt8($0 * 91 % 256), UInt8($0 * 7), 2] }
      ),
      (.rgba, { [UInt8($0 * 5), 7, UInt8($0 * 3), $0 % 3 == 0 ? 255 : 9] }),
      (.rgb, { [UInt8](repeating: 100 + UInt8($0), count: 3) }),
    ]
    let size = try #require(ImageSize(width: 36, height: 10))
    for (kind, (channels, color)) in kinds.enumerated() {
      let samples = (0..<360).flatMap { color($0 * $0 % 36) }
      let raster = Raster(size: size, channels: channels, samples: samples)
      let distinct = Set((0..<360).map { $0 * $0 % 36 }).count
      for (cprime, extra) in [(1, 0), (2, 0), (7, 5), (distinct, 0)] {
        for mixing in [MixingWeights.equal, .learned] {
          var options = QuantizerOptions(
            start: .search(try PaletteSize(distinct + extra)),
            truncation: Truncation(cprime))
          options.space = CompositeSpace(space)
          options.variance = variance
          options.mixing = mixing
          let image = try Quantizer(options).quantize(raster)
          #expect(
            image.distortion.meanSquaredError == 0,
            "kind \(kind), C' \(cprime), \(mixing)")
          let values = image.fit.iterations.map(\.freeEnergy)
          for (old, new) in zip(values, values.dropFirst()) {
            #expect(new >= old - 1e-12 * abs(old))
          }
        }
      }
    }
  }

  /// The same where a colour is pinned, and where the number is chosen.
  @Test(arguments: [1, 3, 24])
  func enoughColorsAreTheInputHoweverChosen(cprime: Int) throws {
    let raster = TestRasters.make(width: 24, height: 5) { x, _ in
      0x64_785A + UInt32(x) << 16 + UInt32(x * 7 % 13)
    }
    let exact = try QualityTarget(peakSignalToNoiseRatio: 500)
    let starts: [QuantizerOptions.Start] = [
      .search(try PaletteSize(24)),
      .choose(ColorCountChoice(.target(exact), upTo: try PaletteSize(40))),
      .choose(
        ColorCountChoice(
          .quality(try QualityRange(least: 0, most: 100)),
          upTo: try PaletteSize(40))),
    ]
    for start in starts {
      for pinned in [[], [RGBColor(packed: 0x65_7861)]] {
        var options = QuantizerOptions(
          start: start, truncation: Truncation(cprime))
        options.variance = .spherical
        options.mixing = .learned
        options.space = CompositeSpace(.oklab)
        options.pinned = pinned
        let image = try Quantizer(options).quantize(raster)
        #expect(image.distortion.meanSquaredError == 0)
        #expect(image.palette.entries.count == 24)
      }
    }
  }

  @Test func moreColoursThanIndicesAreWrittenAsColours() throws {
    let image = try quantize(photo, colors: 400, cprime: 1)
    guard case .colors(let raster) = image.mapped else {
      Issue.record("400 colours were indexed")
      return
    }
    #expect(image.palette.entries.count > 256)
    #expect(Distortion(of: photo, raster) == image.distortion)
  }

  @Test func oneColourIsTheMean() throws {
    let raster = TestRasters.make(width: 2, height: 1) { x, _ in
      x == 0 ? 0x000000 : 0x0a141e
    }
    let image = try quantize(raster, colors: 1, cprime: 1)
    #expect(image.palette.colors.map(\.packed) == [0x050a0f])
    // Each pixel is 5, 10 and 15 away.
    #expect(image.distortion.meanSquaredError == 350)
  }
}
