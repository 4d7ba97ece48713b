import ParallelWork

/// For each component the few others whose means are nearest to its own.
struct Neighbourhood: Sendable {
  private var neighbours: [[Int]]
  private let size: Int

  /// Finds the neighbours of all components.
  ///
  /// - Parameters:
  ///   - model: The means.
  ///   - size: How many neighbours each has, if there are as many others.
  ///   - workers: The threads to use.
  /// - Complexity: O(components² × D).
  init(of model: MixtureModel, size: Int, workers: Workers) {
    self.size = min(size, model.components - 1)
    neighbours = [[Int]](repeating: [], count: model.components)
    update(Array(0..<model.components), of: model, workers: workers)
  }

  /// Finds the neighbours of some components anew.
  ///
  /// - Parameters:
  ///   - components: Which.
  ///   - model: The means, as many as before.
  ///   - workers: The threads to use.
  /// - Complexity: O(`components` × all components × D).
  mutating func update(
    _ components: [Int], of model: MixtureModel, workers: Workers
  ) {
    // Few pieces: one component's work is small.
    let count = components.count
    let pieces = max(1, min(32, count / 64))
    let planes = Planes(model)
    let size = size
    let parts = workers.map(pieces) { piece in
      components[(0..<count).piece(piece, of: pieces)]
        .map { planes.nearest(size, to: $0) }
    }
    for (c, found) in zip(components, parts.joined()) { neighbours[c] = found }
  }

  /// The neighbours of a component, nearest first.
  subscript(component: Int) -> [Int] { neighbours[component] }
}

/// Means, coordinate by coordinate.
private struct Planes: Sendable {
  /// How many means there are.
  let count: Int
  let dimension: Int

  /// Vectors in a plane.
  let stride: Int

  /// What is beyond the last mean is infinitely far away.
  let values: [SIMD4<Double>]

  init(_ model: MixtureModel) {
    count = model.components
    dimension = model.dimension
    stride = (count + 3) / 4
    var values = [SIMD4<Double>](
      repeating: SIMD4(repeating: .infinity), count: stride * dimension)
    for c in 0..<count {
      for d in 0..<dimension {
        values[d * stride + c / 4][c % 4] = model.means[c * dimension + d]
      }
    }
    self.values = values
  }

  func nearest(_ size: Int, to component: Int) -> [Int] {
    guard size > 0 else { return [] }
    let found = NearestList<Int>(capacity: size)
    defer { found.deallocate() }
    found.reset()
    let mean = (0..<dimension).map {
      SIMD4(repeating: values[$0 * stride + component / 4][component % 4])
    }
    // The farthest of those found: nearly all others are beyond it.
    var bound = Double.infinity
    values.withUnsafeBufferPointer { values in
      mean.withUnsafeBufferPointer { mean in
        for block in 0..<stride {
          var squares = SIMD4<Double>.zero
          for d in 0..<dimension {
            let difference = values[d * stride + block] - mean[d]
            squares += difference * difference
          }
          guard any(squares .< SIMD4(repeating: bound)) else { continue }
          for lane in 0..<4 where squares[lane] < bound {
            let other = 4 * block + lane
            guard other != component else { continue }
            found.offer(other, squares[lane])
            bound = found.bound
          }
        }
      }
    }
    return (0..<size).map { found.numbers[$0] }
  }
}
