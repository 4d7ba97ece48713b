import Rasters
import Segmentation
import Testing
import TruncatedEM
import _TestSupport

@Suite struct SpatialSegmentationTests {
  private let picture = TestMaps.picture(width: 48, height: 31)

  private func segmentation(
    _ truncation: Int, spatial: Double
  ) throws -> SpatialSegmentation {
    try SpatialSegmentation(
      .eight(picture), components: 5,
      truncation: Truncation(truncation), spatial: spatial, seed: 2)
  }

  @Test func pointsAreColourAndPlace() throws {
    let points = try SpatialPoints(.eight(picture), spatial: 0.2).points()
    #expect(points.dimension == 5)
    let scale = 255 * 0.2 / 48
    for n in [0, 47, 48, 1000, 48 * 31 - 1] {
      let expected =
        picture.samples[3 * n..<3 * n + 3].map(Double.init)
        + [scale * Double(n % 48), scale * Double(n / 48)]
      for (a, b) in zip(points.coordinates(ofPoint: n), expected) {
        #expect(abs(a - b) < 1e-9)
      }
    }
    #expect(
      try SpatialPoints(.eight(picture), spatial: 0).dimension == 3)
    #expect(throws: SegmentationError.spatialWeight(-1)) {
      try SpatialPoints(.eight(picture), spatial: -1)
    }
  }

  @Test func alphaAddsADimension() throws {
    let size = try #require(ImageSize(width: 2, height: 1))
    let raster = Raster(
      size: size, channels: .rgba, samples: [10, 20, 30, 255, 1, 2, 3, 0])
    let points = try SpatialPoints(.eight(raster), spatial: 1).points()
    #expect(points.dimension == 6)
    let first = points.coordinates(ofPoint: 0)
    #expect(zip(first, [10, 20, 30]).allSatisfy { abs($0 - $1) < 1e-9 })
    #expect(points.coordinates(ofPoint: 1)[4] == 127.5)
  }

  @Test(arguments: [0, 0.3])
  func labelsAreTheClosestMeans(spatial: Double) throws {
    let result = try segmentation(2, spatial: spatial)
    let model = result.fit.model
    for n in result.map.labels.indices {
      let point = result.points.points().coordinates(ofPoint: n)
      let costs = (0..<5).map { c in
        zip(point, model.mean(c)).reduce(0) {
          $0 + ($1.0 - $1.1) * ($1.0 - $1.1)
        }
      }
      let least = costs.min() ?? 0
      #expect(costs[Int(result.map.labels[n])] <= least + 1e-9)
    }
    let own = result.responsibilities(of: result.map)
    #expect(own.allSatisfy { $0 >= 0.5 && $0 <= 1 })
  }

  @Test func strippedResponsibilitiesAreThePosterior() throws {
    let result = try segmentation(3, spatial: 0.2)
    let map = try ResponsibilityMap(.eight(picture), result)
    #expect(map.components == 5)
    #expect(map.colorModel.dimension == 3)
    for c in 0..<5 {
      #expect(
        Array(map.colorModel.mean(c)) == Array(map.model.mean(c).prefix(3)))
    }
    let strips = map.strips(of: 7).map(map.strip)
    #expect(strips.flatMap(\.components) == result.posterior.components)
    #expect(
      strips.flatMap(\.responsibilities) == result.posterior.responsibilities)
  }

  @Test(arguments: [2, 5, 40, 100_000])
  func specksGoToNeighbours(least: Int) throws {
    let result = try segmentation(1, spatial: 0)
    let merged = result.map(leastRegion: least)
    let regions = TestMaps.flooded(merged)
    let areas = Dictionary(grouping: regions) { $0 }.mapValues(\.count)
    #expect(areas.count == 1 || areas.values.allSatisfy { $0 >= least })
    #expect(areas.count < result.map.connectedRegions().regions.count)
  }

  /// A speck between two regions goes to the one whose mean is closer.
  @Test func specksGoToTheMostResponsible() throws {
    let raster = TestRasters.make(width: 21, height: 9) { x, y in
      if (x, y) == (10, 4) { return 0x00b000 }
      if x > 17, y < 3 { return 0x00ff00 }
      return x < 10 ? 0x002000 : 0x009000
    }
    let result = try SpatialSegmentation(
      .eight(raster), components: 4, truncation: .hard, spatial: 0, seed: 1)
    #expect(result.map.connectedRegions().regions.count >= 3)
    let merged = result.map(leastRegion: 2)
    #expect(merged.labels[4 * 21 + 10] == merged.labels[4 * 21 + 11])
    #expect(merged.labels[4 * 21 + 9] != merged.labels[4 * 21 + 10])
  }
}
