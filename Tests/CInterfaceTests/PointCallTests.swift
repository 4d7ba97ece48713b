import CInterface
import CQuantize
import Rasters
import Testing
import TruncatedEM
import _TestSupport

/// Points, models and responsibilities: the same as by the types of Swift.
@Suite struct PointCallTests {
  private let dimension = 3
  private let count = 400

  private var values: [Double] {
    var numbers = Generator(seed: 4)
    return (0..<count * dimension).map { n in
      Double(numbers.next() >> 40) / 65_536 + Double(n / dimension % 5 * 300)
    }
  }

  @Test func fitsAreThoseOfTheEngine() throws {
    let values = values
    let weights = (0..<count).map { Double(1 + $0 % 3) }
    var set: OpaquePointer?
    #expect(
      quantize_points_create(
        values, QUANTIZE_NUMBER_FLOAT64, count, dimension, weights, &set)
        == QUANTIZE_OK)
    defer { quantize_points_free(set) }
    let options = try CalledOptions()
    options.check(quantize_options_set_colors(options.pointer, 5))
    options.check(quantize_options_set_cprime(options.pointer, 2))
    options.check(quantize_options_set_learned_weights(options.pointer, true))
    options.check(
      quantize_options_set_separate_variances(options.pointer, true))
    var model: OpaquePointer?
    #expect(
      quantize_points_fit(set, options.pointer, nil, nil, &model)
        == QUANTIZE_OK, "\(said())")
    defer { quantize_model_free(model) }

    var wanted = FitOptions()
    wanted.mixingWeights = .learned
    wanted.covariance = .spherical
    let engine = try TruncatedEM(wanted)
    let points = try WeightedPoints(
      coordinates: values, weights: weights, dimension: dimension)
    let fit = try engine.fit(points, components: 5, truncation: .soft(2))
    #expect(quantize_model_components(model) == 5)
    #expect(quantize_model_dimension(model) == dimension)
    #expect(quantize_model_converged(model) == fit.converged)
    var means = [Double](repeating: 0, count: 15)
    var variances = [Double](repeating: 0, count: 5)
    var mixing = variances
    #expect(
      quantize_model_get(model, &means, &variances, &mixing) == QUANTIZE_OK)
    #expect(means == fit.model.means)
    #expect(variances == fit.model.variances)
    #expect(mixing == fit.model.mixingWeights)
    let iterations = quantize_model_iterations(model)
    var energies = [Double](repeating: 0, count: iterations)
    #expect(quantize_model_history(model, &energies, nil) == QUANTIZE_OK)
    #expect(energies == fit.iterations.map(\.freeEnergy))

    var (energy, inertia, entropy) = (0.0, 0.0, 0.0)
    #expect(
      quantize_points_evaluate(
        set, model, 5, 2, &energy, &inertia, &entropy) == QUANTIZE_OK)
    let evaluation = try engine.evaluate(
      points, under: fit.model, truncation: .full)
    #expect(energy == evaluation.freeEnergy)
    #expect(inertia == evaluation.inertia)
    #expect(entropy == evaluation.entropy)

    var components = [UInt16](repeating: 0, count: 2 * count)
    var shares = [Float](repeating: 0, count: 2 * count)
    #expect(
      quantize_points_posterior(set, model, 2, 0, &components, &shares)
        == QUANTIZE_OK)
    let posterior = try engine.posterior(
      of: points, under: fit.model, truncation: .soft(2))
    #expect(components == posterior.components)
    #expect(shares == posterior.responsibilities)
    var nearest = [UInt16](repeating: 9, count: count)
    #expect(quantize_points_nearest(set, model, 0, &nearest) == QUANTIZE_OK)
    #expect(
      try nearest == engine.nearestComponents(to: points, in: fit.model))
  }

  @Test func singlePrecisionAndGivenMeans() throws {
    let floats = values.map(Float.init)
    var set: OpaquePointer?
    #expect(
      quantize_points_create(
        floats, QUANTIZE_NUMBER_FLOAT32, count, dimension, nil, &set)
        == QUANTIZE_OK)
    defer { quantize_points_free(set) }
    let start = (0..<4).flatMap { n -> [Double] in [Double(n) * 300, 100, 50] }
    let options = try CalledOptions()
    options.check(quantize_options_set_means(options.pointer, start, 4, 3))
    options.check(quantize_options_set_iterations(options.pointer, 3))
    var model: OpaquePointer?
    #expect(
      quantize_points_fit(set, options.pointer, nil, nil, &model)
        == QUANTIZE_OK)
    defer { quantize_model_free(model) }
    var wanted = FitOptions()
    wanted.maximumIterations = 3
    let fit = try TruncatedEM(wanted).fit(
      WeightedPoints(
        coordinates: floats.map(Double.init), dimension: dimension),
      from: MixtureModel(means: start, dimension: 3), truncation: .hard)
    var means = [Double](repeating: 0, count: 12)
    #expect(quantize_model_get(model, &means, nil, nil) == QUANTIZE_OK)
    #expect(means == fit.model.means)
    options.check(quantize_options_set_colors(options.pointer, 5))
    var other: OpaquePointer?
    #expect(
      quantize_points_fit(set, options.pointer, nil, nil, &other)
        == QUANTIZE_INVALID_ARGUMENT)
    #expect(said() == "there are 4 means, but 5 components")
  }

  @Test func whatIsWrongIsSaid() throws {
    var out: OpaquePointer?
    func fails(_ status: quantize_status, _ message: String) {
      #expect(status == QUANTIZE_INVALID_ARGUMENT)
      #expect(said() == message)
      #expect(out == nil)
    }
    let type = QUANTIZE_NUMBER_FLOAT64
    fails(quantize_points_create(nil, type, 1, 1, nil, &out), "values is NULL")
    fails(quantize_points_create([1.0], type, 1, 1, nil, nil), "out is NULL")
    fails(
      quantize_points_create([1.0], type, 0, 1, nil, &out),
      "there are no points to fit")
    fails(
      quantize_points_create([1.0], type, .max, .max, nil, &out),
      "no memory has room for the points")
    fails(
      quantize_points_create([Double.nan], type, 1, 1, nil, &out),
      "coordinates and means must be finite numbers")
    fails(
      quantize_points_create([1.0], type, 1, 1, [-1], &out),
      "weights must be finite, not negative, and not all zero")
    fails(
      quantize_image_create(
        [0, 0, 0], 1, 1, 2, QUANTIZE_RGB, QUANTIZE_UINT8, &out),
      "the rows have 3 bytes, but the stride is 2")
    fails(
      quantize_options_set_effort(nil, 3), "options is NULL")
    let options = try CalledOptions()
    fails(
      quantize_options_set_effort(options.pointer, 11),
      "the effort must be 1 to 10, not 11")
  }

  /// The responsibilities of an image's rows, in any strips.
  @Test func softRows() throws {
    let raster = TestRasters.noisyGradient(width: 20, height: 12)
    let image = try CalledImage(raster)
    let options = try CalledOptions()
    options.check(quantize_options_set_colors(options.pointer, 6))
    options.check(quantize_options_set_cprime(options.pointer, 3))
    let result = try CalledResult(image, options)
    var palette: OpaquePointer?
    #expect(quantize_result_palette(result.pointer, &palette) == QUANTIZE_OK)
    defer { quantize_palette_free(palette) }
    var soft: OpaquePointer?
    #expect(
      quantize_soft_create(palette, image.pointer, options.pointer, &soft)
        == QUANTIZE_OK)
    defer { quantize_soft_free(soft) }
    #expect(quantize_soft_cprime(soft) == 3)
    #expect(quantize_soft_components(soft) == 6)
    func rows(_ first: Int, _ count: Int) -> ([UInt16], [Float]) {
      var components = [UInt16](repeating: 0, count: count * 20 * 3)
      var shares = [Float](repeating: 0, count: count * 20 * 3)
      #expect(
        quantize_soft_rows(soft, first, count, &components, &shares)
          == QUANTIZE_OK)
      return (components, shares)
    }
    let (components, shares) = rows(0, 12)
    for pixel in 0..<240 {
      let sum = shares[3 * pixel..<3 * pixel + 3].reduce(0, +)
      #expect(abs(sum - 1) < 1e-5)
      #expect(components[3 * pixel] < 6)
    }
    let (top, bottom) = (rows(0, 5), rows(5, 7))
    #expect(top.0 + bottom.0 == components)
    #expect(top.1 + bottom.1 == shares)
    var one: UInt16 = 0
    var share: Float = 0
    #expect(
      quantize_soft_rows(soft, 11, 2, &one, &share)
        == QUANTIZE_INVALID_ARGUMENT)
    #expect(said() == "the image has rows 0 to 11, not 2 from 11 on")
  }

  @Test func histogramsAddUp() throws {
    let rasters = [
      TestRasters.noisyGradient(width: 30, height: 20),
      TestRasters.make(width: 8, height: 8) { x, y in UInt32(x * y) },
    ]
    func histogram(_ rasters: [Raster]) throws -> OpaquePointer {
      var out: OpaquePointer?
      #expect(quantize_histogram_create(&out) == QUANTIZE_OK)
      for raster in rasters {
        let image = try CalledImage(raster)
        #expect(
          quantize_histogram_add_image(out, image.pointer, nil)
            == QUANTIZE_OK)
      }
      return try #require(out)
    }
    func bytes(_ histogram: OpaquePointer) -> [UInt8] {
      var size = 0
      #expect(quantize_histogram_size(histogram, &size) == QUANTIZE_OK)
      var bytes = [UInt8](repeating: 0, count: size)
      #expect(
        quantize_histogram_write(histogram, &bytes, size) == QUANTIZE_OK)
      return bytes
    }
    let both = try histogram(rasters)
    let second = try histogram([rasters[1]])
    defer { [both, second].forEach(quantize_histogram_free) }
    #expect(quantize_histogram_pixels(both) == 664)
    var read: OpaquePointer?
    let first = try histogram([rasters[0]])
    let written = bytes(first)
    quantize_histogram_free(first)
    #expect(
      quantize_histogram_read(written, written.count, &read) == QUANTIZE_OK)
    defer { quantize_histogram_free(read) }
    #expect(quantize_histogram_add(read, second) == QUANTIZE_OK)
    let sum = try #require(read)
    #expect(bytes(sum) == bytes(both))
    var none: OpaquePointer?
    #expect(
      quantize_histogram_read(written, written.count - 1, &none)
        == QUANTIZE_INVALID_DATA)
    let empty = try histogram([])
    defer { quantize_histogram_free(empty) }
    #expect(quantize_histogram_count(empty) == 0)
    var palette: OpaquePointer?
    #expect(
      quantize_histogram_fit(empty, nil, nil, nil, &palette)
        == QUANTIZE_NOT_POSSIBLE)
    #expect(said() == "the histogram is empty")
  }

  /// E-step and M-step by themselves are those of the engine.
  @Test func stepsAreThoseOfTheEngine() throws {
    let values = values
    var set: OpaquePointer?
    #expect(
      quantize_points_create(
        values, QUANTIZE_NUMBER_FLOAT64, count, dimension, nil, &set)
        == QUANTIZE_OK)
    defer { quantize_points_free(set) }
    let start = Array(values.prefix(4 * dimension))
    var model: OpaquePointer?
    #expect(
      quantize_model_create(start, 4, dimension, 900, nil, nil, &model)
        == QUANTIZE_OK)
    defer { quantize_model_free(model) }
    var statistics = [Double](
      repeating: 0, count: quantize_model_statistics_count(model))
    #expect(
      quantize_points_statistics(set, model, 2, 1, &statistics)
        == QUANTIZE_OK, "\(said())")
    let engine = try TruncatedEM(FitOptions())
    let tree = PointTree(
      try WeightedPoints(
        coordinates: values,
        weights: [Double](repeating: 1, count: count), dimension: dimension))
    let mixture = try MixtureModel(
      means: start, variance: 900, dimension: dimension)
    let expected = try engine.statistics(
      of: tree, under: mixture, truncation: .soft(2))
    #expect(statistics == expected.numbers)
    var next: OpaquePointer?
    #expect(
      quantize_model_maximize(model, statistics, false, false, &next)
        == QUANTIZE_OK, "\(said())")
    defer { quantize_model_free(next) }
    var means = [Double](repeating: 0, count: 4 * dimension)
    #expect(quantize_model_get(next, &means, nil, nil) == QUANTIZE_OK)
    #expect(means == expected.maximized(from: mixture).means)
    statistics[0] = .nan
    var none: OpaquePointer?
    #expect(
      quantize_model_maximize(model, statistics, true, true, &none)
        == QUANTIZE_INVALID_ARGUMENT)
    #expect(none == nil)
  }

  /// A fit that takes long is cancelled between two steps of its progress.
  @Test(.timeLimit(.minutes(2)), arguments: [1, 3])
  func longFitsAreCancelled(cprime: Int) throws {
    var numbers = Generator(seed: 9)
    let (many, wide) = (300_000, 8)
    let values = (0..<many * wide).map { _ in
      Double(numbers.next() >> 40) / 65_536
    }
    var set: OpaquePointer?
    #expect(
      quantize_points_create(
        values, QUANTIZE_NUMBER_FLOAT64, many, wide, nil, &set) == QUANTIZE_OK)
    defer { quantize_points_free(set) }
    let options = try CalledOptions()
    options.check(quantize_options_set_colors(options.pointer, 3_000))
    options.check(quantize_options_set_cprime(options.pointer, cprime))
    options.check(quantize_options_set_effort(options.pointer, 10))
    var calls = 0
    var model: OpaquePointer?
    let status = withUnsafeMutablePointer(to: &calls) { calls in
      quantize_points_fit(
        set, options.pointer,
        { _, _, context in
          let calls = context?.assumingMemoryBound(to: Int.self)
          calls?.pointee += 1
          return calls?.pointee ?? 0 < 4
        }, calls, &model)
    }
    #expect(status == QUANTIZE_CANCELLED)
    #expect(calls == 4)
    #expect(model == nil)
  }
}
