/// The nearest of the components that were offered, at most a given number of
/// them, in memory that is allocated once: a binary heap, the farthest on top.
struct NearestHeap {
  /// A component and its squared distance; of equally far ones the lower number
  /// is nearer.
  struct Entry: Comparable {
    let distance: Double
    let number: Int32

    @inline(__always)
    static func < (a: Entry, b: Entry) -> Bool {
      a.distance < b.distance
        || (a.distance == b.distance && a.number < b.number)
    }
  }

  /// What was kept: in the order of a heap, after `sort` nearest first.
  let entries: UnsafeMutablePointer<Entry>

  /// How many were kept.
  private(set) var count = 0

  /// How many distances were evaluated for it, of means and of boxes.
  var distances = 0

  /// Whether there is no room left, so that `bound` is the farthest kept.
  var isFull: Bool { count == room }

  /// The squared distance beyond which nothing would be kept.
  private(set) var bound = Double.infinity

  /// The most to keep.
  private let room: Int

  /// Allocates room for the `room` nearest, at least 1.
  init(room: Int) {
    self.room = room
    entries = .allocate(capacity: room)
  }

  /// Frees the memory.
  func deallocate() { entries.deallocate() }

  /// Forgets everything.
  ///
  /// - Parameter bound: The largest squared distance to keep.
  @inline(__always)
  mutating func begin(within bound: Double) {
    count = 0
    self.bound = bound
  }

  /// Offers a component that was not offered before.
  ///
  /// - Complexity: O(log kept); O(1) where it is too far.
  @inline(__always)
  mutating func offer(_ entry: Entry) {
    guard entry.distance <= bound else { return }
    if count < room {
      rise(entry)
    } else if entry < entries[0] {
      sink(entry, below: count)
    } else {
      return
    }
    if count == room { bound = entries[0].distance }
  }

  /// Sorts what was kept, nearest first.
  ///
  /// - Complexity: O(kept × log kept).
  mutating func sort() {
    var end = count
    while end > 1 {
      end -= 1
      let last = entries[end]
      entries[end] = entries[0]
      sink(last, below: end)
    }
  }

  private mutating func rise(_ entry: Entry) {
    var i = count
    count += 1
    while i > 0, entries[(i - 1) / 2] < entry {
      entries[i] = entries[(i - 1) / 2]
      i = (i - 1) / 2
    }
    entries[i] = entry
  }

  /// Puts an entry in the place of the top, in a heap of `end` entries.
  private func sink(_ entry: Entry, below end: Int) {
    var i = 0
    while true {
      var child = 2 * i + 1
      if child + 1 < end, entries[child] < entries[child + 1] { child += 1 }
      guard child < end, entry < entries[child] else { break }
      entries[i] = entries[child]
      i = child
    }
    entries[i] = entry
  }
}
