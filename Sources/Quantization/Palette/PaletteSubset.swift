import TruncatedEM

/// The best few of given colours for an image: the p-median problem, with
/// squared distances in the working space.
///
/// Small cases are tried out in full. Others are solved by vertex substitution
/// (M. B. Teitz and P. Bart, "Heuristic methods for estimating the generalized
/// vertex median of a weighted graph", Operations Research 16(5), 1968) from a
/// greedy start and from random ones, with the bookkeeping of R. A. Whitaker
/// ("A fast algorithm for the greedy interchange for large-scale clustering and
/// median location problems", INFOR 21, 1983).
struct PaletteSubset {
  /// The most distances that are held in memory.
  private static let mostDistances = 1 << 21

  /// The most colours to choose from; of more, those count that most pixels are
  /// nearest to.
  private static let mostCandidates = 2_048

  /// Up to this many subsets are all tried.
  private static let mostSubsets = 20_000

  /// About how many distances the random starts after the greedy one may look
  /// at, each of the starts all of them several times; and how many there are.
  private static let work = 1 << 26
  private static let restarts = 4...64

  /// Which colours can be chosen, and their distances from each point, point by
  /// point.
  private let candidates: [Int]
  private let distances: [Double]
  private let weights: [Double]

  /// Prepares a choice.
  ///
  /// - Parameters:
  ///   - points: The colours of the image, those close together as one.
  ///   - targets: The colours to choose from.
  private init(_ points: [ColorGroup], _ targets: [ColorGroup]) {
    func distance(_ point: ColorGroup, _ target: ColorGroup) -> Double {
      let difference = point.point - target.point
      // Opaque pixels have opaque entries.
      let penalty = point.isOpaque && !target.isOpaque ? 1e12 : 0
      return (difference * difference).sum() + penalty
    }
    var candidates = Array(targets.indices)
    if candidates.count > Self.mostCandidates {
      var use = [Double](repeating: 0, count: targets.count)
      for point in points {
        let nearest = targets.indices.min {
          distance(point, targets[$0]) < distance(point, targets[$1])
        }
        if let nearest { use[nearest] += point.weight }
      }
      candidates = candidates.sorted { (use[$1], $0) < (use[$0], $1) }
        .prefix(Self.mostCandidates).sorted()
    }
    self.candidates = candidates
    weights = points.map(\.weight)
    distances = points.flatMap { point in
      candidates.map { distance(point, targets[$0]) }
    }
  }

  /// Chooses colours.
  ///
  /// - Parameters:
  ///   - size: How many.
  ///   - given: The colours to choose from.
  ///   - image: The colours of the image.
  ///   - seed: Of the random starts.
  /// - Returns: So many of them, in their order, or all where there are no more.
  /// - Throws: `QuantizationError.noOpaqueColor`.
  /// - Complexity: O(points × colours) memory and time for each exchange, with
  ///   at most a few thousand points.
  static func best(
    _ size: PaletteSize, of given: FixedPalette, for image: ColorPoints,
    seed: UInt64
  ) throws(QuantizationError) -> FixedPalette {
    let colors = given.colors(
      withAlpha: image.histogram.hasTranslucent)
    guard size.count < colors.count, !image.histogram.visible.isEmpty else {
      return given
    }
    let targets = colors.map { color in
      ColorGroup(
        point: image.space.point(color.color, alpha: color.alpha), weight: 0,
        isOpaque: color.alpha == 255)
    }
    let most = max(
      1_024, mostDistances / min(targets.count, mostCandidates))
    let subset = Self(ColorGroup.groups(of: image, most: most), targets)
    let chosen = subset.choose(size.count, seed: seed)
      .map { subset.candidates[$0] }
    var kept = Set(chosen)
    if !kept.contains(where: { colors[$0].alpha == 255 }),
      let opaque = colors.firstIndex(where: { $0.alpha == 255 })
    {
      if let last = chosen.last { kept.remove(last) }
      kept.insert(opaque)
    }
    return try FixedPalette(kept.sorted().map { colors[$0] })
  }

  private var count: Int { candidates.count }

  private func choose(_ size: Int, seed: UInt64) -> [Int] {
    guard Self.binomial(count, size) > Self.mostSubsets else {
      return exhaustive(size)
    }
    var generator = SeededGenerator(seed: seed)
    var best = greedy(size)
    var least = improve(&best)
    let starts = Self.work / max(1, distances.count * size)
    let bounds = Self.restarts
    for _ in 0..<min(bounds.upperBound, max(bounds.lowerBound, starts)) {
      var start = random(size, &generator)
      let cost = improve(&start)
      if cost < least { (best, least) = (start, cost) }
    }
    return best.sorted()
  }

  private func random(
    _ size: Int, _ generator: inout SeededGenerator
  ) -> [Int] {
    var numbers = Array(0..<count)
    for i in 0..<size {
      let left = UInt64(count - i)
      numbers.swapAt(i, i + Int(generator.next() % left))
    }
    return Array(numbers[..<size])
  }

  private func cost(_ chosen: [Int]) -> Double {
    var sum = 0.0
    for i in weights.indices {
      let row = i * count
      var least = Double.infinity
      for c in chosen { least = min(least, distances[row + c]) }
      sum += weights[i] * least
    }
    return sum
  }

  /// The number of subsets, at most one more than are tried.
  private static func binomial(_ n: Int, _ k: Int) -> Int {
    var result = 1
    for i in 0..<min(k, n - k) {
      result = result * (n - i) / (i + 1)
      if result > mostSubsets { return result }
    }
    return result
  }

  private func exhaustive(_ size: Int) -> [Int] {
    var chosen = Array(0..<size)
    var best = chosen
    var least = cost(chosen)
    while let place = chosen.indices.last(where: {
      chosen[$0] < count - size + $0
    }) {
      chosen[place] += 1
      for next in chosen.indices where next > place {
        chosen[next] = chosen[next - 1] + 1
      }
      let cost = cost(chosen)
      if cost < least { (best, least) = (chosen, cost) }
    }
    return best
  }

  private func greedy(_ size: Int) -> [Int] {
    var least = [Double](repeating: .infinity, count: weights.count)
    var chosen: [Int] = []
    var isChosen = [Bool](repeating: false, count: count)
    for _ in 0..<size {
      var sums = [Double](repeating: 0, count: count)
      for i in weights.indices {
        let row = i * count
        for c in 0..<count {
          sums[c] += weights[i] * min(least[i], distances[row + c])
        }
      }
      guard
        let next = sums.indices.filter({ !isChosen[$0] })
          .min(by: { (sums[$0], $0) < (sums[$1], $1) })
      else { break }
      chosen.append(next)
      isChosen[next] = true
      for i in weights.indices {
        least[i] = min(least[i], distances[i * count + next])
      }
    }
    return chosen
  }

  /// Exchanges colours as long as that helps.
  ///
  /// - Returns: The cost that is left.
  private func improve(_ chosen: inout [Int]) -> Double {
    var isChosen = [Bool](repeating: false, count: count)
    for c in chosen { isChosen[c] = true }
    var nearest = [(first: Int, least: Double, second: Double)](
      repeating: (0, 0, 0), count: weights.count)
    var total = assign(chosen, &nearest)
    var waiting = count
    var next = 0
    while waiting > 0 {
      defer { next = (next + 1) % count }
      waiting -= 1
      guard !isChosen[next] else { continue }
      let (place, change) = exchange(next, chosen.count, nearest)
      guard change < -1e-12 * total else { continue }
      isChosen[chosen[place]] = false
      isChosen[next] = true
      chosen[place] = next
      total = assign(chosen, &nearest)
      waiting = count
    }
    return total
  }

  /// The place whose colour is best exchanged for another, and how that changes
  /// the cost.
  private func exchange(
    _ new: Int, _ size: Int,
    _ nearest: [(first: Int, least: Double, second: Double)]
  ) -> (place: Int, change: Double) {
    var gain = 0.0
    var losses = [Double](repeating: 0, count: size)
    for i in weights.indices {
      let distance = distances[i * count + new]
      let (first, least, second) = nearest[i]
      if distance < least {
        gain += weights[i] * (least - distance)
      } else {
        losses[first] += weights[i] * (min(distance, second) - least)
      }
    }
    let place = losses.indices.min { losses[$0] < losses[$1] } ?? 0
    return (place, losses[place] - gain)
  }

  private func assign(
    _ chosen: [Int],
    _ nearest: inout [(first: Int, least: Double, second: Double)]
  ) -> Double {
    var total = 0.0
    for i in weights.indices {
      let row = i * count
      var (first, least, second) = (0, Double.infinity, Double.infinity)
      for (place, c) in chosen.enumerated() {
        let distance = distances[row + c]
        if distance < least {
          (first, least, second) = (place, distance, least)
        } else if distance < second {
          second = distance
        }
      }
      // Where there is no second one, a loss must still be a number.
      nearest[i] = (first, least, second.isFinite ? second : 1e12)
      total += weights[i] * least
    }
    return total
  }
}
