import Rasters
import Regions
import Segmentation
import Testing
import _TestSupport

@Suite struct OutlinesTests {
  private struct Edge: Hashable {
    let from: SIMD2<Int>
    let to: SIMD2<Int>

    var reversed: Edge { Edge(from: to, to: from) }
  }

  private func edges(_ ring: Outlines.Ring) -> [Edge] {
    ring.indices.map {
      Edge(from: ring[$0], to: ring[($0 + 1) % ring.count])
    }
  }

  /// Twice the area, positive where the region is on the right.
  private func doubleArea(_ ring: Outlines.Ring) -> Int {
    edges(ring).reduce(0) { $0 + $1.from.x * $1.to.y - $1.to.x * $1.from.y }
  }

  private func regions(_ seed: UInt64) throws -> LabelMap {
    TestMaps.random(
      width: 23, height: 17, labels: 3, seed: seed, patch: 4
    ).connectedRegions().regions
  }

  @Test(arguments: 1...6)
  func exactOutlinesHoldExactlyTheirPixels(seed: Int) throws {
    let map = try regions(UInt64(seed))
    let outlines = Outlines(map, tolerance: 0)
    for (region, rings) in outlines.rings.enumerated() {
      let area = map.labels.count { Int($0) == region }
      #expect(rings.reduce(0) { $0 + doubleArea($1) } == 2 * area)
      // A ray to the left from each pixel's centre crosses an odd number of
      // upright sides where the pixel is inside.
      for n in map.labels.indices {
        let (y, x) = n.quotientAndRemainder(dividingBy: 23)
        let crossings = rings.flatMap(edges).count { edge in
          edge.from.x <= x
            && min(edge.from.y, edge.to.y) <= y
            && max(edge.from.y, edge.to.y) > y
        }
        #expect((crossings % 2 == 1) == (Int(map.labels[n]) == region))
      }
    }
  }

  /// Every side that is not on the frame of the image is, in reverse, one of
  /// exactly one other region: nothing gapes and nothing overlaps.
  @Test(arguments: [0, 0.7, 1, 2.5, 50])
  func sharedBordersAreTheSame(tolerance: Double) throws {
    for seed in 1...6 {
      let map = try regions(UInt64(seed))
      let outlines = Outlines(map, tolerance: tolerance)
      var counts: [Edge: Int] = [:]
      for edge in outlines.rings.joined().flatMap(edges) {
        counts[edge, default: 0] += 1
      }
      for (edge, count) in counts {
        let isFrame =
          (edge.from.x == edge.to.x && [0, 23].contains(edge.from.x))
          || (edge.from.y == edge.to.y && [0, 17].contains(edge.from.y))
        guard !isFrame else { continue }
        #expect(counts[edge.reversed] == count, "\(edge) with \(tolerance)")
      }
    }
  }

  /// The centre of each pixel is in one region, however much is left out, and no
  /// region vanishes. In whole numbers: corners are even, centres odd.
  @Test(arguments: [0.7, 1, 2, 3.5, 50])
  func everyPlaceIsInOneRegion(tolerance: Double) throws {
    for seed in 1...12 {
      for patch in [1, 2, 4] {
        let map = TestMaps.random(
          width: 23, height: 17, labels: 3, seed: UInt64(seed), patch: patch
        ).connectedRegions().regions
        let outlines = Outlines(map, tolerance: tolerance)
        var counts = [Int](repeating: 0, count: map.labels.count)
        for rings in outlines.rings {
          #expect(rings.reduce(0) { $0 + doubleArea($1) } > 0)
          let sides = rings.flatMap(edges)
          for n in counts.indices {
            let (y, x) = n.quotientAndRemainder(dividingBy: 23)
            let crossings = sides.count {
              isLeft(SIMD2(2 * x + 1, 2 * y + 1), of: $0)
            }
            counts[n] += crossings % 2
          }
        }
        #expect(counts.allSatisfy { $0 == 1 }, "\(seed), \(patch)")
      }
    }
  }

  /// Whether a ray to the right from a place, in halves of a pixel, meets a side.
  private func isLeft(_ place: SIMD2<Int>, of edge: Edge) -> Bool {
    let isDown = edge.from.y < edge.to.y
    let top = (isDown ? edge.from : edge.to) &* 2
    let bottom = (isDown ? edge.to : edge.from) &* 2
    guard top.y <= place.y, place.y < bottom.y else { return false }
    let (way, line) = (place &- top, bottom &- top)
    return way.x * line.y < line.x * way.y
  }

  @Test func simplifiedOutlinesHaveFewerCorners() throws {
    let map = try regions(2)
    let counts = [0.0, 1, 3].map { tolerance in
      Outlines(map, tolerance: tolerance).rings.joined().reduce(0) {
        $0 + $1.count
      }
    }
    #expect(counts[0] > counts[1] && counts[1] > counts[2])
  }

  /// An island has no point where three regions meet.
  @Test func islandsFitTheirHoles() throws {
    let size = try #require(ImageSize(width: 20, height: 20))
    let labels = (0..<400).map { n -> Int32 in
      let (u, v) = (n % 20 - 10, n / 20 - 9)
      return u * u + v * v < 40 ? 1 : 0
    }
    let map = LabelMap(size: size, labels: labels, count: 2)
    for tolerance in [0.0, 1, 2] {
      let rings = Outlines(map, tolerance: tolerance).rings
      #expect(rings[0].count == 2)
      #expect(rings[1].count == 1)
      let hole = Set(rings[0].flatMap { $0 }).intersection(rings[1][0])
      #expect(hole.count == rings[1][0].count)
      let area = rings[1].reduce(0) { $0 + doubleArea($1) }
      #expect(rings[0].reduce(0) { $0 + doubleArea($1) } + area == 800)
    }
  }

  /// Pixels that touch by a corner are two regions, and their rings do not cross.
  @Test func cornersThatTouchStayApart() throws {
    let size = try #require(ImageSize(width: 2, height: 2))
    let map = LabelMap(size: size, labels: [0, 1, 2, 3], count: 4)
    let rings = Outlines(map, tolerance: 5).rings
    for ring in rings {
      #expect(ring.count == 1)
      #expect(doubleArea(ring[0]) == 2)
    }
  }

  @Test func svgNamesRegions() throws {
    let size = try #require(ImageSize(width: 4, height: 2))
    let map = LabelMap(
      size: size, labels: [0, 0, 1, 1, 0, 0, 1, 1], count: 2)
    let raster = TestRasters.make(width: 4, height: 2) { x, _ in
      x < 2 ? 0xff8000 : 0x0000ff
    }
    let table = RegionTable(map, RegionSamples(.eight(raster)))
    let svg = Outlines(table.map, tolerance: 1).svg(
      table.map, regions: table.regions,
      style: OutlineStyle(
        paints: map.meanColors(of: .eight(raster))))
    #expect(svg.contains("viewBox=\"0 0 4 2\""))
    #expect(
      svg.contains(
        "<g id=\"label-0\" fill=\"#ff8000\">\n"
          + "<path id=\"region-0\" data-label=\"0\" "
          + "d=\"M0 0 2 0 2 2 0 2Z\"/>"))
    #expect(
      svg.contains(
        "<g id=\"label-1\" fill=\"#0000ff\">\n"
          + "<path id=\"region-1\" data-label=\"1\" "
          + "d=\"M2 0 4 0 4 2 2 2Z\"/>"))
  }
}
