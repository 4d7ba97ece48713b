import ParallelWork
import Regions

/// Merges neighbouring regions until there are as many as wanted, those first
/// that lose the least free energy for the border that they share.
///
/// Two regions of n₁ and n₂ pixels with means μ₁ and μ₂ are one region with
///
///     ΔJ = n₁ n₂/(n₁ + n₂) |μ₁ − μ₂|²
///
/// more inertia (J. H. Ward, "Hierarchical grouping to optimize an objective
/// function", JASA 58, 1963, doi 10.1080/01621459.1963.10500845). To |μ₁ − μ₂|²
/// is added twice the squared mean difference of the pixels that meet at their
/// border. Its power of ¾ leaves weak borders between large regions a chance
/// beside strong ones. The whole is divided by the fourth root of the border's
/// length: regions that share a long border make one of a better shape.
/// docs/benchmarks.md says how the numbers were chosen.
struct SuperpixelMerger {
  /// The weight of the contrast at a border.
  private static let contrastWeight = 2.0

  /// Distances between centroids count this much of a superpixel's side.
  private static let compactness = 1.0

  /// Regions of less than this share of a superpixel go first, the smaller the
  /// sooner.
  private static let leastShare = 0.1

  /// Whether a region is none of those that are merged.
  private let isOutside: [Bool]

  private let squaredWeight: Double
  private let leastPixels: Double
  private var graph: RegionGraph

  /// Weight, L*, a*, b*, x, y of each region: its pixels and their sums.
  private var sums: [[Double]]

  /// Prepares to merge regions.
  ///
  /// - Parameters:
  ///   - regions: Connected regions.
  ///   - planes: The image.
  ///   - isOutside: For each region whether it stays as it is, beside those that
  ///     are counted.
  ///   - pixels: The pixels of those that are counted.
  ///   - superpixels: How many there are to be.
  init(
    _ regions: LabelMap, _ planes: LabPlanes, isOutside: [Bool], pixels: Int,
    superpixels: Int
  ) {
    self.isOutside = isOutside
    let pixels = Double(pixels)
    squaredWeight =
      Self.compactness * Self.compactness * Double(superpixels) / pixels
    leastPixels = Self.leastShare * pixels / Double(superpixels)
    let (width, stride) = (regions.size.width, planes.stride)
    let plane = planes.planeCount
    (graph, sums) = planes.samples.withUnsafeBufferPointer { samples in
      func place(_ pixel: Int) -> Int {
        pixel / width * stride + pixel % width
      }
      let graph = RegionGraph(regions) { first, second in
        let (p, q) = (place(first), place(second))
        let dl = samples[p] - samples[q]
        let da = samples[plane + p] - samples[plane + q]
        let db = samples[2 * plane + p] - samples[2 * plane + q]
        return (dl * dl + da * da + db * db).squareRoot()
      }
      var flat = [Double](repeating: 0, count: 6 * regions.count)
      flat.withUnsafeMutableBufferPointer { flat in
        for y in 0..<regions.size.height {
          for x in 0..<width {
            let to = 6 * Int(regions.labels[y * width + x])
            let from = y * stride + x
            flat[to] += 1
            flat[to + 1] += Double(samples[from])
            flat[to + 2] += Double(samples[plane + from])
            flat[to + 3] += Double(samples[2 * plane + from])
            flat[to + 4] += Double(x)
            flat[to + 5] += Double(y)
          }
        }
      }
      let sums = (0..<6).map { d in
        (0..<regions.count).map { flat[6 * $0 + d] }
      }
      return (graph, sums)
    }
  }

  /// Merges.
  ///
  /// - Parameter wanted: How many regions are left, where there were so many.
  /// - Returns: For each region one that it is part of now.
  /// - Complexity: O(regions × neighbours × log regions).
  mutating func merged(to wanted: Int) -> [Int32] {
    var parents = (0..<graph.borders.count).map { Int32($0) }
    var versions = [Int32](repeating: 0, count: parents.count)
    var pairs: [MergeQueue.Pair] = []
    for (a, borders) in graph.borders.enumerated() {
      for border in borders
      where Int(border.region) > a && !isOutside[a]
        && !isOutside[Int(border.region)]
      {
        pairs.append(pair(a, border, versions))
      }
    }
    var queue = MergeQueue(pairs)
    let meter = WorkMeter.current
    let counted = isOutside.count { !$0 }
    var left = counted
    while left > wanted, let next = queue.next() {
      guard versions[Int(next.first)] == next.firstVersion,
        versions[Int(next.second)] == next.secondVersion
      else { continue }
      var (kept, lost) = (Int(next.first), Int(next.second))
      if graph.borders[kept].count < graph.borders[lost].count {
        swap(&kept, &lost)
      }
      parents[lost] = Int32(kept)
      versions[kept] += 1
      versions[lost] = -1
      left -= 1
      meter?.tell(counted - left, of: counted - wanted)
      for d in sums.indices { sums[d][kept] += sums[d][lost] }
      graph.merge(lost, into: kept)
      for border in graph.borders[kept] where !isOutside[Int(border.region)] {
        queue.insert(pair(kept, border, versions))
      }
    }
    return parents.indices.map { region in
      var root = Int32(region)
      while parents[Int(root)] != root { root = parents[Int(root)] }
      return root
    }
  }

  private func pair(
    _ region: Int, _ border: RegionGraph.Border, _ versions: [Int32]
  ) -> MergeQueue.Pair {
    let other = Int(border.region)
    return MergeQueue.Pair(
      cost: cost(region, other, border), first: Int32(region),
      second: border.region, firstVersion: versions[region],
      secondVersion: versions[other])
  }

  private func cost(
    _ p: Int, _ q: Int, _ border: RegionGraph.Border
  ) -> Double {
    let (n, m) = (sums[0][p], sums[0][q])
    var square = 0.0
    for d in 1..<6 {
      let difference = sums[d][p] / n - sums[d][q] / m
      square += (d < 4 ? 1 : squaredWeight) * difference * difference
    }
    let length = Double(border.length)
    let contrast = Double(border.contrast) / length
    square += Self.contrastWeight * contrast * contrast
    let least = min(n, m)
    // Specks go before all others: a millionth of their cost.
    let haste = least < leastPixels ? 1e-6 * least / leastPixels : 1
    // Square roots, which are the same everywhere, in place of powers.
    let root = square.squareRoot()
    return haste * n * m / (n + m) * root
      * (root / length.squareRoot()).squareRoot()
  }
}
