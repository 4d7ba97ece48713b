import Quantization
import Rasters
import Testing
import TruncatedEM
import _TestSupport

/// Colours that are fitted as boxes of them.
@Suite struct ColorPointsTests {
  /// More colours than are points at once.
  private static let histogram = ColorHistogram(
    of: TestRasters.make(width: 400, height: 300) { x, y in
      let number = UInt32(y * 400 + x)
      return number &* 40_503 & 0xFF_FFFF
    })

  private func points(
    _ histogram: ColorHistogram, boxes: Int? = nil,
    in space: CompositeSpace = .encoded, _ options: FitOptions = FitOptions()
  ) throws -> ColorPoints {
    var options = options
    options.threads = 2
    let engine = try TruncatedEM(options)
    guard let boxes else {
      return ColorPoints(histogram, in: space, engine: engine)
    }
    return ColorPoints(
      histogram, in: space, engine: engine, most: 100, boxes: boxes)
  }

  @Test func fewColorsArePoints() throws {
    let histogram = Self.histogram
    #expect(histogram.count == 120_000)
    let points = try points(histogram)
    #expect(points.tree.points.count == histogram.count)
    let engine = try TruncatedEM()
    let limit = histogram.count
    let all = ColorPoints(histogram, engine: engine, most: limit, boxes: 1_000)
    let few = ColorPoints(
      histogram, engine: engine, most: limit - 1, boxes: 1_000)
    let areBoxes = [all, few].map(\.areBoxes)
    #expect(areBoxes == [false, true])
    #expect(few.allColors.points.count == limit)
  }

  @Test(arguments: [1, 7, 1_000, 50_000])
  func boxesKeepWeightAndMean(most: Int) throws {
    let histogram = Self.histogram
    let tree = try points(histogram, boxes: most).tree
    let count = tree.points.count
    #expect(count <= most)
    // Of the finest level there are more than an eighth of what may be.
    #expect(8 * count > most || most == 1)
    #expect(tree.points.totalWeight == 120_000)
    let all = histogram.tree().points
    for d in 0..<3 {
      let sum = (0..<count).reduce(0) {
        $0 + tree.points.weight(ofPoint: $1)
          * tree.points.coordinates(ofPoint: $1)[d]
      }
      let expected = (0..<all.count).reduce(0) {
        $0 + all.coordinates(ofPoint: $1)[d]
      }
      #expect(abs(sum - expected) < 1e-6 * expected)
    }
  }

  /// What is measured and mapped is each colour, in chunks or not.
  @Test func everyColorIsMapped() throws {
    var translucent: [UInt8] = []
    for pixel in 0..<120_000 {
      translucent += [
        UInt8(pixel % 251), UInt8(pixel / 251 % 256), UInt8(pixel % 17),
        [0, 70, 255, 255][pixel % 4],
      ]
    }
    let size = try #require(ImageSize(width: 400, height: 300))
    let samples = Raster(size: size, channels: .rgba, samples: translucent)
    for histogram in [Self.histogram, ColorHistogram(of: samples)] {
      for space in [CompositeSpace.encoded, CompositeSpace(.oklab)] {
        let all = try points(histogram, in: space)
        let few = try points(histogram, boxes: 3_000, in: space)
        let fit = try all.fit(colors: 20, truncation: .hard)
        let exact = try ColorAssignment(rounding: fit.model, of: all)
        let chunked = try ColorAssignment(rounding: fit.model, of: few)
        #expect(exact.entries == chunked.entries)
        #expect(exact.palette.colors == chunked.palette.colors)
        #expect(exact.squaredError == chunked.squaredError)
        let inertia = try all.inertia(of: fit.model)
        let parts = try few.inertia(of: fit.model)
        #expect(abs(inertia - parts) < 1e-9 * inertia)
      }
    }
  }

  /// The last iterations see every colour.
  @Test(arguments: [1, 2, 16])
  func fitsAllColors(cprime: Int) throws {
    let histogram = Self.histogram
    let engine = try TruncatedEM()
    let truncation = Truncation(cprime)
    var observed: [Double] = []
    let fit = try points(histogram, boxes: 2_000).fit(
      colors: 16, truncation: truncation, seed: 3
    ) {
      observed.append($0.freeEnergy)
      return .proceed
    }
    #expect(observed == fit.iterations.map(\.freeEnergy))
    #expect((1...6).contains(fit.iterations.count))
    for (last, next) in zip(fit.iterations, fit.iterations.dropFirst()) {
      #expect(next.freeEnergy >= last.freeEnergy - 1e-12)
    }
    let exact = try engine.fit(
      histogram.tree(), components: 16, truncation: truncation, seed: 3)
    let (one, other) = (
      try engine.evaluate(
        histogram.tree(), under: fit.model, truncation: truncation),
      try engine.evaluate(
        histogram.tree(), under: exact.model, truncation: truncation)
    )
    #expect(one.freeEnergy > other.freeEnergy - 0.01)
    // J is what is minimised with C' = 1 alone.
    if cprime == 1 { #expect(one.inertia < 1.01 * other.inertia) }
  }

  /// Given means are fitted to all colours from the first iteration on.
  @Test(arguments: [1, 3])
  func givenMeans(cprime: Int) throws {
    let histogram = Self.histogram
    let start = try MixtureModel(
      means: [10, 10, 10, 200, 30, 60, 90, 240, 250, 128, 128, 128],
      dimension: 3)
    var options = FitOptions()
    options.maximumIterations = 7
    options.tolerance = 0
    options.emptyComponents = .keep
    let truncation = Truncation(cprime)
    let exact = try points(histogram, options).fit(
      from: start, truncation: truncation)
    let chunked = try points(histogram, boxes: 2_000, options).fit(
      from: start, truncation: truncation)
    #expect(chunked.iterations.count == 7)
    #expect(
      zip(exact.model.means, chunked.model.means).allSatisfy {
        abs($0 - $1) < 1e-9 * max(1, abs($0))
      })
  }

  /// Colours that count for nothing are mapped all the same.
  @Test func weights() throws {
    var histogram = Self.histogram
    histogram.weights = (0..<histogram.count).map { $0 < 70_000 ? 0 : 2 }
    let points = try points(histogram, boxes: 1_000)
    #expect(points.tree.points.totalWeight == 100_000)
    let fit = try points.fit(colors: 8, truncation: .hard)
    #expect(fit.model.means.allSatisfy { $0.isFinite })
    let inertia = try points.inertia(of: fit.model)
    let exact = try self.points(histogram).inertia(of: fit.model)
    #expect(abs(inertia - exact) < 1e-9 * exact)
    let assignment = try ColorAssignment(rounding: fit.model, of: points)
    #expect(assignment.entries.count == histogram.count)
  }
}
