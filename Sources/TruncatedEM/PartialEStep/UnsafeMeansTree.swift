/// The storage of a `MeansTree`, as the passes read it.
struct UnsafeMeansTree: @unchecked Sendable {
  // Sendable: the memory is only read, and outlives every thread that reads it
  // (`MeansTree.withUnsafeMeansTree` waits for them).

  let nodes: UnsafePointer<MeansTree.Node>
  let numbers: UnsafePointer<Int32>
  let means: UnsafePointer<Double>
  let bounds: UnsafePointer<Double>

  /// Offers the means near a place to a heap, until none that is left out could
  /// be kept by it.
  ///
  /// - Parameters:
  ///   - place: Where to look.
  ///   - except: The number of a component not to offer; -1 for none.
  ///   - dimension: D.
  ///   - heap: What to offer to; the smaller its bound, the shorter the search.
  /// - Complexity: O(found + log components) for means that fill the space
  ///   evenly, O(components) at worst.
  @inline(__always)
  func search<Dimension: FixedDimension>(
    near place: Dimension.Vector, except: Int32, as dimension: Dimension.Type,
    _ heap: inout NearestHeap
  ) {
    visit(0, near: place, except: except, as: dimension, &heap)
  }

  private func visit<Dimension: FixedDimension>(
    _ index: Int, near place: Dimension.Vector, except: Int32,
    as dimension: Dimension.Type, _ heap: inout NearestHeap
  ) {
    let node = nodes[index]
    if node.second == 0 {
      scan(index, near: place, except: except, as: dimension, &heap)
      return
    }
    var first = index + 1
    var second = Int(node.second)
    var near = distance(place, first, dimension)
    var far = distance(place, second, dimension)
    heap.distances += 2
    if far < near {
      swap(&first, &second)
      swap(&near, &far)
    }
    if near <= heap.bound {
      visit(first, near: place, except: except, as: dimension, &heap)
    }
    if far <= heap.bound {
      visit(second, near: place, except: except, as: dimension, &heap)
    }
  }

  /// Adds the leaves that may hold means near those of a leaf.
  ///
  /// - Parameters:
  ///   - leaf: The leaf in the middle.
  ///   - bound: The squared distance from its box up to which boxes are added.
  ///   - dimension: D.
  ///   - leaves: Room for all leaves.
  ///   - count: How many were added, before and after.
  /// - Returns: How many boxes were looked at.
  /// - Complexity: O(found + log components) where boxes hardly overlap.
  func addLeaves<Dimension: FixedDimension>(
    around leaf: Int, within bound: Double, as dimension: Dimension.Type,
    to leaves: UnsafeMutablePointer<Int32>, _ count: inout Int
  ) -> Int {
    addLeaves(
      below: 0, Dimension.vector(bounds, 2 * leaf),
      Dimension.vector(bounds, 2 * leaf + 1), bound, dimension, leaves, &count)
  }

  private func addLeaves<Dimension: FixedDimension>(
    below index: Int, _ low: Dimension.Vector, _ high: Dimension.Vector,
    _ bound: Double, _ dimension: Dimension.Type,
    _ leaves: UnsafeMutablePointer<Int32>, _ count: inout Int
  ) -> Int {
    // The gap between two boxes, 0 where they overlap.
    let before = Dimension.vector(bounds, 2 * index) - high
    let behind = low - Dimension.vector(bounds, 2 * index + 1)
    let gap = before.replacing(with: behind, where: behind .> before)
      .replacing(with: 0, where: before .< 0 .& behind .< 0)
    guard Dimension.squaredDistance(gap, .zero) <= bound else { return 1 }
    let second = Int(nodes[index].second)
    guard second > 0 else {
      leaves[count] = Int32(truncatingIfNeeded: index)
      count += 1
      return 1
    }
    let first = addLeaves(
      below: index + 1, low, high, bound, dimension, leaves, &count)
    return 1 + first
      + addLeaves(below: second, low, high, bound, dimension, leaves, &count)
  }

  /// Offers the means of a leaf, unless its box is too far.
  @inline(__always)
  func offer<Dimension: FixedDimension>(
    leaf: Int, near place: Dimension.Vector, except: Int32,
    as dimension: Dimension.Type, to heap: inout NearestHeap
  ) {
    heap.distances += 1
    guard distance(place, leaf, dimension) <= heap.bound else { return }
    scan(leaf, near: place, except: except, as: dimension, &heap)
  }

  @inline(__always)
  private func scan<Dimension: FixedDimension>(
    _ leaf: Int, near place: Dimension.Vector, except: Int32,
    as dimension: Dimension.Type, _ heap: inout NearestHeap
  ) {
    let node = nodes[leaf]
    heap.distances += Int(node.end - node.start)
    for i in Int(node.start)..<Int(node.end) where numbers[i] != except {
      let distance = Dimension.squaredDistance(
        place, Dimension.vector(means, i))
      heap.offer(NearestHeap.Entry(distance: distance, number: numbers[i]))
    }
  }

  /// The squared distance from a place to a node's box. Rounding is monotonous,
  /// so it is never above the computed distance of a mean in the box.
  @inline(__always)
  private func distance<Dimension: FixedDimension>(
    _ place: Dimension.Vector, _ node: Int, _ dimension: Dimension.Type
  ) -> Double {
    let low = Dimension.vector(bounds, 2 * node)
    let high = Dimension.vector(bounds, 2 * node + 1)
    let inside = place.replacing(with: low, where: place .< low)
      .replacing(with: high, where: place .> high)
    return Dimension.squaredDistance(place, inside)
  }
}

extension FixedDimension {
  /// One of many vectors that stand one after the other.
  @inline(__always)
  static func vector(_ start: UnsafePointer<Double>, _ index: Int) -> Vector {
    UnsafeRawPointer(start + index * Vector.scalarCount)
      .loadUnaligned(as: Vector.self)
  }

  /// The squares added in the order of the coordinates, as every pass does.
  @inline(__always)
  static func squaredDistance(_ a: Vector, _ b: Vector) -> Double {
    let difference = a - b
    let squares = difference * difference
    var sum = squares[0]
    for d in 1..<max(1, count) { sum += squares[d] }
    return sum
  }
}
