import Rasters

/// The connected regions of a map as sets of pixels that can be joined:
/// union-find, with the pixels of each set in a ring.
///
/// A region is known by one of its pixels, its root: at first the first one, row
/// by row from the top.
struct RegionForest: ~Copyable {
  /// The label of each pixel; those of roots are their regions'.
  private let labels: UnsafeMutableBufferPointer<UInt16>

  /// The pixel that a pixel follows to its root; of roots the area, negative.
  private let parents: UnsafeMutableBufferPointer<Int32>

  /// The next pixel of the same region; after the last comes the first. Regions
  /// that have grown to the least area are not kept in order.
  private var rings: UnsafeMutableBufferPointer<Int32>

  private let width: Int

  /// The rows of a page.
  private let height: Int
  private let pages: Int

  /// The most labels that a map may have.
  static let mostLabels = 1 << 16

  /// Finds the regions of a map.
  ///
  /// - Complexity: O(pixels α(pixels)); 10 bytes a pixel.
  init(_ map: consuming LabelMap) {
    precondition(map.count <= Self.mostLabels)
    let count = map.labels.count
    width = map.size.width
    height = map.pageHeight
    pages = map.pages
    labels = .allocate(capacity: count)
    for n in 0..<count {
      labels.initializeElement(
        at: n, to: UInt16(truncatingIfNeeded: map.labels[n]))
    }
    parents = .allocate(capacity: count)
    map.findFirstPixels(parents)
    // Of a large image that is much memory, which the rings can have.
    _ = consume map
    rings = .allocate(capacity: count)
    for n in 0..<count {
      let root = Int(parents[n])
      rings.initializeElement(at: n, to: Int32(truncatingIfNeeded: n))
      if root == n {
        parents[n] = -1
      } else {
        // The first pixel has its area already.
        parents[root] -= 1
        rings[n] = rings[root]
        rings[root] = Int32(truncatingIfNeeded: n)
      }
    }
  }

  deinit {
    labels.deallocate()
    parents.deallocate()
    rings.deallocate()
  }

  /// The label of a region.
  func label(of root: Int) -> UInt16 { labels[root] }

  /// Gives a region another label.
  mutating func relabel(_ root: Int, _ label: UInt16) { labels[root] = label }

  /// Calls `body` with the root of each region and its area.
  func forEachRoot(_ body: (_ root: Int, _ area: Int) -> Void) {
    for n in parents.indices where parents[n] < 0 { body(n, -Int(parents[n])) }
  }

  /// The number of pixels of all regions.
  var pixelCount: Int { parents.count }

  /// The first root of a region of so many pixels, from a pixel on.
  ///
  /// - Complexity: O(pixels from there to the root).
  func root(ofArea area: Int, from pixel: Int) -> Int? {
    let sought = Int32(truncatingIfNeeded: -area)
    var n = pixel
    while n < parents.count {
      if parents[n] == sought { return n }
      n += 1
    }
    return nil
  }

  /// The pixels of the region of a root.
  func area(of root: Int) -> Int { -Int(parents[root]) }

  /// Whether a pixel is the root of a region of so many pixels.
  func hasArea(_ root: Int, _ area: Int) -> Bool { parents[root] == -area }

  /// The root of the region that a pixel belongs to.
  ///
  /// - Complexity: O(log pixels), amortised.
  mutating func root(of pixel: Int) -> Int {
    var n = pixel
    while parents[n] >= 0 {
      let above = Int(parents[n])
      guard parents[above] >= 0 else { return above }
      parents[n] = parents[above]
      n = Int(parents[above])
    }
    return n
  }

  /// Calls `body` with each pixel of a region that has not grown to the least
  /// area.
  func forEachPixel(ofSpeck root: Int, _ body: (Int) -> Void) {
    var n = root
    repeat {
      body(n)
      n = Int(rings[n])
    } while n != root
  }

  /// Calls `body` with the roots of the regions beside one that has not grown to
  /// the least area, each as often as their pixels meet.
  mutating func forEachNeighbour(
    ofSpeck root: Int, _ body: (Int) -> Void
  ) {
    var n = root
    repeat {
      let (line, column) = n.quotientAndRemainder(dividingBy: width)
      let row = pages == 1 ? line : line % height
      if column > 0 { tell(n - 1, unless: root, body) }
      if column + 1 < width { tell(n + 1, unless: root, body) }
      if row > 0 { tell(n - width, unless: root, body) }
      if row + 1 < height { tell(n + width, unless: root, body) }
      n = Int(rings[n])
    } while n != root
  }

  @inline(__always)
  private mutating func tell(
    _ pixel: Int, unless root: Int, _ body: (Int) -> Void
  ) {
    let other = self.root(of: pixel)
    if other != root { body(other) }
  }

  /// Joins two regions.
  ///
  /// - Parameters:
  ///   - lost: The root of one.
  ///   - kept: That of the other, and afterwards of both.
  ///   - least: The least area: larger regions need no ring.
  mutating func merge(_ lost: Int, into kept: Int, least: Int) {
    let area = area(of: lost) + area(of: kept)
    if area < least { rings.swapAt(lost, kept) }
    parents[lost] = Int32(truncatingIfNeeded: kept)
    parents[kept] = Int32(truncatingIfNeeded: -area)
  }

  /// The map of the labels of all regions.
  consuming func map(size: ImageSize, count: Int) -> LabelMap {
    rings.deallocate()
    rings = UnsafeMutableBufferPointer(start: nil, count: 0)
    for n in labels.indices { labels[n] = labels[root(of: n)] }
    return LabelMap(
      size: size, labels: labels.map { Int32($0) }, count: count, pages: pages)
  }
}
