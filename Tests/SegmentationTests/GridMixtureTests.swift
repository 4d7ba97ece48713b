import ColorModels
import Foundation
import ParallelWork
import Rasters
import Segmentation
import Testing
import _TestSupport

/// The E- and M-steps of superpixels against direct computation in double
/// precision.
@Suite struct GridMixtureTests {
  private let raster = TestMaps.picture(width: 53, height: 37)
  private let workers = Workers(threads: 3)

  /// A pixel's point.
  private func point(
    _ planes: LabPlanes, _ mixture: GridMixture, _ x: Int, _ y: Int
  ) -> [Double] {
    (0..<3).map {
      Double(
        planes.samples[$0 * planes.planeCount + y * planes.stride + x])
    } + [
      mixture.positionWeight * Double(x), mixture.positionWeight * Double(y),
    ]
  }

  private func distance(
    _ point: [Double], _ mixture: GridMixture, _ c: Int
  ) -> Double {
    (0..<5).reduce(0) { sum, d in
      let mean = mixture.means[d][c] * (d < 3 ? 1 : mixture.positionWeight)
      return sum + (point[d] - mean) * (point[d] - mean)
    }
  }

  /// The components that a pixel looks among.
  private func candidates(_ grid: SuperpixelGrid, _ x: Int, _ y: Int) -> [Int] {
    let column = grid.columnStarts.lastIndex { $0 <= x } ?? 0
    let row = grid.rowStarts.lastIndex { $0 <= y } ?? 0
    return (0..<grid.count).filter { c in
      abs(c % grid.columns - column) <= 1 && abs(c / grid.columns - row) <= 1
    }
  }

  private func started(
    _ truncation: Int
  ) -> (LabPlanes, GridMixture, GridExpectation, Double) {
    let planes = LabPlanes(raster, workers).smoothed(workers)
    let grid = SuperpixelGrid(raster.size, cells: 40)
    var mixture = GridMixture(grid, compactness: 10)
    let expectation = GridExpectation(planes, truncation: truncation, workers)
    let scatter = expectation.scatter(of: mixture)
    mixture.maximize(
      expectation.start(mixture), scatter: scatter,
      pixels: raster.size.pixelCount)
    return (planes, mixture, expectation, scatter)
  }

  @Test func planesAreCIELAB() {
    let planes = LabPlanes(raster, workers)
    for y in 0..<37 {
      for x in 0..<53 {
        let n = 3 * (y * 53 + x)
        let lab = LabColor(
          RGBColor(
            red: raster.samples[n], green: raster.samples[n + 1],
            blue: raster.samples[n + 2]))
        let expected = [LabPlanes.lightnessScale * lab.lightness, lab.a, lab.b]
        for d in 0..<3 {
          let sample = planes.samples[
            d * planes.planeCount + y * planes.stride + x]
          #expect(abs(Double(sample) - expected[d]) < 0.02)
        }
      }
    }
  }

  @Test func smoothingIsTheBinomialFilter() {
    let planes = LabPlanes(raster, workers)
    let smoothed = planes.smoothed(workers)
    let weights = [1.0, 2, 1]
    for d in 0..<3 {
      for y in 0..<37 {
        for x in 0..<53 {
          var sum = 0.0
          for (j, v) in weights.enumerated() {
            for (i, w) in weights.enumerated() {
              let (u, t) = (
                min(52, max(0, x + i - 1)), min(36, max(0, y + j - 1))
              )
              sum +=
                v * w
                * Double(
                  planes.samples[d * planes.planeCount + t * planes.stride + u])
            }
          }
          let sample =
            smoothed.samples[d * planes.planeCount + y * planes.stride + x]
          #expect(abs(Double(sample) - sum / 16) < 1e-4)
        }
      }
    }
  }

  @Test func gridCoversTheImage() throws {
    for (width, height, cells) in [
      (1, 1, 5.0), (7, 1, 3), (50, 20, 12), (3, 90, 400),
    ] {
      let size = try #require(ImageSize(width: width, height: height))
      let grid = SuperpixelGrid(size, cells: cells)
      #expect(grid.columnStarts.first == 0 && grid.columnStarts.last == width)
      #expect(grid.rowStarts.first == 0 && grid.rowStarts.last == height)
      #expect(
        zip(grid.columnStarts, grid.columnStarts.dropFirst()).allSatisfy(<))
      #expect(zip(grid.rowStarts, grid.rowStarts.dropFirst()).allSatisfy(<))
      for c in 0..<grid.count {
        let near = grid.neighbourhood(
          column: c % grid.columns, row: c / grid.columns)
        #expect(
          near
            == candidates(
              grid, grid.columnStarts[c % grid.columns],
              grid.rowStarts[c / grid.columns]))
      }
    }
  }

  @Test func hardStepGivesTheClosest() {
    var (planes, mixture, expectation, scatter) = started(1)
    let statistics = expectation.statistics(of: mixture)
    let map = expectation.map(count: mixture.grid.count)
    var sums = [Double](repeating: 0, count: statistics.sums.count)
    var square = 0.0
    for y in 0..<37 {
      for x in 0..<53 {
        let point = point(planes, mixture, x, y)
        square += point.reduce(0) { $0 + $1 * $1 }
        let costs = candidates(mixture.grid, x, y).map {
          (distance(point, mixture, $0), $0)
        }
        let given = Int(map.labels[y * 53 + x])
        let least = costs.min { $0 < $1 }?.0 ?? .infinity
        // Single precision may take one of two that are as good as equal.
        #expect(abs(distance(point, mixture, given) - least) < 1e-2)
        #expect(costs.contains { $0.1 == given })
        sums[6 * given] += 1
        for d in 0..<5 {
          sums[6 * given + 1 + d] +=
            point[d] / (d < 3 ? 1 : mixture.positionWeight)
        }
      }
    }
    for (a, b) in zip(statistics.sums, sums) {
      #expect(abs(a - b) < 1e-6 * (1 + abs(b)))
    }
    #expect(abs(scatter - square) < 1e-6 * square)

    mixture.maximize(statistics, scatter: scatter, pixels: 37 * 53)
    var inertia = 0.0
    for n in map.labels.indices {
      inertia += distance(
        point(planes, mixture, n % 53, n / 53), mixture, Int(map.labels[n]))
    }
    #expect(abs(mixture.inertia - inertia) < 1e-6 * inertia)
    let variance = inertia / (5 * 37 * 53)
    let freeEnergy =
      -log(Double(mixture.grid.count)) - 2.5 * log(2 * .pi * variance)
      - inertia / (2 * variance * 37 * 53)
    #expect(abs(mixture.hardFreeEnergy() - freeEnergy) < 1e-6)
  }

  @Test(arguments: [2, 3, 9])
  func softStepIsTheTruncatedPosterior(truncation: Int) {
    var (planes, mixture, expectation, _) = started(truncation)
    let statistics = expectation.statistics(of: mixture)
    var sums = [Double](repeating: 0, count: statistics.sums.count)
    var freeEnergy = 0.0
    for y in 0..<37 {
      for x in 0..<53 {
        let point = point(planes, mixture, x, y)
        let kept = candidates(mixture.grid, x, y).map {
          (distance(point, mixture, $0), $0)
        }.sorted { $0 < $1 }.prefix(truncation)
        let densities = kept.map { exp(-$0.0 / (2 * mixture.variance)) }
        let total = densities.reduce(0, +)
        freeEnergy +=
          log(total) - log(Double(mixture.grid.count))
          - 2.5 * log(2 * .pi * mixture.variance)
        for (density, component) in zip(densities, kept.map(\.1)) {
          sums[6 * component] += density / total
          for d in 0..<5 {
            sums[6 * component + 1 + d] +=
              density / total * point[d]
              / (d < 3 ? 1 : mixture.positionWeight)
          }
        }
      }
    }
    for (a, b) in zip(statistics.sums, sums) {
      #expect(abs(a - b) < 1e-3 * (1 + abs(b)))
    }
    let reported = mixture.freeEnergy(
      logShares: statistics.logShares, pixels: 37 * 53)
    #expect(abs(reported - freeEnergy / (37 * 53)) < 1e-4)
  }

  @Test(arguments: [1, 2, 3, 9])
  func freeEnergyNeverFalls(truncation: Int) throws {
    var options = SuperpixelOptions(count: 12)
    options.truncation = truncation
    options.iterations = 15
    let energies = try Superpixels(raster, options).freeEnergies
    #expect(energies.count == 14)
    for (last, next) in zip(energies, energies.dropFirst()) {
      #expect(next > last - 1e-6)
    }
  }

  @Test func fewestAreKept() {
    var numbers = Generator(seed: 8)
    for capacity in 1...9 {
      var nearest = NearestFew(capacity: capacity)
      let distances = (0..<9).map { _ in Double(numbers.next() % 6) }
      for (i, distance) in distances.enumerated() {
        nearest.insert(i, distance: distance)
      }
      let expected = distances.indices.sorted {
        (distances[$0], $0) < (distances[$1], $1)
      }.prefix(capacity)
      #expect((0..<nearest.count).map { nearest.entry($0) } == Array(expected))
    }
  }
}
