/// The candidates of the nodes on a path from the root of a tree: the
/// components that may be among the C' nearest of some point below a node. In
/// memory that is allocated once.
///
/// A component is dropped below a node when each of C' others, the pivots, is
/// nearer than it to *every* point of the node's box.
struct CandidatePath {
  /// C'.
  let truncation: Int

  /// The lists of all nodes on the path, one after the other; the numbers in a
  /// list ascend.
  let numbers: UnsafeMutablePointer<Int32>

  /// The means of those components, a plane a coordinate, for kernels that want
  /// them so; `nil` where there are none.
  let planes: UnsafeMutablePointer<Double>?

  /// From one plane to the next.
  let stride: Int

  /// The distance of each component from the middle of the box at hand, by its
  /// place in the list.
  let distances: UnsafeMutablePointer<Double>

  /// The components nearest to the middle of the box at hand.
  let pivots: NearestList<Int32>

  /// Beyond this C' looking for pivots costs more than it saves.
  static var mostPivots: Int { 8 }

  /// Allocates room.
  ///
  /// - Parameters:
  ///   - truncation: C', 1 to the number of components.
  ///   - components: The list of the root.
  ///   - depth: The longest path to a leaf, in nodes.
  ///   - planes: How many coordinates to have room for.
  init(
    truncation: Int, components: some RandomAccessCollection<Int32>, depth: Int,
    planes: Int = 0
  ) {
    self.truncation = truncation
    // Kernels write whole vectors.
    let more = WeightedPoints.lanes - 1
    stride = components.count * (depth + 1) + more
    numbers = .allocate(capacity: stride)
    self.planes = planes > 0 ? .allocate(capacity: planes * stride) : nil
    distances = .allocate(capacity: components.count + more)
    pivots = NearestList(capacity: truncation)
    for (i, component) in components.enumerated() { numbers[i] = component }
  }

  /// Frees the memory.
  func deallocate() {
    numbers.deallocate()
    planes?.deallocate()
    distances.deallocate()
    pivots.deallocate()
  }

  /// Puts a component and its mean somewhere.
  @inline(__always)
  func put<Vector: SIMD>(
    _ number: Int32, _ mean: Vector, at place: Int, _ dimension: Int
  )
  where Vector.Scalar == Double {
    numbers[place] = number
    guard let planes else { return }
    for d in 0..<dimension { planes[d * stride + place] = mean[d] }
  }

  /// A list.
  func buffer(_ list: Range<Int>) -> UnsafeBufferPointer<Int32> {
    UnsafeBufferPointer(start: numbers + list.lowerBound, count: list.count)
  }

  /// Whether it is worth to look for pivots.
  @inline(__always)
  func canNarrow(_ list: Range<Int>) -> Bool {
    list.count > truncation && truncation <= Self.mostPivots
  }

  /// Whether hardly any candidate of the node above was dropped.
  @inline(__always)
  func isInVain(_ list: Range<Int>, of outer: Range<Int>) -> Bool {
    8 * list.count > 7 * outer.count
  }

  /// The candidates of a box, out of those of the box around it.
  ///
  /// - Parameters:
  ///   - list: Where the outer box's candidates are.
  ///   - order: What the box says of two components.
  /// - Returns: Where the box's candidates are: behind `list`, in the same order,
  ///   at least C' of them.
  /// - Complexity: O(list × C').
  @inline(__always)
  func narrowed(_ list: Range<Int>, by order: some BoxOrder) -> Range<Int> {
    var order = order
    pivots.reset()
    for place in list {
      let distance = order.distanceOfMiddle(to: Int(numbers[place]))
      distances[place - list.lowerBound] = distance
      pivots.offer(numbers[place], distance)
    }
    order.start(farthestPivot: pivots.bound)
    var end = list.upperBound
    for place in list {
      let number = numbers[place]
      let candidate = order.candidate(
        Int(number), at: distances[place - list.lowerBound])
      var dropped = true
      // The farthest pivot is the one that most often is not nearer.
      var i = truncation - 1
      while dropped, i >= 0 {
        let pivot = pivots.numbers[i]
        dropped =
          pivot != number && order.isFarther(candidate, than: Int(pivot))
        i -= 1
      }
      numbers[end] = number
      end += dropped ? 0 : 1
    }
    return list.upperBound..<end
  }
}
