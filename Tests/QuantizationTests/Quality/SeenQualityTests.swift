import CLibrary
import ColorModels
import ImageQuality
import ParallelWork
import Quantization
import Rasters
import Testing
import TruncatedEM
import _TestSupport

/// The errors by which a number of colours is chosen, against loops over pixels.
@Suite struct SeenQualityTests {
  private let images = [
    TestRasters.noisyGradient(width: 61, height: 47),
    TestRasters.disc(side: 48),
    TestRasters.make(width: 40, height: 30) { x, y in
      // A page: two inks on a ground that is nearly all of it.
      x % 9 == 0 && y % 7 < 4 ? 0x202020 + UInt32(x) : 0xffffff
    },
  ]

  private static let methods: [DitherMethod] = [
    .none, .errorDiffusion(.floydSteinberg), .riemersma, .ordered(.blueNoise),
  ]

  private func quantized(
    _ raster: Raster, colors: Int, _ method: DitherMethod
  ) throws -> (image: QuantizedImage, trial: DitherTrial?) {
    var options = try QuantizerOptions(colors: colors)
    options.dither.method = method
    options.dither.rounds = 2
    options.threads = 2
    let image = try Quantizer(options).quantize(raster)
    guard method != .none else { return (image, nil) }
    let trial = try DitherTrial(
      .eight(raster), image.summary.fitted.assignment, options)
    return (image, trial)
  }

  /// The samples of a pixel on a ground.
  private func shown(_ raster: Raster, _ pixel: Int, _ ground: Double)
    -> [Double]
  {
    let channels = raster.samples.count / raster.size.pixelCount
    let samples = raster.samples[
      pixel * channels..<(pixel + 1) * channels
    ].map(Double.init)
    let alpha = channels == 4 ? samples[3] / 255 : 1
    return samples[..<3].map { $0 * alpha + ground * (1 - alpha) }
  }

  private func key(_ raster: Raster, _ pixel: Int) -> [UInt8] {
    let channels = raster.samples.count / raster.size.pixelCount
    let key = Array(
      raster.samples[pixel * channels..<(pixel + 1) * channels])
    return channels == 4 && key[3] == 0 ? [0, 0, 0, 0] : key
  }

  private func squared(_ a: [Double], _ b: [Double]) -> Double {
    zip(a, b).reduce(0) { $0 + ($1.0 - $1.1) * ($1.0 - $1.1) }
  }

  @Test(arguments: Self.methods)
  func errorsAreThoseOfPixels(method: DitherMethod) throws {
    for raster in images {
      let (image, trial) = try quantized(raster, colors: 7, method)
      let pixels = raster.size.pixelCount
      if let trial {
        #expect(
          Distortion(squaredError: trial.squaredError, pixels: pixels)
            == image.distortion)
      }
      let mapped =
        trial?.mappedColors()
        ?? MappedColors(image.summary.fitted.assignment)
      #expect(mapped.counts.reduce(0) { $0 + Int($1) } == pixels)
    }
  }

  /// The error of what is seen, against a loop over pixels.
  @Test func seenErrors() throws {
    for raster in images {
      let (image, _) = try quantized(raster, colors: 7, .none)
      let written = image.raster()
      var areas: [[UInt8]: Double] = [:]
      var visible = 0.0
      let pixels = 0..<raster.size.pixelCount
      for n in pixels {
        let key = key(raster, n)
        areas[key, default: 0] += 1
        if key.count == 3 || key[3] > 0 { visible += 1 }
      }
      var sum = 0.0
      var weights = 0.0
      for n in pixels {
        let key = key(raster, n)
        let alpha = key.count == 4 ? key[3] : 255
        guard alpha > 0, let area = areas[key] else { continue }
        let weight = min(1, visible / 60 / area) * (alpha < 255 ? 2 : 1)
        let worse = [0.0, 255.0].map {
          squared(shown(raster, n, $0), shown(written, n, $0))
        }.max()
        sum += weight * (worse ?? 0)
        weights += weight
      }
      let seen = image.summary.fitted.assignment.seenDistortion()
        .meanSquaredError
      #expect(abs(seen - sum / weights) <= 1e-9 * max(1, sum / weights))
    }
  }

  /// The eye sees less error in a photograph that is dithered by blue noise or
  /// by diffusion, though its pixels are farther off.
  @Test func ditheringIsSeenAsBetter() throws {
    let ramp = TestRasters.make(width: 128, height: 64) { x, y in
      UInt32(x * 2) << 16 | UInt32(y * 4) << 8 | 0x60
    }
    for method in Self.methods.dropFirst() {
      let (image, trial) = try quantized(ramp, colors: 12, method)
      let ratio = try #require(trial).eyeRatio()
      #expect(ratio > 0 && ratio < 1)
      let plain = image.summary.fitted.assignment.squaredError
      #expect(try #require(trial).squaredError > plain)
    }
  }

  /// No method asks for many more colours than none.
  @Test(arguments: methods.dropFirst() + [.ordered(.bayer(.eight))])
  func noDitheringCountsAsMuchWorse(method: DitherMethod) throws {
    for raster in images {
      for colors in [2, 6, 30] {
        let (_, trial) = try quantized(raster, colors: colors, method)
        let ratio = try #require(trial).eyeRatio()
        #expect((0...1.15).contains(ratio))
      }
    }
  }

  /// The energy under the blur, against its definition.
  @Test func seenErrorOfOnePixel() {
    var errors = [SIMD4<Float>](repeating: .zero, count: 21 * 21)
    errors[10 * 21 + 10] = SIMD4(3, 0, 4, 0)
    let peak = (-4...4).reduce(0.0) { $0 + exp(-Double($1 * $1) / 4) }
    let expected = 25 * (1 / (peak * peak) + 0.25)
    let found = EyeBlur().seenError(errors, width: 21)
    #expect(abs(found - expected) < 1e-4)
    // Neighbours that make up for it are seen less.
    errors[10 * 21 + 11] = -errors[10 * 21 + 10]
    #expect(EyeBlur().seenError(errors, width: 21) < 1.7 * found)
  }

  @Test(arguments: Self.methods)
  func colorDifferenceIsThatOfPixels(method: DitherMethod) throws {
    for raster in images {
      let (image, trial) = try quantized(raster, colors: 6, method)
      let mapped =
        trial?.mappedColors()
        ?? MappedColors(image.summary.fitted.assignment)
      let written = image.raster()
      var sum = 0.0
      for n in 0..<raster.size.pixelCount {
        let colors = [raster, written].map { raster in
          let c = shown(raster, n, 127.5)
          return LabColor(encoded: SIMD3(c[0], c[1], c[2]))
        }
        sum += colors[0].difference(to: colors[1])
      }
      let expected = sum / Double(raster.size.pixelCount)
      let measured = ColorDifferenceMeasure(
        image.histogram, workers: Workers(threads: 2)
      ).mean(of: mapped)
      #expect(abs(measured - expected) < 1e-9)
    }
  }

  /// A ground that costs nothing does not hide the rest.
  @Test func aGroundHidesLittle() throws {
    func page(ground: Int) -> Raster {
      TestRasters.make(width: 20 + ground, height: 20) { x, y in
        x < 20 ? UInt32(x * 12) << 8 | UInt32(y * 12) : 0xffffff
      }
    }
    let assignments = try [20, 2_000].map {
      try quantized(page(ground: $0), colors: 9, .none)
        .image.summary.fitted.assignment
    }
    let plain = assignments.map {
      $0.squaredError / Double($0.histogram.pixelCount)
    }
    let seen = assignments.map { $0.seenDistortion().meanSquaredError }
    #expect(plain[1] < plain[0] / 20)
    #expect(seen[1] > seen[0] / 8)
  }
}
