/// Small regions, the smallest first; of equally small ones the one whose root has
/// the lower number.
///
/// A region only grows. So the regions of the least area are taken one after the
/// other, and none joins them. As long as there are many, they are looked up in the
/// forest, pixel after pixel, and need no memory; the rest is put in order.
struct SpeckQueue {
  /// A region with the area that it had when it was queued, as one number.
  private struct Speck: Comparable {
    let key: UInt64

    init(area: Int, root: Int) {
      key = UInt64(area) << 32 | UInt64(root)
    }

    var area: Int { Int(key >> 32) }
    var root: Int { Int(key & 0xffff_ffff) }

    static func < (a: Speck, b: Speck) -> Bool { a.key < b.key }
  }

  /// One of so many pixels must be a speck for the forest to be looked through.
  private static let pixelsPerSpeck = 32

  /// How many there are.
  private(set) var count = 0

  /// How many there are of each area.
  private var counts: [Int]

  /// The area of those that are taken.
  private var area = 0

  /// The pixel to look at next.
  private var pixel = 0

  /// Those that are left, once they are in order.
  private var ordered: BinaryHeap<Speck>?

  /// Queues the regions of a forest that have fewer pixels than a number.
  ///
  /// - Complexity: O(pixels).
  init(_ forest: borrowing RegionForest, below least: Int) {
    counts = [Int](repeating: 0, count: min(least, forest.pixelCount + 1))
    forest.forEachRoot { _, area in
      guard area < least else { return }
      counts[area] += 1
      count += 1
    }
  }

  /// Adds a region that has grown.
  ///
  /// - Complexity: O(log regions).
  mutating func insert(_ root: Int, area: Int) {
    counts[area] += 1
    count += 1
    ordered?.insert(Speck(area: area, root: root))
  }

  /// Forgets a region that is part of another now.
  mutating func remove(area: Int) {
    counts[area] -= 1
    count -= 1
  }

  /// Takes the smallest, and returns its root.
  mutating func next(in forest: borrowing RegionForest) -> Int? {
    while ordered == nil {
      if counts[area] > 0, let root = forest.root(ofArea: area, from: pixel) {
        pixel = root + 1
        remove(area: area)
        return root
      }
      (area, pixel) = (area + 1, 0)
      if area == counts.count { return nil }
      if count < forest.pixelCount / Self.pixelsPerSpeck { order(forest) }
    }
    while let speck = ordered?.popLeast() {
      // Those that have grown or are lost come again or not at all.
      guard forest.hasArea(speck.root, speck.area) else { continue }
      remove(area: speck.area)
      return speck.root
    }
    return nil
  }

  private mutating func order(_ forest: borrowing RegionForest) {
    var specks: [Speck] = []
    specks.reserveCapacity(count)
    forest.forEachRoot { root, area in
      if area < counts.count { specks.append(Speck(area: area, root: root)) }
    }
    ordered = BinaryHeap(specks)
  }
}
