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
    let dimension = model.dimension
    let size = min(size, components - 1)
    // Few pieces: one component's work is small.
    let pieces = max(1, min(32, components / 64))
    let parts = workers.map(pieces) { piece in
      (components * piece / pieces..<components * (piece + 1) / pieces).map {
        c -> [Int] in
        var nearest: [(distance: Double, component: Int)] = []
        model.means.withUnsafeBufferPointer { means in
          for other in 0..<components where other != c {
            var distance = 0.0
            for d in 0..<dimension {
              let difference =
                means[other * dimension + d] - means[c * dimension + d]
              distance += difference * difference
            }
            if nearest.count == size {
              guard let last = nearest.last, distance < last.distance else {
                continue
              }
              nearest.removeLast()
            }
            let place =
              nearest.firstIndex { $0.distance > distance } ?? nearest.count
            nearest.insert((distance, other), at: place)
          }
        }
        return nearest.map(\.component)
      }
    }
    neighbours = parts.flatMap(\.self)
  }

  /// The neighbours of a component, nearest first.
  subscript(component: Int) -> [Int] { neighbours[component] }
}
