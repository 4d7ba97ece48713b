/// The number of coordinates of a point, and the passes over points of so many.
///
/// The passes are written once, generic in this protocol, and called through
/// its requirements. For a `FixedDimension` the compiler knows D: loops over
/// coordinates unroll. `AnyDimension` has the same passes for every D.
///
/// The passes stand here as requirements because their default implementations
/// are compiled once for each conforming type, so that a call through `any
/// PointDimension` costs one indirect call a pass and nothing else.
protocol PointDimension: Sendable {
  /// D.
  var count: Int { get }

  /// The numbers in memory for one mean: `PointTree.vectorWidth`.
  var vectorWidth: Int { get }

  /// Whether the kernels in C are made for it.
  static var hasKernels: Bool { get }

  /// See `CandidateSearch`.
  func searchCandidates(
    in tree: UnsafeTree, _ means: UnsafeMeans, truncation: Int, slack: Double,
    into lists: inout SubtreeCandidates
  )

  /// See `CandidateSearch`.
  func reviseCandidates(
    in tree: UnsafeTree, _ means: UnsafeMeans, slack: Double, moved: [Bool],
    of lists: inout SubtreeCandidates
  )

  /// Whether it is not worth to narrow the list of a node any more.
  ///
  /// - Parameters:
  ///   - points: The node's points.
  ///   - candidates: Those of the node above.
  ///   - steps: How often one after the other hardly anything was dropped.
  /// - Returns: Whether its own candidates are taken to be those.
  func isHopeless(
    points: Int, candidates: Int, narrowedInVain steps: Int
  ) -> Bool

  /// See `CostOrder`.
  func narrowed(
    _ path: CandidatePath, _ list: Range<Int>, to node: Int,
    of tree: UnsafeTree,
    _ components: UnsafeComponents
  ) -> Range<Int>

  /// See `HardPass`.
  func assignNearest(
    in tree: UnsafeTree, _ lists: UnsafeLists, to means: UnsafeMeans,
    into outputs: PassOutputs
  ) -> PassSums

  /// See `SoftPass`.
  func assignSoftly(
    in tree: UnsafeTree, _ lists: UnsafeLists, to means: UnsafeMeans,
    truncation: Int, precision: Double, into outputs: PassOutputs
  ) -> PassSums

  /// See `GeneralPass`.
  func shareGenerally(
    in tree: UnsafeTree, _ root: Int, to components: UnsafeComponents,
    truncation: Int, into statistics: UnsafeMutablePointer<Double>
  ) -> PassSums

  /// See `PosteriorPass`.
  func writePosterior(
    in tree: UnsafeTree, _ lists: UnsafeLists, of means: UnsafeMeans,
    precision: Double, into outputs: PosteriorOutputs
  )

  /// See `PosteriorPass`.
  func writePosterior(
    of range: Range<Int>, in tree: UnsafeTree,
    _ components: UnsafeComponents, into outputs: PosteriorOutputs
  )

  /// See `NearestKernel`.
  func assign(
    _ points: UnsafePoints, _ range: Range<Int>,
    among candidates: UnsafeBufferPointer<Int32>, of means: UnsafeMeans,
    into outputs: PassOutputs
  ) -> Double

  /// See `ScatterCuts`.
  func measure(
    _ part: inout PartSums, of points: UnsafePoints,
    keys: UnsafeBufferPointer<UInt64>,
    into scatters: UnsafeMutablePointer<Double>
  )

  /// See `ComponentProfile`.
  func profile(
    _ points: UnsafePoints, _ range: Range<Int>, of component: Int,
    among neighbours: [Int], of means: UnsafeMeans
  ) -> ComponentProfile

  /// See `NeighbourhoodPass`.
  func assignAmongNeighbours(
    _ state: NeighbourhoodExpectation, _ model: MixtureModel
  ) -> (SufficientStatistics, PassSums)

  /// See `GreedyKMeansPlusPlus`.
  func lowerDistances(
    _ range: Range<Int>, of points: UnsafePoints,
    toward mean: UnsafeBufferPointer<Double>,
    _ distances: UnsafeMutablePointer<Double>
  ) -> (largest: Double, sum: Double)
}

extension WeightedPoints {
  /// The passes for points of this dimension.
  var passes: any PointDimension {
    switch dimension {
    case 1: Dimension1()
    case 2: Dimension2()
    case 3: Dimension3()
    case 4: Dimension4()
    case 5: Dimension5()
    case 6: Dimension6()
    default: AnyDimension(count: dimension)
    }
  }
}
