import CLibrary
import ParallelWork

/// The truncated responsibilities of the points of a lattice, and how a mean-field
/// update changes them; see `LatticeExpectation`.
struct LatticeShares {
  /// For each point its C' components, the most responsible first.
  private(set) var components: [UInt16]

  /// Their responsibilities.
  private(set) var shares: [Double]

  let lattice: Lattice
  let truncation: Int

  /// No responsibilities yet: neighbours have no say in the first update.
  init(_ lattice: Lattice, truncation: Int) {
    self.lattice = lattice
    self.truncation = truncation
    components = [UInt16](repeating: 0, count: lattice.count * truncation)
    shares = [Double](repeating: 0, count: lattice.count * truncation)
  }

  /// Updates every other point, like the white fields of a chessboard: none of them
  /// is a neighbour of another, so their order does not matter.
  ///
  /// - Parameters:
  ///   - parity: 0 or 1; `nil` for all points, where neighbours have no say.
  ///   - points: The points.
  ///   - model: The parameters.
  ///   - coupling: β.
  ///   - workers: The threads to use.
  mutating func update(
    _ parity: Int?, _ points: WeightedPoints, _ model: MixtureModel,
    coupling: Double, _ workers: Workers
  ) {
    let (lattice, truncation) = (lattice, truncation)
    let costs = ComponentCosts(of: model)
    points.withUnsafePoints { points in
      components.withUnsafeMutableBufferPointer { components in
        shares.withUnsafeMutableBufferPointer { shares in
          let components = SharedMemory(components)
          let shares = SharedMemory(shares)
          workers.forEach(lattice.height * lattice.pages) { row in
            var choice = LatticeChoice(model, costs, truncation)
            let first = parity.map { ($0 + row) & 1 } ?? 0
            for x in stride(
              from: first, to: lattice.width, by: parity == nil ? 1 : 2)
            {
              let n = row * lattice.width + x
              choice.start(points, n)
              if parity != nil {
                lattice.forEachNeighbour(x, row) { m in
                  for i in m * truncation..<(m + 1) * truncation {
                    choice.add(
                      coupling * shares.start[i],
                      to: Int(components.start[i]))
                  }
                }
              }
              choice.write(
                to: components.start + n * truncation,
                shares.start + n * truncation)
            }
          }
        }
      }
    }
  }
}

/// Chooses the components of a point, and shares it among them.
private struct LatticeChoice {
  private let model: MixtureModel
  private let costs: ComponentCosts
  private let truncation: Int

  /// For each component how well it suits the point, in nats.
  private var scores: [Double]

  init(_ model: MixtureModel, _ costs: ComponentCosts, _ truncation: Int) {
    self.model = model
    self.costs = costs
    self.truncation = truncation
    scores = [Double](repeating: 0, count: model.components)
  }

  mutating func start(_ points: UnsafePoints, _ n: Int) {
    let dimension = model.dimension
    model.means.withUnsafeBufferPointer { means in
      for c in scores.indices {
        var squares = 0.0
        for d in 0..<dimension {
          let difference = points.coordinate(n, d) - means[c * dimension + d]
          squares += difference * difference
        }
        scores[c] = -costs.offsets[c] - costs.precisions[c] * squares
      }
    }
  }

  mutating func add(_ value: Double, to component: Int) {
    scores[component] += value
  }

  /// Writes the C' components of the highest scores, of equal ones the lower
  /// number, and their shares.
  mutating func write(
    to components: UnsafeMutablePointer<UInt16>,
    _ shares: UnsafeMutablePointer<Double>
  ) {
    var filled = 0
    for c in scores.indices {
      let score = scores[c]
      guard filled < truncation || score > shares[filled - 1] else { continue }
      var place = min(filled, truncation - 1)
      while place > 0, score > shares[place - 1] {
        shares[place] = shares[place - 1]
        components[place] = components[place - 1]
        place -= 1
      }
      shares[place] = score
      components[place] = UInt16(truncatingIfNeeded: c)
      filled = min(truncation, filled + 1)
    }
    let most = shares[0]
    var total = 0.0
    for i in 0..<truncation {
      shares[i] = exp(shares[i] - most)
      total += shares[i]
    }
    for i in 0..<truncation { shares[i] /= total }
  }
}
