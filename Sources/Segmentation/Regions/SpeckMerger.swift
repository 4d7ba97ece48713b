import ParallelWork
import TruncatedEM

/// Gives regions that are too small to the neighbour that is most responsible
/// for them.
///
/// The responsibility of component c for the pixels of a region together is in
/// proportion to Π_n exp(−|y_n−μ_c|²/2σ²): the neighbour of most has the least
/// Σ_n |y_n−μ_c|². The smallest regions go first.
struct SpeckMerger {
  private let map: LabelMap
  private let regions: LabelMap
  private let model: MixtureModel

  /// The label of each region.
  private var labels: [Int32]

  /// The pixels of each region.
  private var areas: [Int]

  /// The sums of their coordinates, D a region.
  private var sums: [Double]

  private var graph: RegionGraph

  /// Prepares to merge.
  ///
  /// - Parameters:
  ///   - map: For each pixel its component.
  ///   - points: For each pixel its point.
  ///   - model: The components.
  init(_ map: LabelMap, _ points: WeightedPoints, _ model: MixtureModel) {
    self.map = map
    self.model = model
    (regions, labels) = map.connectedRegions()
    graph = RegionGraph(regions) { _, _ in 0 }
    areas = [Int](repeating: 0, count: regions.count)
    sums = [Double](repeating: 0, count: regions.count * model.dimension)
    for (n, region) in regions.labels.enumerated() {
      areas[Int(region)] += 1
      let point = points.coordinates(ofPoint: n)
      for d in 0..<model.dimension {
        sums[Int(region) * model.dimension + d] += point[d]
      }
    }
  }

  /// Merges.
  ///
  /// - Parameter least: The pixels that a region has at least.
  /// - Returns: A map with the labels that are left.
  /// - Complexity: O(regions × neighbours × D).
  mutating func merged(least: Int) -> LabelMap {
    var parents = (0..<regions.count).map { Int32($0) }
    var versions = [Int32](repeating: 0, count: parents.count)
    func entry(_ region: Int) -> MergeQueue.Pair {
      MergeQueue.Pair(
        cost: Double(areas[region]), first: Int32(region), second: 0,
        firstVersion: versions[region], secondVersion: 0)
    }
    var queue = MergeQueue(
      areas.indices.filter { areas[$0] < least }.map(entry))
    let meter = WorkMeter.current
    let specks = areas.count { $0 < least }
    var left = specks
    while let next = queue.next() {
      let speck = Int(next.first)
      guard versions[speck] == next.firstVersion,
        let label = mostResponsible(for: speck)
      else { continue }
      // All neighbours of that label hang together now.
      labels[speck] = label
      for border in graph.borders[speck]
      where labels[Int(border.region)] == label {
        let other = Int(border.region)
        if areas[other] < least { left -= 1 }
        parents[other] = Int32(speck)
        versions[other] = -1
        areas[speck] += areas[other]
        for d in 0..<model.dimension {
          sums[speck * model.dimension + d] +=
            sums[other * model.dimension + d]
        }
        graph.merge(other, into: speck)
      }
      versions[speck] += 1
      if areas[speck] < least {
        queue.insert(entry(speck))
      } else {
        left -= 1
      }
      meter?.tell(specks - left, of: specks)
    }
    let roots = parents.indices.map { region in
      var root = region
      while Int(parents[root]) != root { root = Int(parents[root]) }
      return labels[root]
    }
    return regions.renumbered(roots, count: map.count)
  }

  /// The label of a region's neighbours that is most responsible for it, of
  /// equal ones the lowest; `nil` where there are none.
  private func mostResponsible(for region: Int) -> Int32? {
    let start = region * model.dimension
    let neighbours = graph.borders[region].map { labels[Int($0.region)] }
    // Σ|y−μ|² without Σ|y|², which is the same for all.
    func cost(_ label: Int32) -> Double {
      let mean = model.mean(Int(label))
      var cost = 0.0
      for (d, coordinate) in mean.enumerated() {
        cost +=
          coordinate
          * (Double(areas[region]) * coordinate - 2 * sums[start + d])
      }
      return cost
    }
    return neighbours.min { (cost($0), $0) < (cost($1), $1) }
  }
}
