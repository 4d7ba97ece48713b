/// Small regions, the smallest first; of equally small ones the one whose root has
/// the lower number.
struct SpeckQueue {
  /// A region with the area that it had when it was queued, as one number: most
  /// regions of noise are specks, and these take the least memory.
  private struct Speck: Comparable {
    let key: UInt64

    init(area: Int, root: Int) {
      key = UInt64(area) << 32 | UInt64(root)
    }

    var area: Int { Int(key >> 32) }
    var root: Int { Int(key & 0xffff_ffff) }

    static func < (a: Speck, b: Speck) -> Bool { a.key < b.key }
  }

  /// Those that there were at first, in order.
  private let first: [Speck]

  /// How many of them are taken.
  private var taken = 0

  /// Those that were inserted later.
  private var later = BinaryHeap<Speck>()

  /// Queues the regions of a forest that have fewer pixels than a number.
  ///
  /// - Complexity: O(pixels + regions log regions).
  init(_ forest: RegionForest, below least: Int) {
    var specks: [Speck] = []
    forest.forEachRoot { root, area in
      if area < least { specks.append(Speck(area: area, root: root)) }
    }
    specks.sort()
    first = specks
  }

  /// How many there were at first.
  var count: Int { first.count }

  /// Adds a region.
  ///
  /// - Complexity: O(log regions).
  mutating func insert(_ root: Int, area: Int) {
    later.insert(Speck(area: area, root: root))
  }

  /// Takes the smallest that still has its area, and returns its root.
  mutating func next(in forest: borrowing RegionForest) -> Int? {
    while let speck = takeLeast() {
      if forest.hasArea(speck.root, speck.area) { return speck.root }
    }
    return nil
  }

  private mutating func takeLeast() -> Speck? {
    guard taken < first.count else { return later.popLeast() }
    if let least = later.least, least < first[taken] {
      return later.popLeast()
    }
    taken += 1
    return first[taken - 1]
  }
}
