/// A number of dimensions that the compiler knows.
///
/// The passes over a tree are written once, generic in this protocol, and
/// called through its requirements, whose default implementations are compiled
/// once for each conforming type: loops over coordinates unroll, and a call
/// through `any FixedDimension.Type` costs one indirect call a pass.
protocol FixedDimension: SendableMetatype {
  /// Holds the coordinates of a point; lanes beyond the dimension are 0.
  associatedtype Vector: SIMD where Vector.Scalar == Double

  /// D.
  static var count: Int { get }

  /// See `CandidateSearch`.
  static func searchCandidates(
    in tree: UnsafeTree, _ means: UnsafeMeans, truncation: Int, slack: Double,
    into lists: inout SubtreeCandidates
  )

  /// See `CandidateSearch`.
  static func reviseCandidates(
    in tree: UnsafeTree, _ means: UnsafeMeans, slack: Double, moved: [Bool],
    of lists: inout SubtreeCandidates
  )

  /// See `HardPass`.
  static func assignNearest(
    in tree: UnsafeTree, _ lists: UnsafeLists, to means: UnsafeMeans,
    into outputs: PassOutputs
  ) -> PassSums

  /// See `SoftPass`.
  static func assignSoftly(
    in tree: UnsafeTree, _ lists: UnsafeLists, to means: UnsafeMeans,
    truncation: Int, precision: Double, into outputs: PassOutputs
  ) -> PassSums

  /// See `GeneralPass`.
  static func shareGenerally(
    in tree: UnsafeTree, _ root: Int, to components: UnsafeComponents,
    truncation: Int, into statistics: UnsafeMutablePointer<Double>
  ) -> PassSums

  /// See `PosteriorPass`.
  static func writePosterior(
    in tree: UnsafeTree, _ lists: UnsafeLists, of means: UnsafeMeans,
    precision: Double, into outputs: PosteriorOutputs
  )

  /// See `PosteriorPass`.
  static func writePosterior(
    of range: Range<Int>, in tree: UnsafeTree,
    _ components: UnsafeComponents, into outputs: PosteriorOutputs
  )

  /// See `NearestKernel`.
  static func assign(
    _ points: UnsafePoints, _ range: Range<Int>,
    among candidates: UnsafeBufferPointer<Int32>, of means: UnsafeMeans,
    into outputs: PassOutputs
  ) -> Double

  /// See `ComponentProfile`.
  static func profile(
    _ points: UnsafePoints, _ range: Range<Int>, of component: Int,
    among neighbours: [Int], of means: UnsafeMeans
  ) -> ComponentMoments

  /// See `NeighbourhoodPass`.
  static func assignAmongNeighbours(
    _ state: NeighbourhoodExpectation, _ model: MixtureModel
  ) -> (SufficientStatistics, PassSums)

  /// See `GreedyKMeansPlusPlus`.
  static func lowerDistances(
    _ range: Range<Int>, of points: UnsafePoints,
    toward mean: UnsafeBufferPointer<Double>,
    _ distances: UnsafeMutablePointer<Double>
  ) -> (largest: Double, sum: Double)
}

enum Dimension1: FixedDimension {
  typealias Vector = SIMD4<Double>
  static var count: Int { 1 }
}

enum Dimension2: FixedDimension {
  typealias Vector = SIMD4<Double>
  static var count: Int { 2 }
}

enum Dimension3: FixedDimension {
  typealias Vector = SIMD4<Double>
  static var count: Int { 3 }
}

enum Dimension4: FixedDimension {
  typealias Vector = SIMD4<Double>
  static var count: Int { 4 }
}

enum Dimension5: FixedDimension {
  typealias Vector = SIMD8<Double>
  static var count: Int { 5 }
}

enum Dimension6: FixedDimension {
  typealias Vector = SIMD8<Double>
  static var count: Int { 6 }
}

extension WeightedPoints {
  /// The passes for points of this dimension.
  var passes: any FixedDimension.Type {
    switch dimension {
    case 1: Dimension1.self
    case 2: Dimension2.self
    case 3: Dimension3.self
    case 4: Dimension4.self
    case 5: Dimension5.self
    default: Dimension6.self
    }
  }
}

/// What a pass adds up besides the statistics of the components.
struct PassSums: Sendable {
  /// Σ w log Σ_{c∈K} exp(−|y − μ_c|²/2σ²): F without its constant part. 0 from
  /// a hard pass.
  var freeEnergy = 0.0

  /// Σ w min_c |y − μ_c|².
  var inertia = 0.0
}

/// Where a pass writes.
struct PassOutputs: @unchecked Sendable {
  // Sendable: each pass has statistics of its own, and passes over different
  // nodes write different places of `nearest`.

  /// Laid out as `SufficientStatistics.values`; added to.
  let statistics: UnsafeMutablePointer<Double>

  /// For each point of the tree the number of its nearest component, if wanted.
  let nearest: UnsafeMutablePointer<UInt16>?
}
