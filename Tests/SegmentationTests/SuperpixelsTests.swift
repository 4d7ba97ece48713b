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
      let shares = results.indices.map {
        SuperpixelPosterior(
          results[0].map, picture, options, threads: [1, 2, 7][$0]
        ).own
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
    #expect(
      SuperpixelPosterior(
        try Superpixels(picture, options).map, picture, options
      ).own.allSatisfy { $0 == 1 })
    options.truncation = 3
    let map = try Superpixels(picture, options).map
    let own = SuperpixelPosterior(map, picture, options).own
    #expect(own.allSatisfy { (0...1).contains($0) })
    #expect(own.contains { $0 > 0.2 && $0 < 0.8 })
    let mean = own.reduce(0, +) / Float(own.count)
    #expect(mean > 0.5 && mean < 1)
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
