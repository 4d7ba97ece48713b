import CLibrary
import ParallelWork

/// E-steps in which points of a lattice agree with their neighbours: a Potts prior
/// on the components of points, in the mean-field approximation of J. Zhang, "The
/// mean field theory in EM procedures for Markov random fields", IEEE Transactions
/// on Signal Processing 40(10), 1992, doi 10.1109/78.157297, among the truncated
/// posteriors of arXiv 1704.04812.
///
/// With p_c(y) the density of component c times its mixing weight, and m the
/// neighbours of n,
///
///     F = Σ_n Σ_{c∈K_n} q_n(c) (log p_c(y_n) − log q_n(c))
///         + β Σ_{n,m} Σ_c q_n(c) q_m(c)
///
/// each pair counted once. The best q_n for the neighbours' q_m is in proportion to
/// p_c(y_n) exp(β Σ_m q_m(c)) among the C' components for which that is greatest.
/// Each update of a point raises F, and so does the M-step, which does not depend
/// on β: F never falls. (That the prior's normalisation is left out makes F one of
/// the same β only.)
struct LatticeExpectation: ExpectationStep {
  /// Updates of all points in an E-step.
  private static let sweeps = 2

  private let points: WeightedPoints
  private let coupling: Double
  private let workers: Workers
  private let leastVariance: Double

  /// The responsibilities of the last E-step.
  private(set) var shares: LatticeShares
  private var isFirst = true

  init(
    _ points: WeightedPoints, _ lattice: Lattice, truncation: Int,
    coupling: Double, leastVariance: Double, _ workers: Workers
  ) {
    precondition(points.count == lattice.count)
    self.points = points
    self.coupling = coupling
    self.leastVariance = leastVariance
    self.workers = workers
    shares = LatticeShares(lattice, truncation: truncation)
  }

  mutating func assignment(to means: MixtureModel) -> ExpectationOutcome {
    preconditionFailure("the fit resumes from a model with a variance")
  }

  mutating func outcome(of model: MixtureModel) -> ExpectationOutcome {
    let model = model.floored(leastVariance)
    if isFirst {
      shares.update(nil, points, model, coupling: coupling, workers)
      isFirst = false
    }
    for _ in 0..<Self.sweeps {
      for parity in 0..<2 {
        shares.update(parity, points, model, coupling: coupling, workers)
      }
    }
    return statistics(of: model)
  }

  /// Components without weight stay where they are.
  func reseed(_ empty: [Int], of model: inout MixtureModel) {}

  /// Rows whose sums are made by one thread; they are added in order.
  private static let rows = 16

  private func statistics(of model: MixtureModel) -> ExpectationOutcome {
    let lattice = shares.lattice
    let all = lattice.height * lattice.pages
    let parts = workers.map((all + Self.rows - 1) / Self.rows) { part in
      statistics(
        part * Self.rows..<min(all, (part + 1) * Self.rows), of: model)
    }
    var sum = ExpectationOutcome(
      statistics: SufficientStatistics(
        components: model.components, dimension: model.dimension),
      freeEnergy: 0, inertia: 0, totalWeight: 0, leastVariance: leastVariance)
    for part in parts { sum.add(part) }
    return sum
  }

  private func statistics(
    _ rows: Range<Int>, of model: MixtureModel
  ) -> ExpectationOutcome {
    let (lattice, truncation) = (shares.lattice, shares.truncation)
    let (dimension, count) = (model.dimension, model.components)
    let costs = ComponentCosts(of: model)
    var statistics = SufficientStatistics(
      components: count, dimension: dimension)
    let width = statistics.width
    var (freeEnergy, inertia) = (0.0, 0.0)
    var squares = [Double](repeating: 0, count: count)
    points.withUnsafePoints { points in
      shares.components.withUnsafeBufferPointer { components in
        shares.shares.withUnsafeBufferPointer { values in
          for row in rows {
            for x in 0..<lattice.width {
              let n = row * lattice.width + x
              var nearest = Double.infinity
              for c in 0..<count {
                var square = 0.0
                for d in 0..<dimension {
                  let difference =
                    points.coordinate(n, d) - model.means[c * dimension + d]
                  square += difference * difference
                }
                squares[c] = square
                nearest = min(nearest, square)
              }
              inertia += nearest
              for i in n * truncation..<(n + 1) * truncation {
                let share = values[i]
                guard share > 0 else { continue }
                let c = Int(components[i])
                let start = c * width
                statistics.values[start] += share
                statistics.values[start + 1] += share * squares[c]
                for d in 0..<dimension {
                  statistics.values[start + 2 + d] +=
                    share * points.coordinate(n, d)
                }
                var agreement = 0.0
                lattice.forEachNeighbour(x, row) { m in
                  // Each pair once.
                  guard m > n else { return }
                  for j in m * truncation..<(m + 1) * truncation
                  where components[j] == components[i] {
                    agreement += values[j]
                  }
                }
                freeEnergy +=
                  share
                  * (coupling * agreement - costs.offsets[c]
                    - costs.precisions[c] * squares[c] - log(share))
              }
            }
          }
        }
      }
    }
    return ExpectationOutcome(
      statistics: statistics, freeEnergy: freeEnergy, inertia: inertia,
      totalWeight: Double(rows.count * lattice.width),
      leastVariance: leastVariance)
  }
}
