import ParallelWork

/// Gives regions that are too small to the neighbour that is most responsible
/// for them.
///
/// The responsibility of component c for the pixels of a region together is in
/// proportion to Π_n exp(−|y_n−μ_c|²/2σ²): the neighbour of most has the least
/// Σ_n |y_n−μ_c|². The smallest regions go first, of equally small ones that whose
/// first pixel comes first.
///
/// A region that is merged is no larger than what it is merged with, so a pixel
/// is looked at again only after its region has doubled: O(pixels log(least)).
package struct SpeckMerger {
  /// Adds the coordinates of a pixel to D sums.
  package typealias Addition = (
    _ pixel: Int, _ sums: UnsafeMutablePointer<Double>
  ) -> Void

  private let map: LabelMap
  private let means: [Double]
  private let dimension: Int
  private let add: Addition

  /// Prepares to merge.
  ///
  /// - Parameters:
  ///   - map: For each pixel its component.
  ///   - means: The components' means, one after the other.
  ///   - dimension: D, the coordinates of each.
  ///   - add: Adds the point of a pixel.
  package init(
    _ map: LabelMap, means: [Double], dimension: Int,
    adding add: @escaping Addition
  ) {
    precondition(means.count == map.count * dimension)
    self.map = map
    self.means = means
    self.dimension = dimension
    self.add = add
  }

  /// Merges.
  ///
  /// - Parameter least: The pixels that a region has at least.
  /// - Returns: A map with the labels that are left.
  /// - Complexity: O(pixels log(least)); 10 bytes a pixel.
  package consuming func merged(least: Int) -> LabelMap {
    let (map, add) = (map, add)
    let (size, count) = (map.size, map.count)
    var choice = LabelChoice(means, dimension)
    _ = consume self
    var forest = RegionForest(consume map)
    var queue = SpeckQueue(forest, below: least)
    let meter = WorkMeter.current
    let specks = queue.count
    var neighbours: [Int] = []
    while let speck = queue.next(in: forest) {
      if meter?.isCancelled == true { break }
      neighbours.removeAll(keepingCapacity: true)
      choice.start(area: forest.area(of: speck))
      choice.sums.withUnsafeMutableBufferPointer { sums in
        guard let sums = sums.baseAddress else { return }
        forest.forEachPixel(ofSpeck: speck) { add($0, sums) }
      }
      forest.forEachNeighbour(ofSpeck: speck) { neighbours.append($0) }
      for neighbour in neighbours { choice.offer(forest.label(of: neighbour)) }
      guard let label = choice.label else { continue }
      forest.relabel(speck, label)
      // All neighbours of that label hang together now.
      for neighbour in neighbours where forest.label(of: neighbour) == label {
        let other = forest.root(of: neighbour)
        guard other != speck else { continue }
        let area = forest.area(of: other)
        if area < least { queue.remove(area: area) }
        forest.merge(other, into: speck, least: least)
      }
      let area = forest.area(of: speck)
      if area < least { queue.insert(speck, area: area) }
      meter?.tell(specks - queue.count, of: specks)
    }
    return forest.map(size: size, count: count)
  }
}

/// The label of neighbours that is most responsible for a region, of equal ones
/// the lowest.
private struct LabelChoice {
  /// The sums of the coordinates of the region's pixels.
  var sums: [Double]

  /// The best so far.
  private(set) var label: UInt16?

  private let means: [Double]
  private var area = 0.0
  private var least = Double.infinity

  init(_ means: [Double], _ dimension: Int) {
    self.means = means
    sums = [Double](repeating: 0, count: dimension)
  }

  mutating func start(area: Int) {
    self.area = Double(area)
    label = nil
    least = .infinity
    for d in sums.indices { sums[d] = 0 }
  }

  mutating func offer(_ other: UInt16) {
    guard other != label else { return }
    // Σ|y−μ|² without Σ|y|², which is the same for all.
    var cost = 0.0
    for d in sums.indices {
      let coordinate = means[Int(other) * sums.count + d]
      cost += coordinate * (area * coordinate - 2 * sums[d])
    }
    if let label, (cost, other) >= (least, label) { return }
    (least, label) = (cost, other)
  }
}
