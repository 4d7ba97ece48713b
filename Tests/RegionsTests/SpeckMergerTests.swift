import Regions
import Testing
import _TestSupport

/// Small regions go to the neighbour that is most responsible, the smallest first:
/// against sets of pixels that are searched again after each step.
@Suite struct SpeckMergerTests {
  private struct Region {
    var pixels: Set<Int>
    var label: Int32
  }

  /// What `SpeckMerger` says it does, as plainly as it says it.
  private func expected(
    _ map: LabelMap, _ points: [[Double]], _ means: [[Double]], least: Int
  ) -> [Int32] {
    let width = map.size.width
    var owners = TestMaps.flooded(map).map { Int($0) }
    var regions: [Int: Region] = [:]
    for (n, owner) in owners.enumerated() {
      regions[owner, default: Region(pixels: [], label: map.labels[n])]
        .pixels.insert(n)
    }
    func beside(_ n: Int) -> [Int] {
      [
        n % width > 0 ? n - 1 : nil, n % width < width - 1 ? n + 1 : nil,
        n >= width ? n - width : nil,
        n + width < map.labels.count ? n + width : nil,
      ].compactMap(\.self)
    }
    while true {
      let smallest = regions.filter { $0.value.pixels.count < least }
        .map { ($0.value.pixels.count, $0.key) }.min { $0 < $1 }
      guard let (_, speck) = smallest, let region = regions[speck] else {
        break
      }
      let neighbours = Set(
        region.pixels.flatMap(beside).map { owners[$0] }
      ).subtracting([speck])
      guard !neighbours.isEmpty else { break }
      let labels = Set(neighbours.compactMap { regions[$0]?.label })
      let costs = labels.map { label in
        let cost = region.pixels.reduce(0.0) { sum, n in
          sum
            + zip(points[n], means[Int(label)]).reduce(0) {
              $0 + ($1.0 - $1.1) * ($1.0 - $1.1)
            }
        }
        return (cost, label)
      }
      guard let best = costs.min(by: { $0 < $1 })?.1 else { break }
      for other in neighbours where regions[other]?.label == best {
        for n in regions[other]?.pixels ?? [] {
          owners[n] = speck
          regions[speck]?.pixels.insert(n)
        }
        regions[other] = nil
      }
      regions[speck]?.label = best
    }
    return owners.map { regions[$0]?.label ?? -1 }
  }

  /// Colours, and less of the position.
  private static func points(width: Int, height: Int) -> [[Double]] {
    let picture = TestMaps.picture(width: width, height: height)
    return (0..<width * height).map { n -> [Double] in
      var point = picture.samples[3 * n..<3 * n + 3].map { Double($0) }
      point.append(0.3 * Double(n % width))
      point.append(0.3 * Double(n / width))
      return point
    }
  }

  private static func merged(
    _ map: LabelMap, _ points: [[Double]], _ means: [[Double]], least: Int
  ) -> LabelMap {
    SpeckMerger(map, means: Array(means.joined()), dimension: 5) {
      pixel, sums in
      for d in 0..<5 { sums[d] += points[pixel][d] }
    }.merged(least: least)
  }

  @Test(arguments: 1...8, [2, 3, 9, 40, 1_000])
  func specksGoWhereTheyBelong(seed: UInt64, least: Int) throws {
    let map = TestMaps.random(
      width: 17, height: 13, labels: 3 + Int(seed % 3), seed: seed,
      patch: 1 + Int(seed % 2))
    let points = Self.points(width: 17, height: 13)
    let means = (0..<map.count).map { points[$0 * 31 % points.count] }
    let merged = Self.merged(map, points, means, least: least)
    #expect(merged.labels == expected(map, points, means, least: least))
  }

  /// A picture of noise, where a region grows from speck to speck, and the whole
  /// picture becomes one.
  @Test func noiseIsMergedInLinearTime() throws {
    let side = 600
    let map = TestMaps.random(
      width: side, height: side, labels: 8, seed: 4, patch: 1)
    let points = Self.points(width: side, height: side)
    let means = (0..<8).map { points[$0 * 97] }
    for least in [30, side * side] {
      let merged = Self.merged(map, points, means, least: least)
      let (regions, _) = merged.connectedRegions()
      var areas = [Int](repeating: 0, count: regions.count)
      for region in regions.labels { areas[Int(region)] += 1 }
      #expect(regions.count == 1 || areas.allSatisfy { $0 >= least })
    }
  }
}
