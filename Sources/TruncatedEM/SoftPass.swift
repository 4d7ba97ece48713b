/// The E-step of C' > 1 over a part of a tree: shares each point among its C'
/// nearest components, and adds up what the M-step needs.
///
///     q_n(c) = exp(-|y_n-μ_c|²/2σ²) / Σ_{c'∈K_n} exp(-|y_n-μ_c'|²/2σ²)
///
/// The exponents are taken relative to the nearest component's, so nothing
/// overflows and the sum is at least 1 however small σ² is. K_n holds the lower
/// numbers of components that are equally far.
struct SoftPass<Dimension: FixedDimension> {
  private let tree: UnsafeTree
  private let outputs: PassOutputs
  private let truncation: Int
  private let precision: Double
  private let candidates: CandidateList<Dimension>
  private var shares: SharedPoints
  private var sums = PassSums()

  /// Shares the points below a node.
  ///
  /// `truncation` is C', at least 1, and `precision` 1/2σ².
  ///
  /// - Complexity: O(points × (components × D + C')) at worst; where boxes are
  ///   small against the distances of the means, nearly independent of
  ///   components.
  static func run(
    _ tree: UnsafeTree, below node: Int, _ means: UnsafeMeans,
    truncation: Int, precision: Double, _ outputs: PassOutputs
  ) -> PassSums {
    var pass = SoftPass(
      tree: tree, outputs: outputs, truncation: truncation,
      precision: precision,
      candidates: CandidateList(
        means, truncation: truncation, depth: tree.depth),
      shares: SharedPoints(truncation: truncation, components: means.count))
    defer {
      pass.candidates.deallocate()
      pass.shares.deallocate()
    }
    pass.visit(node, pass.candidates.all)
    return pass.sums
  }

  private mutating func visit(_ index: Int, _ outer: Range<Int>) {
    let (low, high) = tree.bounds(index, as: Dimension.Vector.self)
    let list = candidates.narrowed(outer, low: low, high: high)
    let node = tree.nodes[index]
    if Int(node.next) == index + 1 {
      evaluate(Int(node.start)..<Int(node.end), list)
    } else {
      visit(index + 1, list)
      visit(Int(tree.nodes[index + 1].next), list)
    }
  }

  /// Shares a leaf's points among the nearest candidates, four at once.
  @inline(__always)
  private mutating func evaluate(_ range: Range<Int>, _ list: Range<Int>) {
    var n = range.lowerBound
    while n < range.upperBound {
      shares.begin(candidates: list.count)
      for place in list {
        let mean = candidates.mean(place)
        var distance = SIMD4<Double>.zero
        for d in 0..<Dimension.count {
          let difference = tree.points.lanes(n, d) - SIMD4(repeating: mean[d])
          distance += difference * difference
        }
        shares.take(distance, Int64(candidates[place]))
      }
      let lanes = min(WeightedPoints.lanes, range.upperBound - n)
      add(n, lanes: lanes)
      n += lanes
    }
  }

  /// Adds up to four points, with their responsibilities, to the statistics.
  @inline(__always)
  private mutating func add(_ n: Int, lanes: Int) {
    let width = Dimension.count + 2
    let nearest = shares.selectNearest()
    var total = SIMD4<Double>.zero
    for i in 0..<truncation {
      let q = VectorMath.exp((nearest - shares.distances[i]) * precision)
      shares.responsibilities[i] = q
      total += q
    }
    let weights = UnsafeRawPointer(tree.points.weights + n)
      .loadUnaligned(as: SIMD4<Double>.self)
    let logarithms = VectorMath.log(total) - nearest * precision
    let scale = weights / total
    for lane in 0..<lanes {
      sums.freeEnergy += weights[lane] * logarithms[lane]
      sums.inertia += weights[lane] * nearest[lane]
      for i in 0..<truncation {
        let share = scale[lane] * shares.responsibilities[i][lane]
        let row =
          outputs.statistics + Int(shares.components[i][lane]) * width
        row[0] += share
        row[1] += share * shares.distances[i][lane]
        for d in 0..<Dimension.count {
          row[2 + d] += share * tree.points.coordinate(n + lane, d)
        }
      }
    }
  }
}

extension FixedDimension {
  static func assignSoftly(
    in tree: UnsafeTree, below node: Int, to means: UnsafeMeans,
    truncation: Int, precision: Double, into outputs: PassOutputs
  ) -> PassSums {
    SoftPass<Self>.run(
      tree, below: node, means, truncation: truncation, precision: precision,
      outputs)
  }
}
