import CLibrary

/// Chooses the components of the points of a lattice, one after the other, shares
/// each point among them, and adds up what the M-step needs.
struct LatticeChoice {
  private(set) var sums: LatticeSums

  private let means: [Double]
  private let offsets: [Double]
  private let precisions: [Double]
  private let dimension: Int
  private let truncation: Int

  /// For each component |y − μ|², the nats of the neighbours, and how well it suits
  /// the point, in nats.
  private var squares: [Double]
  private var bonuses: [Double]

  /// The components that neighbours have.
  private var touched: [Int] = []

  init(_ model: MixtureModel, _ costs: ComponentCosts, _ truncation: Int) {
    means = model.means
    offsets = costs.offsets
    precisions = costs.precisions
    dimension = model.dimension
    self.truncation = truncation
    squares = [Double](repeating: 0, count: model.components)
    bonuses = squares
    sums = LatticeSums(
      components: model.components, dimension: model.dimension)
  }

  /// Begins with a point.
  @inline(__always)
  mutating func start(_ points: UnsafePoints, _ n: Int) {
    for c in touched { bonuses[c] = 0 }
    touched.removeAll(keepingCapacity: true)
    var nearest = Double.infinity
    let dimension = dimension
    squares.withUnsafeMutableBufferPointer { squares in
      means.withUnsafeBufferPointer { means in
        for c in 0..<squares.count {
          var square = 0.0
          for d in 0..<dimension {
            let difference =
              points.coordinate(n, d) - means[c * dimension + d]
            square += difference * difference
          }
          squares[c] = square
          nearest = min(nearest, square)
        }
      }
    }
    sums.inertia += nearest
  }

  /// Adds what a neighbour says of a component.
  @inline(__always)
  mutating func add(_ value: Double, to component: Int) {
    guard value > 0 else { return }
    if bonuses[component] == 0 { touched.append(component) }
    bonuses[component] += value
  }

  /// Writes the C' components of the highest scores, of equal ones the lower
  /// number, and their shares.
  ///
  /// - Parameters:
  ///   - components: Room for C'.
  ///   - shares: The same.
  ///   - countsPairs: Whether the point's part of F has the terms of all pairs that
  ///     it is in, or none.
  @inline(__always)
  mutating func write(
    to components: UnsafeMutablePointer<UInt16>,
    _ shares: UnsafeMutablePointer<Double>, countsPairs: Bool
  ) {
    var filled = 0
    squares.withUnsafeBufferPointer { squares in
      for c in 0..<squares.count {
        let score = bonuses[c] - offsets[c] - precisions[c] * squares[c]
        guard filled < truncation || score > shares[filled - 1] else {
          continue
        }
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
    }
    let most = shares[0]
    var total = 1.0
    shares[0] = 1
    for i in 1..<max(1, truncation) {
      shares[i] = exp(shares[i] - most)
      total += shares[i]
    }
    var pairs = 0.0
    for i in 0..<truncation {
      shares[i] /= total
      pairs += shares[i] * bonuses[Int(components[i])]
    }
    // Σ q (s − log q) is log Σ exp s.
    sums.freeEnergy += most + log(total) - (countsPairs ? 0 : pairs)
  }

  /// Adds a point to the statistics.
  @inline(__always)
  mutating func tally(
    _ points: UnsafePoints, _ n: Int,
    _ components: UnsafePointer<UInt16>, _ shares: UnsafePointer<Double>
  ) {
    let width = sums.statistics.width
    let (dimension, truncation) = (dimension, truncation)
    sums.statistics.values.withUnsafeMutableBufferPointer { values in
      for i in 0..<truncation where shares[i] > 0 {
        let c = Int(components[i])
        let share = shares[i]
        let start = c * width
        values[start] += share
        values[start + 1] += share * squares[c]
        for d in 0..<dimension {
          values[start + 2 + d] += share * points.coordinate(n, d)
        }
      }
    }
  }
}
