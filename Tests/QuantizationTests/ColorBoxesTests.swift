import ParallelWork
import Quantization
import Rasters
import Testing
import TruncatedEM
import _TestSupport

/// Colours that are fitted as boxes of them.
@Suite struct ColorBoxesTests {
  private let workers = Workers(threads: 2)

  /// More colours than are points at once.
  private static let histogram = ColorHistogram(
    of: TestRasters.make(width: 400, height: 300) { x, y in
      let number = UInt32(y * 400 + x)
      return number &* 40_503 & 0xFF_FFFF
    })

  private func boxes(_ histogram: ColorHistogram, _ most: Int) -> PointTree {
    histogram.fittingTree(workers: workers, most: 100, boxes: most)
  }

  @Test func fewColorsArePoints() {
    let histogram = Self.histogram
    #expect(histogram.count == 120_000)
    let tree = histogram.fittingTree(workers: workers)
    #expect(tree.points.count == histogram.count)
    #expect(
      histogram.fittingTree(workers: workers, most: histogram.count)
        .points.count == histogram.count)
  }

  @Test(arguments: [1, 7, 1_000, 50_000])
  func boxesKeepWeightAndMean(most: Int) {
    let histogram = Self.histogram
    let tree = boxes(histogram, most)
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
      var histogram = histogram
      for space in [CompositeSpace.encoded, CompositeSpace(.oklab)] {
        histogram.space = space
        let all = histogram.tree()
        let few = boxes(histogram, 3_000)
        let engine = try TruncatedEM()
        let fit = try engine.fit(
          all, components: 20, pinned: histogram.pinnedMeans,
          truncation: .hard)
        let exact = try ColorAssignment(
          rounding: fit.model, histogram: histogram, tree: all, engine: engine)
        let chunked = try ColorAssignment(
          rounding: fit.model, histogram: histogram, tree: few, engine: engine)
        #expect(exact.entries == chunked.entries)
        #expect(exact.palette.colors == chunked.palette.colors)
        #expect(exact.squaredError == chunked.squaredError)
        let inertia = try histogram.inertia(of: fit.model, all, engine)
        let parts = try histogram.inertia(of: fit.model, few, engine)
        #expect(abs(inertia - parts) < 1e-9 * inertia)
      }
    }
  }

  /// The last iterations see every colour.
  @Test(arguments: [1, 2, 16])
  func fitsAllColors(cprime: Int) throws {
    let histogram = Self.histogram
    let tree = boxes(histogram, 2_000)
    let engine = try TruncatedEM()
    let truncation = Truncation(cprime)
    var observed: [Double] = []
    let fit = try histogram.fit(
      tree, engine, components: 16, pinned: nil, truncation: truncation,
      seed: 3
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
    let engine = try TruncatedEM(options)
    let truncation = Truncation(cprime)
    let exact = try histogram.fit(
      from: start, histogram.tree(), engine, truncation: truncation)
    let chunked = try histogram.fit(
      from: start, boxes(histogram, 2_000), engine, truncation: truncation)
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
    let tree = boxes(histogram, 1_000)
    #expect(tree.points.totalWeight == 100_000)
    let engine = try TruncatedEM()
    let fit = try histogram.fit(
      tree, engine, components: 8, pinned: nil, truncation: .hard, seed: 0)
    #expect(fit.model.means.allSatisfy { $0.isFinite })
    let inertia = try histogram.inertia(of: fit.model, tree, engine)
    let exact = try histogram.inertia(of: fit.model, histogram.tree(), engine)
    #expect(abs(inertia - exact) < 1e-9 * exact)
    let assignment = try ColorAssignment(
      rounding: fit.model, histogram: histogram, tree: tree, engine: engine)
    #expect(assignment.entries.count == histogram.count)
  }
}
