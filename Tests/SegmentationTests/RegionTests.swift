import Rasters
import Regions
import Segmentation
import Testing
import _TestSupport

/// Tables of regions, graphs of their borders and the queue of merges.
@Suite struct RegionTests {
  @Test func tableIsWhatCountingGives() throws {
    let map = TestMaps.random(width: 31, height: 23, labels: 3, seed: 4)
    let raster = TestRasters.noisyGradient(width: 31, height: 23)
    let shares = (0..<31 * 23).map { Float($0 % 10) / 16 }
    let table = RegionTable(
      map, RegionSamples(.eight(raster)), responsibilities: shares)
    let regions = TestMaps.flooded(map)
    #expect(table.map.labels == regions)
    func region(_ x: Int, _ y: Int) -> Int32 {
      guard (0..<31).contains(x), (0..<23).contains(y) else { return -1 }
      return regions[y * 31 + x]
    }
    for (i, measured) in table.regions.enumerated() {
      let pixels = regions.indices.filter { regions[$0] == Int32(i) }
      #expect(measured.area == pixels.count)
      #expect(measured.label == Int(map.labels[pixels[0]]))
      let columns = pixels.map { $0 % 31 }
      let rows = pixels.map { $0 / 31 }
      #expect(measured.columns.lowerBound == columns.min())
      #expect(measured.columns.upperBound - 1 == columns.max())
      #expect(measured.rows.lowerBound == rows.min())
      #expect(measured.rows.upperBound - 1 == rows.max())
      var perimeter = 0
      var neighbours: Set<Int> = []
      var color = SIMD3<Double>.zero
      for n in pixels {
        for (dx, dy) in [(1, 0), (-1, 0), (0, 1), (0, -1)] {
          let other = region(n % 31 + dx, n / 31 + dy)
          guard other != Int32(i) else { continue }
          perimeter += 1
          if other >= 0 { neighbours.insert(Int(other)) }
        }
        color += SIMD3(
          Double(raster.samples[3 * n]), Double(raster.samples[3 * n + 1]),
          Double(raster.samples[3 * n + 2]))
      }
      let count = Double(pixels.count)
      #expect(measured.sides == perimeter)
      #expect(measured.neighbours == neighbours.sorted())
      for d in 0..<3 {
        #expect(abs(measured.means[d] - color[d] / count) < 1e-12)
      }
      #expect(measured.centroid.x == Double(columns.reduce(0, +)) / count)
      #expect(measured.centroid.y == Double(rows.reduce(0, +)) / count)
      let share = pixels.reduce(0.0) { $0 + Double(shares[$1]) } / count
      #expect(abs(measured.meanResponsibility - share) < 1e-12)
    }
    #expect(table.regions.reduce(0) { $0 + $1.area } == 31 * 23)
  }

  @Test func colorsOfLabelsAreMeans() throws {
    let size = try #require(ImageSize(width: 4, height: 1))
    let map = LabelMap(size: size, labels: [0, 2, 0, 2], count: 4)
    let raster = TestRasters.make(width: 4, height: 1) { x, _ in
      [0x000000, 0x102030, 0x040608, 0x203040][x]
    }
    let colors = map.meanColors(of: .eight(raster))
    #expect(colors.map(\.packed) == [0x020304, 0, 0x182838, 0])
  }

  /// However regions are merged, the graph is that of the merged map.
  @Test func mergedGraphsAreThoseOfMergedMaps() throws {
    var numbers = Generator(seed: 9)
    for seed in 1...6 {
      var map = TestMaps.random(
        width: 19, height: 14, labels: 4, seed: UInt64(seed)
      ).connectedRegions().regions
      var graph = RegionGraph(map) { Float(($0 * 7 + $1) % 5) }
      for _ in 0..<min(20, map.count - 1) {
        let kept = try #require(
          graph.borders.indices.filter { !graph.borders[$0].isEmpty }
            .randomElement(using: &numbers))
        let lost = Int(
          try #require(graph.borders[kept].randomElement(using: &numbers))
            .region)
        graph.merge(lost, into: kept)
        var names = (0..<map.count).map { Int32($0) }
        names[lost] = Int32(kept)
        map = map.renumbered(names, count: map.count)
        let expected = RegionGraph(map) { Float(($0 * 7 + $1) % 5) }
        for (a, b) in zip(graph.borders, expected.borders) {
          #expect(Set(a) == Set(b))
          #expect(a.count == b.count)
        }
      }
    }
  }

  @Test func queueGivesTheCheapestFirst() {
    var numbers = Generator(seed: 3)
    func pair(_ i: Int) -> MergeQueue.Pair {
      MergeQueue.Pair(
        cost: Double(numbers.next() % 20), first: Int32(i),
        second: Int32(numbers.next() % 9), firstVersion: 0, secondVersion: 0)
    }
    let pairs = (0..<200).map(pair)
    var queue = MergeQueue(Array(pairs.prefix(77)))
    for pair in pairs.dropFirst(77) { queue.insert(pair) }
    var order: [Int32] = []
    while let next = queue.next() { order.append(next.first) }
    let expected = pairs.sorted {
      ($0.cost, $0.first, $0.second) < ($1.cost, $1.first, $1.second)
    }
    #expect(order == expected.map(\.first))
  }

  @Test func overlayPaintsBoundariesOnly() throws {
    let map = TestMaps.random(width: 12, height: 9, labels: 2, seed: 1)
    let raster = TestRasters.noisyGradient(width: 12, height: 9)
    let overlay = map.overlay(
      on: raster, color: RGBColor(packed: 0xff00ff))
    for n in 0..<12 * 9 {
      let (y, x) = n.quotientAndRemainder(dividingBy: 12)
      let differs =
        (x < 11 && map.labels[n] != map.labels[n + 1])
        || (y < 8 && map.labels[n] != map.labels[n + 12])
      let pixel = Array(overlay.samples[3 * n..<3 * n + 3])
      #expect(
        pixel
          == (differs
            ? [255, 0, 255] : Array(raster.samples[3 * n..<3 * n + 3])))
    }
  }
}
