import Quantization
import Rasters
import Testing
import TruncatedEM
import _TestSupport

/// Choosing the number of colours, against fitting every number.
@Suite struct ColorCountSelectorTests {
  private let photo = TestRasters.noisyGradient(width: 60, height: 40)

  private func quantize(
    _ raster: Raster, _ start: QuantizerOptions.Start, cprime: Int = 1
  ) throws -> QuantizedImage {
    var options = QuantizerOptions(
      start: start, truncation: Truncation(cprime))
    options.seed = 4
    options.threads = 2
    return try Quantizer(options).quantize(raster)
  }

  private func choose(
    _ raster: Raster, _ rule: ColorCountChoice.Rule, upTo most: Int = 256,
    cprime: Int = 1
  ) throws -> QuantizedImage {
    try quantize(
      raster, .choose(ColorCountChoice(rule, upTo: try PaletteSize(most))),
      cprime: cprime)
  }

  /// PSNR rises with nearly every colour: what is found is the smallest of all
  /// numbers that reach the target, also where the curve dips.
  @Test func smallestOfAllNumbers() throws {
    let curve = try (1...70).map { count in
      try quantize(photo, .search(try PaletteSize(count)))
        .distortion.peakSignalToNoiseRatio
    }
    for decibels in [12.0, 18, 20, 22, 24, 26, 27, 28, 29, 29.5, 30, 30.5] {
      let smallest = try #require(curve.firstIndex { $0 >= decibels }) + 1
      let target = try QualityTarget(peakSignalToNoiseRatio: decibels)
      let image = try choose(photo, .target(target))
      let found = image.fit.model.components
      #expect(found == smallest)
      #expect(image.distortion.peakSignalToNoiseRatio >= decibels)
      let record = try #require(image.selection)
      #expect(record.candidates.count < 12)
      let tried = record.candidates.map(\.colors)
      #expect(Set(tried).count == tried.count)
      for candidate in record.candidates where candidate.colors <= 70 {
        guard case .quality(let quality, nil) = candidate.figures else {
          Issue.record("a target has no criterion: \(candidate)")
          continue
        }
        #expect(
          quality.distortion.peakSignalToNoiseRatio
            == curve[candidate.colors - 1])
      }
    }
  }

  @Test(arguments: [1, 3])
  func isTheImageOfThatNumber(cprime: Int) throws {
    let rules: [ColorCountChoice.Rule] = [
      .criterion(.bic), .criterion(.aic),
      .target(try QualityTarget(colorDifference: 6)),
      .target(
        try QualityTarget(peakSignalToNoiseRatio: 25, colorDifference: 5)),
    ]
    for rule in rules {
      let chosen = try choose(photo, rule, upTo: 40, cprime: cprime)
      let count = chosen.fit.model.components
      #expect(count <= 40)
      let alone = try quantize(
        photo, .search(try PaletteSize(count)), cprime: min(cprime, count))
      #expect(alone.fit.model == chosen.fit.model)
      #expect(alone.raster().samples == chosen.raster().samples)
      #expect(alone.selection == nil)
    }
  }

  @Test func exactColoursWhereTheyAreFew() throws {
    let colors: [UInt32] = [0x102030, 0x908070, 0xff0000, 0x00c0ff, 0xffffff]
    let flat = TestRasters.make(width: 20, height: 20) { x, y in
      colors[(x / 4 + y / 3) % 5]
    }
    for criterion in InformationCriterion.allCases {
      let image = try choose(flat, .criterion(criterion))
      #expect(image.fit.model.components == 5)
      #expect(image.distortion.meanSquaredError == 0)
    }
    // No finite number of decibels asks for more than all colours.
    let image = try choose(
      flat, .target(try QualityTarget(peakSignalToNoiseRatio: 1_000)))
    #expect(image.fit.model.components == 5)
    let exact = try choose(
      flat, .target(try QualityTarget(colorDifference: 0)))
    #expect(exact.fit.model.components == 5)
  }

  /// A target is one for the image as it is written.
  @Test(arguments: [
    DitherMethod.none, .errorDiffusion(.atkinson), .riemersma,
    .ordered(.blueNoise),
  ])
  func targetsAreReachedAfterDithering(method: DitherMethod) throws {
    for raster in [photo, TestRasters.disc(side: 40)] {
      func quantizer(_ start: QuantizerOptions.Start) -> Quantizer {
        var options = QuantizerOptions(start: start)
        options.dither.method = method
        options.dither.rounds = 1
        options.threads = 2
        return Quantizer(options)
      }
      let rule = ColorCountChoice.Rule.target(
        try QualityTarget(peakSignalToNoiseRatio: 26))
      let image = try quantizer(
        .choose(ColorCountChoice(rule, upTo: try PaletteSize(256)))
      ).quantize(raster)
      #expect(image.distortion.peakSignalToNoiseRatio >= 26)
      // As many colours by their number, and one less.
      let colors =
        image.fit.model.components + image.histogram.separateEntries
      let same = try quantizer(.search(try PaletteSize(colors)))
        .quantize(raster)
      #expect(same.raster().samples == image.raster().samples)
      let less = try quantizer(.search(try PaletteSize(colors - 1)))
        .quantize(raster)
      #expect(less.distortion.peakSignalToNoiseRatio < 26)
      let tried = try #require(image.selection).candidates
      let chosen = try #require(tried.first { $0.colors == colors })
      guard case .quality(let quality, nil) = chosen.figures else {
        Issue.record("a target has no criterion: \(chosen)")
        continue
      }
      #expect(quality.distortion == image.distortion)
    }
  }

  @Test func missedTargets() throws {
    let target = try QualityTarget(peakSignalToNoiseRatio: 60)
    let best = try quantize(photo, .search(try PaletteSize(8)))
    #expect(
      throws: QuantizationError.targetMissed(
        target, by: Quality(distortion: best.distortion), colors: 8)
    ) {
      _ = try choose(photo, .target(target), upTo: 8)
    }
  }
}
