import Segmentation
import Testing
import _TestSupport

@Suite struct RegionBordersTests {
  @Test func bordersAreThoseOfEachPair() throws {
    let map = TestMaps.random(
      width: 23, height: 19, labels: 4, seed: 11, patch: 1
    ).connectedRegions().regions
    let borders = RegionBorders(map)
    let graph = RegionGraph(map) { _, _ in 0 }
    for region in 0..<map.count {
      #expect(
        borders[region] == graph.borders[region].map { Int($0.region) }.sorted()
      )
      #expect(
        borders.sides[region]
          == graph.borders[region].reduce(0) { $0 + Int($1.length) })
    }
  }
}
