/// Any number of dimensions, known only at run time.
///
/// It has the passes of every `PointDimension`, exact like those, but nothing
/// is dropped by boxes: in many dimensions hardly any box is small enough to
/// rule a component out. An E-step computes the distances of every point to every
/// component.
struct AnyDimension: PointDimension {
  let count: Int

  var vectorWidth: Int { PointTree.vectorWidth(count) }
  static var hasKernels: Bool { false }
}

extension AnyDimension {
  func searchCandidates(
    in tree: UnsafeTree, _ means: UnsafeMeans, truncation: Int, slack: Double,
    into lists: inout SubtreeCandidates
  ) {
    lists.setAll((0..<means.count).map { Int32(truncatingIfNeeded: $0) })
  }

  /// Lists of all components hold wherever these move.
  func reviseCandidates(
    in tree: UnsafeTree, _ means: UnsafeMeans, slack: Double, moved: [Bool],
    of lists: inout SubtreeCandidates
  ) {}

  func narrowed(
    _ path: CandidatePath, _ list: Range<Int>, to node: Int,
    of tree: UnsafeTree,
    _ components: UnsafeComponents
  ) -> Range<Int> { list }

  /// A matrix of D² numbers would take more time than all else: it is
  /// multiplied by a vector point by point.
  func profile(
    _ points: UnsafePoints, _ range: Range<Int>, of component: Int,
    among neighbours: [Int], of means: UnsafeMeans
  ) -> ComponentProfile {
    let mean = means.values + component * vectorWidth
    var moments = ComponentMoments()
    var variances = [Double](repeating: 0, count: count)
    moments.add(
      points, range, of: component, among: neighbours, of: means, self
    ) { n, weight in
      for d in 0..<count {
        let difference = points.coordinate(n, d) - mean[d]
        variances[d] += weight * difference * difference
      }
    }
    return ComponentProfile(moments, variances: variances) { vector, product in
      for d in 0..<count { product[d] = 0 }
      for n in range {
        var along = 0.0
        for d in 0..<count {
          along += (points.coordinate(n, d) - mean[d]) * vector[d]
        }
        along *= points.weights[n]
        for d in 0..<count {
          product[d] += along * (points.coordinate(n, d) - mean[d])
        }
      }
    }
  }

  /// Partial E-steps are for up to 6 dimensions; `TruncatedEM` refuses others.
  func assignAmongNeighbours(
    _ state: NeighbourhoodExpectation, _ model: MixtureModel
  ) -> (SufficientStatistics, PassSums) {
    preconditionFailure("no neighbourhoods in \(count) dimensions")
  }
}
