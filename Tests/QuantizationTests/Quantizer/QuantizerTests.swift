import ImageQuality
import Quantization
import Rasters
import Testing
import TruncatedEM
import _TestSupport

@Suite struct QuantizerTests {
  private let photo = TestRasters.noisyGradient(width: 90, height: 60)

  @Test func numbersOfColoursAreChecked() throws {
    for count in [0, -1, 65_537] {
      #expect(throws: QuantizationError.paletteSize(count)) {
        _ = try Quantizer(colors: count)
      }
    }
    #expect(try Quantizer(colors: 7).options.components == 7)
  }

  @Test func stagesComeInOrderAndIterationsAsTheyAre() throws {
    var stages: [QuantizerEvent.Stage] = []
    var iterations: [IterationStatistics] = []
    let image = try Quantizer(colors: 6).quantize(photo) { event in
      switch event {
      case .stage(let stage):
        if stage != stages.last { stages.append(stage) }
      case .iteration(let statistics):
        iterations.append(statistics)
      case .candidate:
        Issue.record("nothing was to be chosen")
      case .progress(let stage, let fraction):
        #expect(stage == stages.last)
        #expect(fraction > 0 && fraction <= 1)
      }
    }
    #expect(stages == [.histogram, .fit, .map])
    #expect(iterations == image.fit.iterations)
    #expect(!iterations.isEmpty)
  }

  @Test func everyStageTellsHowFarItIs() throws {
    var told: [QuantizerEvent.Stage: [Double]] = [:]
    let quantizer = try Quantizer(colors: 6)
    func observe(_ event: QuantizerEvent) {
      if case .progress(let stage, let fraction) = event {
        told[stage, default: []].append(fraction)
      }
    }
    func check(_ stages: Set<QuantizerEvent.Stage>) {
      #expect(Set(told.keys) == stages)
      for fractions in told.values {
        #expect(zip(fractions, fractions.dropFirst()).allSatisfy { $0 < $1 })
        #expect(fractions.last == 1)
      }
      told = [:]
    }
    _ = try quantizer.quantize(photo, observer: observe)
    check([.histogram, .fit, .map])
    let fitted = try quantizer.palette(of: .eight(photo), observer: observe)
    check([.histogram, .fit, .map])
    _ = try quantizer.map(.eight(photo), to: fitted, observer: observe)
    #expect(told[.map]?.last == 1)
  }

  @Test func candidatesAreThoseOfTheResult() throws {
    var options = try QuantizerOptions(colors: 6)
    options.start = .choose(
      ColorCountChoice(
        .target(try QualityTarget(peakSignalToNoiseRatio: 24)),
        upTo: try PaletteSize(64)))
    var tried: [ColorCountSelection.Candidate] = []
    let image = try Quantizer(options).quantize(photo) { event in
      if case .candidate(let candidate) = event { tried.append(candidate) }
    }
    let selection = try #require(image.selection)
    #expect(selection.candidates == tried)
    #expect(tried.contains { $0.colors == image.fit.model.components })
  }

  @Test func ownPaletteGivesTheSamePixels() throws {
    for raster in [photo, TestRasters.disc(side: 50)] {
      let quantizer = try Quantizer(colors: 9)
      let fitted = try quantizer.palette(of: .eight(raster))
      let again = try quantizer.map(.eight(raster), to: fitted)
      let image = try quantizer.quantize(raster)
      #expect(again.raster().samples == image.raster().samples)
      #expect(again.distortion == image.distortion)
      #expect(again.fit.iterations.isEmpty)
    }
  }

  @Test func anotherImageGetsTheColoursOfThePalette() throws {
    let other = TestRasters.make(width: 40, height: 30) { x, y in
      UInt32(x * 6) << 16 | UInt32(y * 8) << 8 | 0x40
    }
    let quantizer = try Quantizer(colors: 12)
    let fitted = try quantizer.palette(of: .eight(photo))
    let image = try quantizer.map(.eight(other), to: fitted)
    let colors = Set(fitted.palette.colors)
    #expect(colors.isSuperset(of: image.palette.colors))
    let mapped = image.raster()
    for pixel in 0..<other.size.pixelCount {
      func distance(_ color: RGBColor) -> Int {
        zip([color.red, color.green, color.blue], 0..<3).reduce(0) {
          let difference =
            Int($1.0) - Int(other.samples[3 * pixel + $1.1])
          return $0 + difference * difference
        }
      }
      let given = RGBColor(
        red: mapped.samples[3 * pixel], green: mapped.samples[3 * pixel + 1],
        blue: mapped.samples[3 * pixel + 2])
      #expect(distance(given) == colors.map(distance).min())
    }
  }

  @Test func moreColoursThanIndicesCanBeMappedTo() throws {
    let quantizer = try Quantizer(colors: 400)
    let fitted = try quantizer.palette(of: .eight(photo))
    #expect(fitted.palette.entries.count > 256)
    let image = try quantizer.map(.eight(photo), to: fitted)
    #expect(
      image.raster().samples == (try quantizer.quantize(photo)).raster().samples
    )
  }

  @Test func errorsAreOfOneKind() throws {
    var options = try QuantizerOptions(colors: 3)
    options.truncation = Truncation(2)
    options.start = .search(try PaletteSize(1))
    let clear = TestRasters.disc(side: 20)
    #expect(throws: QuantizationError.tooFewColors(1)) {
      try Quantizer(options).quantize(clear)
    }
    options.tolerance = -1
    #expect(throws: QuantizationError.fit(.options)) {
      try Quantizer(options).quantize(photo)
    }
    options.tolerance = nil
    options.importance = .map(clear)
    #expect(
      throws: QuantizationError.importanceSize(clear.size, of: photo.size)
    ) {
      try Quantizer(options).quantize(photo)
    }
  }

  @Test func meansToStartFrom() throws {
    let opaque = try MixtureModel(
      colors: [SIMD4(0, 0.5, 255, 255), SIMD4(1, 2, 3, 255)])
    #expect(opaque.dimension == 3)
    #expect(opaque.means == [0, 0.5, 255, 1, 2, 3])
    let clear = try MixtureModel(colors: [SIMD4(1, 2, 3, 254)])
    #expect(clear.dimension == 4)
    #expect(clear.means == [1, 2, 3, 254])
    #expect(throws: QuantizationError.meanOutOfRange(1)) {
      try MixtureModel(colors: [SIMD4(repeating: 0), SIMD4(0, 256, 0, 255)])
    }
    #expect(throws: QuantizationError.meanOutOfRange(0)) {
      try MixtureModel(colors: [SIMD4(0, .nan, 0, 255)])
    }
    #expect(throws: QuantizationError.fit(.components(0))) {
      try MixtureModel(colors: [])
    }
    let image = try Quantizer(QuantizerOptions(start: .means(opaque)))
      .quantize(photo)
    #expect(image.fit.model.components == 2)
  }

  @Test func appearanceDependsOnTheEffort() throws {
    var options = try QuantizerOptions(colors: 8)
    options.effort = try Effort(9)
    options.preferAppearance()
    #expect(options.space.working == .oklab)
    #expect(options.importance.name == "auto")
    #expect(options.dither.method == .errorDiffusion(.floydSteinberg))
    #expect(options.dither.rounds == 16)
    #expect(options.dither.sweeps == 8)
    #expect(DitherOptions(.none, effort: .standard).rounds == 0)
  }
}
