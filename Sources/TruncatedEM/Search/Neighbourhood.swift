import ParallelWork

/// For each component the few others whose means are nearest to its own.
struct Neighbourhood: Sendable {
  private let neighbours: [[Int]]

  /// Finds the neighbours of all components.
  ///
  /// - Parameters:
  ///   - model: The means.
  ///   - size: How many neighbours each has, if there are as many others.
  ///   - workers: The threads to use.
  /// - Complexity: O(components² × D).
  init(of model: MixtureModel, size: Int, workers: Workers) {
    let components = model.components
    let size = min(size, components - 1)
    // Few pieces: one component's work is small.
    let pieces = max(1, min(32, components / 64))
    let parts = workers.map(pieces) { piece in
      let share =
        components * piece / pieces..<components * (piece + 1) / pieces
      return model.means.withUnsafeBufferPointer { means in
        share.map {
          Self.nearest(
            size, to: $0, of: components, means, dimension: model.dimension)
        }
      }
    }
    neighbours = parts.flatMap(\.self)
  }

  private static func nearest(
    _ size: Int, to component: Int, of components: Int,
    _ means: UnsafeBufferPointer<Double>, dimension: Int
  ) -> [Int] {
    var found = [Int](repeating: 0, count: size)
    var distances = [Double](repeating: .infinity, count: size)
    guard size > 0 else { return found }
    // The farthest of those found: nearly all others are beyond it.
    var bound = Double.infinity
    for other in 0..<components {
      var distance = 0.0
      for d in 0..<dimension {
        let difference =
          means[other * dimension + d] - means[component * dimension + d]
        distance += difference * difference
      }
      guard distance < bound, other != component else { continue }
      var place = size - 1
      while place > 0, distances[place - 1] > distance {
        distances[place] = distances[place - 1]
        found[place] = found[place - 1]
        place -= 1
      }
      distances[place] = distance
      found[place] = other
      bound = distances[size - 1]
    }
    return found
  }

  /// The neighbours of a component, nearest first.
  subscript(component: Int) -> [Int] { neighbours[component] }
}
