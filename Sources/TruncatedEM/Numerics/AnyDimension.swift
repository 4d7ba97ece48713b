/// Any number of dimensions, known only at run time.
///
/// It has the passes of every `PointDimension`, exact like those. Components are
/// dropped by balls in place of boxes: see `BallSearch` and `BallOrder`.
struct AnyDimension: PointDimension {
  let count: Int

  var vectorWidth: Int { PointTree.vectorWidth(count) }
  static var hasKernels: Bool { false }

  /// The balls of a few points are hardly smaller than those of many.
  func isHopeless(
    points: Int, candidates: Int, narrowedInVain steps: Int
  ) -> Bool {
    candidates > 8 && steps >= 3 && points <= 512
  }
}

extension AnyDimension {
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
