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

  /// Rows whose sums are made by one thread; they are added in order.
  private static let rows = 16

  /// Updates every other point, like the white fields of a chessboard: none of them
  /// is a neighbour of another, so their order does not matter.
  ///
  /// - Parameters:
  ///   - parity: 0 or 1; `nil` for all points, where neighbours have no say.
  ///   - points: The points.
  ///   - model: The parameters.
  ///   - coupling: β.
  ///   - isLast: Whether the others have been updated already, and these have the
  ///     terms of all pairs.
  ///   - workers: The threads to use.
  /// - Returns: What the M-step needs of these points, and their part of F.
  mutating func update(
    _ parity: Int?, _ points: WeightedPoints, _ model: MixtureModel,
    coupling: Double, isLast: Bool, _ workers: Workers
  ) -> LatticeSums {
    let (lattice, truncation) = (lattice, truncation)
    let costs = ComponentCosts(of: model)
    let all = lattice.height * lattice.pages
    let pieces = (all + Self.rows - 1) / Self.rows
    let sums: [LatticeSums] = points.withUnsafePoints { points in
      components.withUnsafeMutableBufferPointer { components in
        shares.withUnsafeMutableBufferPointer { shares in
          let components = SharedMemory(components)
          let shares = SharedMemory(shares)
          return workers.map(pieces) { piece in
            var choice = LatticeChoice(model, costs, truncation)
            for row in piece * Self.rows..<min(all, (piece + 1) * Self.rows) {
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
                  shares.start + n * truncation, countsPairs: isLast)
                choice.tally(
                  points, n, components.start + n * truncation,
                  shares.start + n * truncation)
              }
            }
            return choice.sums
          }
        }
      }
    }
    var result = LatticeSums(
      components: model.components, dimension: model.dimension)
    for sum in sums { result.add(sum) }
    return result
  }
}

/// What adds up over points that are updated.
struct LatticeSums: Sendable {
  var statistics: SufficientStatistics

  /// Their part of F, in nats.
  var freeEnergy = 0.0

  /// Σ_n min_c |y_n − μ_c|².
  var inertia = 0.0

  init(components: Int, dimension: Int) {
    statistics = SufficientStatistics(
      components: components, dimension: dimension)
  }

  mutating func add(_ other: LatticeSums) {
    for i in statistics.values.indices {
      statistics.values[i] += other.statistics.values[i]
    }
    freeEnergy += other.freeEnergy
    inertia += other.inertia
  }
}
