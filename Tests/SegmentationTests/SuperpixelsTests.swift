import Foundation
import ParallelWork
import Rasters
import Segmentation
import Testing
import _TestSupport

@Suite struct SuperpixelsTests {
  private let picture = TestMaps.picture(width: 90, height: 61)

  @Test(arguments: [1, 2, 7, 40, 150, 700])
  func thereAreAsManyConnectedOnesAsAsked(count: Int) throws {
    for truncation in [1, 3] {
      var options = SuperpixelOptions(count: count)
      options.truncation = truncation
      let map = try Superpixels(picture, options).map
      #expect(map.count == count)
      #expect(TestMaps.flooded(map) == map.labels)
    }
  }

  @Test func threadsChangeNothing() throws {
    for truncation in [1, 4] {
      var options = SuperpixelOptions(count: 60)
      options.truncation = truncation
      let results = try [1, 2, 7].map {
        try Superpixels(picture, options, threads: $0)
      }
      #expect(Set(results.map(\.map)).count == 1)
      #expect(Set(results.map(\.freeEnergies)).count == 1)
      let shares = try results.indices.map {
        try SuperpixelPosterior(
          results[0].map, picture, options, threads: [1, 2, 7][$0]
        ).posterior.responsibilities
      }
      #expect(Set(shares).count == 1)
    }
  }

  @Test(arguments: [(1, 1), (1, 30), (30, 1), (3, 2)])
  func tinyImages(width: Int, height: Int) throws {
    let raster = TestRasters.noisyGradient(width: width, height: height)
    for count in [1, 2, 1000] {
      let map = try Superpixels(raster, SuperpixelOptions(count: count)).map
      #expect((1...min(count, width * height)).contains(map.count))
      #expect(TestMaps.flooded(map) == map.labels)
    }
  }

  /// As many as there are pixels, or nearly.
  @Test(arguments: [(3, 2), (2, 3), (4, 4), (7, 5)])
  func pixelsOfTheirOwn(width: Int, height: Int) throws {
    let pixels = width * height
    let raster = TestRasters.noisyGradient(width: width, height: height)
    let map = try Superpixels(raster, SuperpixelOptions(count: pixels)).map
    #expect(map.count == pixels)
    let half = try Superpixels(
      raster, SuperpixelOptions(count: pixels / 2)
    ).map
    #expect(half.count == pixels / 2)
  }

  /// Two flat colours with a border that no grid knows.
  @Test func bordersOfObjectsAreKept() throws {
    let raster = TestRasters.make(width: 64, height: 48) { x, y in
      3 * x + y < 101 ? 0xc04020 : 0x2060a0
    }
    var options = SuperpixelOptions(count: 24)
    options.compactness = 5
    let map = try Superpixels(raster, options).map
    var sides: [Int: Set<Bool>] = [:]
    for (n, label) in map.labels.enumerated() {
      // But for the pixels that smoothing mixes.
      let place = 3 * (n % 64) + n / 64 - 101
      if abs(place) > 6 { sides[Int(label), default: []].insert(place < 0) }
    }
    #expect(sides.values.allSatisfy { $0.count == 1 })
  }

  @Test func softBordersAreShared() throws {
    var options = SuperpixelOptions(count: 30)
    let hard = try Superpixels(picture, options).map
    #expect(
      try SuperpixelPosterior(hard, picture, options).posterior
        .responsibilities.allSatisfy { $0 == 1 })
    options.truncation = 3
    let map = try Superpixels(picture, options).map
    let posterior = try SuperpixelPosterior(map, picture, options)
    let own = posterior.own(map)
    #expect(own.allSatisfy { (0...1).contains($0) })
    #expect(own.contains { $0 > 0.2 && $0 < 0.8 })
    let mean = own.reduce(0, +) / Float(own.count)
    #expect(mean > 0.5 && mean < 1)
  }

  /// All components that touch a pixel's own, one by one.
  @Test func responsibilitiesAreThoseOfTheClosest() throws {
    var options = SuperpixelOptions(count: 12)
    options.truncation = 4
    let map = try Superpixels(picture, options).map
    let result = try SuperpixelPosterior(map, picture, options)
    let width = map.size.width
    var touching = (0..<12).map { Set([Int32($0)]) }
    for (n, label) in map.labels.enumerated() {
      for next in [n + 1, n + width]
      where next < map.labels.count && (next != n + 1 || next % width > 0) {
        touching[Int(label)].insert(map.labels[next])
        touching[Int(map.labels[next])].insert(label)
      }
    }
    let planes = LabPlanes(picture, Workers(threads: 1)).smoothed(
      Workers(threads: 1))
    let weight =
      options.compactness
      * (12 / Double(map.size.pixelCount)).squareRoot()
    let model = result.model
    var energy = 0.0
    for (n, label) in map.labels.enumerated() {
      let (x, y) = (n % width, n / width)
      let point =
        (0..<3).map {
          Double(planes.samples[$0 * planes.planeCount + y * planes.stride + x])
        } + [weight * Double(x), weight * Double(y)]
      let distances = touching[Int(label)].map { c in
        (
          c,
          zip(point, model.mean(Int(c))).reduce(0) {
            $0 + ($1.0 - $1.1) * ($1.0 - $1.1)
          }
        )
      }.sorted { $0.1 < $1.1 }.prefix(4)
      let parts = distances.map { exp(-$0.1 / (2 * model.variance)) }
      let total = parts.reduce(0, +)
      energy += log(total)
      let entries = n * 4..<n * 4 + 4
      #expect(Set(result.posterior.components[entries]).count == 4)
      for (i, entry) in entries.enumerated() {
        let share = i < parts.count ? parts[i] / total : 0
        #expect(
          abs(Double(result.posterior.responsibilities[entry]) - share) < 1e-6)
      }
    }
    let expected =
      energy / Double(map.labels.count) - log(12)
      - 2.5 * log(2 * .pi * model.variance)
    #expect(abs(result.freeEnergy - expected) < 1e-9)
    let soft = try ResponsibilityMap(.eight(picture), result)
    #expect(soft.components == 12)
    #expect(
      soft.strip(3..<5).responsibilities
        == Array(
          result.posterior.responsibilities[3 * width * 4..<5 * width * 4]))
  }

  @Test func refusals() {
    var options = SuperpixelOptions(count: 0)
    #expect(throws: SegmentationError.superpixels) {
      try Superpixels(picture, options)
    }
    options.count = 5
    options.truncation = 10
    #expect(throws: SegmentationError.superpixelTruncation(10)) {
      try Superpixels(picture, options)
    }
    options.truncation = 1
    options.compactness = .nan
    #expect(throws: SegmentationError.superpixels) {
      try Superpixels(picture, options)
    }
  }
}
