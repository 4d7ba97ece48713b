/// Finds the neighbours of the means in one leaf after the other: the part of
/// the tree around a leaf is collected once for all of its means.
struct LeafSearch<Dimension: FixedDimension> {
  private let tree: UnsafeMeansTree

  /// The neighbours found, nearest first.
  private(set) var heap: NearestHeap

  /// For each mean of the leaf how far its neighbours may be, negative where
  /// none are wanted.
  let radii: UnsafeMutablePointer<Double>

  private let leaves: UnsafeMutablePointer<Int32>
  private var count = 0
  private var leaf = 0

  /// Allocates room.
  ///
  /// - Parameters:
  ///   - tree: The means.
  ///   - leaves: How many leaves it has.
  ///   - room: How many neighbours to find, at most and at least 1.
  init(_ tree: UnsafeMeansTree, leaves: Int, room: Int) {
    self.tree = tree
    heap = NearestHeap(room: room)
    radii = .allocate(capacity: MeansTree.mostMeansInLeaf)
    self.leaves = .allocate(capacity: leaves)
  }

  /// Frees the memory.
  func deallocate() {
    heap.deallocate()
    radii.deallocate()
    leaves.deallocate()
  }

  /// Starts with a leaf, whose `radii` are known.
  ///
  /// - Complexity: That of finding the neighbours of one mean.
  mutating func begin(_ leaf: Int) {
    self.leaf = leaf
    count = 0
    let start = Int(tree.nodes[leaf].start)
    let means = Int(tree.nodes[leaf].end) - start
    guard let first = (0..<means).first(where: { radii[$0] >= 0 }) else {
      return
    }
    let place = Dimension.vector(tree.means, start + first)
    heap.begin(within: radii[first] * radii[first])
    tree.search(
      near: place, except: tree.numbers[start + first], as: Dimension.self,
      &heap)
    var farthest = 0.0
    for i in 0..<means {
      if heap.isFull {
        // The neighbours of the first, or the first itself in place of one, are
        // as many near any other.
        let step = Dimension.squaredDistance(
          place, Dimension.vector(tree.means, start + i))
        let limit = heap.bound.squareRoot() + step.squareRoot()
        radii[i] = min(radii[i], limit * NeighbourhoodPass<Dimension>.slack)
      }
      farthest = max(farthest, radii[i])
    }
    heap.distances += tree.addLeaves(
      around: leaf, within: farthest * farthest, as: Dimension.self,
      to: leaves, &count)
  }

  /// Finds the neighbours of the mean at a place of the leaf, into `heap`.
  mutating func find(_ place: Int) {
    let radius = radii[place - Int(tree.nodes[leaf].start)]
    let mean = Dimension.vector(tree.means, place)
    let number = tree.numbers[place]
    heap.begin(within: radius * radius)
    tree.offer(
      leaf: leaf, near: mean, except: number, as: Dimension.self, to: &heap)
    for i in 0..<count where Int(leaves[i]) != leaf {
      tree.offer(
        leaf: Int(leaves[i]), near: mean, except: number, as: Dimension.self,
        to: &heap)
    }
    heap.sort()
  }
}
