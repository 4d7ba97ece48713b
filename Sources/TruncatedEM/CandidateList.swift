/// The components that may be among the C' closest of some point below a node,
/// for every node on the path from the root to where a pass is.
///
/// A component is dropped below a node when each of C' others, the pivots, is
/// closer than it to *every* point of the node's box. That is decided at one
/// corner: the difference |y − c|² − |y − p|² is linear in y, so it is least at
/// the corner that lies farthest in the direction from p to c. Dropping needs a
/// difference larger than any rounding error, so what is found among the
/// candidates is exactly what is found among all components.
struct CandidateList<Dimension: FixedDimension> {
  typealias Vector = Dimension.Vector

  private let means: UnsafeMeans

  /// C'.
  private let truncation: Int

  /// The lists of all nodes on the path, one after the other.
  private let numbers: UnsafeMutablePointer<Int32>

  /// The pivots of the node at hand, nearest to its middle first, with their
  /// squared distances from it.
  private let pivots: UnsafeMutablePointer<Int32>
  private let pivotDistances: UnsafeMutablePointer<Double>

  /// Beyond this C' looking for pivots costs more than it saves.
  private static var mostPivots: Int { 8 }

  /// Room for the lists of a path.
  init(_ means: UnsafeMeans, truncation: Int, depth: Int) {
    self.means = means
    self.truncation = truncation
    numbers = .allocate(capacity: means.count * (depth + 1))
    pivots = .allocate(capacity: truncation)
    pivotDistances = .allocate(capacity: truncation)
    for c in 0..<means.count { numbers[c] = Int32(truncatingIfNeeded: c) }
  }

  /// Frees the memory.
  func deallocate() {
    numbers.deallocate()
    pivots.deallocate()
    pivotDistances.deallocate()
  }

  /// All components.
  var all: Range<Int> { 0..<means.count }

  /// The component at a place of the lists.
  @inline(__always)
  subscript(place: Int) -> Int { Int(numbers[place]) }

  /// The mean of the component at a place of the lists.
  @inline(__always)
  func mean(_ place: Int) -> Vector {
    means.mean(Int(numbers[place]), as: Vector.self)
  }

  /// The candidates of a box, out of those of the box around it.
  ///
  /// - Parameters:
  ///   - list: Where the outer box's candidates are.
  ///   - low: The least coordinates of the box.
  ///   - high: The greatest.
  /// - Returns: Where the box's candidates are, behind `list`, in the same
  ///   order; at least C' of them.
  /// - Complexity: O(candidates × C').
  @inline(__always)
  func narrowed(_ list: Range<Int>, low: Vector, high: Vector) -> Range<Int> {
    guard list.count > truncation, truncation <= Self.mostPivots else {
      return list
    }
    return truncation == 1
      ? narrowedToNearest(list, low: low, high: high)
      : narrowedToSeveral(list, low: low, high: high)
  }

  @inline(__always)
  private func narrowedToNearest(
    _ list: Range<Int>, low: Vector, high: Vector
  ) -> Range<Int> {
    let middle = 0.5 * (low + high)
    var least = Double.infinity
    var pivot = list.lowerBound
    for place in list {
      let difference = mean(place) - middle
      let distance = (difference * difference).sum()
      if distance < least {
        least = distance
        pivot = place
      }
    }
    let nearest = mean(pivot)
    var end = list.upperBound
    for place in list {
      let dropped =
        place != pivot
        && excess(mean(place), over: nearest, low: low, high: high)
          > means.margin
      numbers[end] = numbers[place]
      end += dropped ? 0 : 1
    }
    return list.upperBound..<end
  }

  private func narrowedToSeveral(
    _ list: Range<Int>, low: Vector, high: Vector
  ) -> Range<Int> {
    let middle = 0.5 * (low + high)
    for i in 0..<truncation { pivotDistances[i] = .infinity }
    for place in list {
      let difference = mean(place) - middle
      let distance = (difference * difference).sum()
      guard distance < pivotDistances[truncation - 1] else { continue }
      var i = truncation - 1
      while i > 0, pivotDistances[i - 1] > distance {
        pivotDistances[i] = pivotDistances[i - 1]
        pivots[i] = pivots[i - 1]
        i -= 1
      }
      pivotDistances[i] = distance
      pivots[i] = numbers[place]
    }
    var end = list.upperBound
    for place in list {
      let number = numbers[place]
      let candidate = mean(place)
      var dropped = true
      // The farthest pivot is the one that most often is not closer.
      var i = truncation - 1
      while dropped, i >= 0 {
        dropped =
          pivots[i] != number
          && excess(
            candidate, over: means.mean(Int(pivots[i]), as: Vector.self),
            low: low, high: high) > means.margin
        i -= 1
      }
      numbers[end] = number
      end += dropped ? 0 : 1
    }
    return list.upperBound..<end
  }

  /// The least |y − c|² − |y − p|² over a box.
  @inline(__always)
  private func excess(
    _ candidate: Vector, over pivot: Vector, low: Vector, high: Vector
  ) -> Double {
    let direction = candidate - pivot
    let corner = low.replacing(with: high, where: direction .> 0)
    return (direction * (candidate + pivot - 2 * corner)).sum()
  }
}
