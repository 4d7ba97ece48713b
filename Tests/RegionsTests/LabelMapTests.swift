import Rasters
import Regions
import Testing
import _TestSupport

@Suite struct LabelMapTests {
  @Test(arguments: [(1, 1), (1, 9), (9, 1), (17, 13), (40, 31)])
  func regionsAreThoseOfAFlood(width: Int, height: Int) throws {
    for seed in 1...8 {
      let map = TestMaps.random(
        width: width, height: height, labels: 2 + seed % 3, seed: UInt64(seed))
      let (regions, labels) = map.connectedRegions()
      #expect(regions.labels == TestMaps.flooded(map))
      #expect(regions.count == labels.count)
      for (n, region) in regions.labels.enumerated() {
        #expect(labels[Int(region)] == map.labels[n])
      }
    }
  }

  /// A spiral is one region whose first pixels look like many.
  @Test func aCombIsOneRegion() throws {
    let size = try #require(ImageSize(width: 9, height: 5))
    let labels = (0..<45).map { n -> Int32 in
      n / 9 == 4 || n % 9 % 2 == 0 ? 0 : 1
    }
    let map = LabelMap(size: size, labels: labels, count: 2)
    #expect(map.connectedRegions().regions.count == 5)
  }

  @Test func compactedCountsInOrder() throws {
    let size = try #require(ImageSize(width: 3, height: 2))
    let map = LabelMap(size: size, labels: [7, 7, 2, 5, 2, 7], count: 9)
    let compacted = map.compacted()
    #expect(compacted.labels == [0, 0, 1, 2, 1, 0])
    #expect(compacted.count == 3)
  }
}
