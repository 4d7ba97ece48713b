public import Rasters

/// For each pixel of an image the number of the segment that it belongs to.
public struct LabelMap: Hashable, Sendable {
  /// Width and height; of several pages that of all of them, one below the other.
  public let size: ImageSize

  /// The number of pages, which have the same height. Pixels of two pages are
  /// never neighbours.
  public let pages: Int

  /// For each pixel its label, 0 up to `count` − 1; rows from the top.
  public let labels: [Int32]

  /// The number of labels there are; some may have no pixel.
  public let count: Int

  /// The rows of a page.
  public var pageHeight: Int { size.height / pages }

  /// Creates a map.
  ///
  /// - Precondition: `labels` has one number for each pixel, all of 0 up to
  ///   `count` − 1. (The numbers themselves are not looked at here.) The rows are
  ///   those of so many pages.
  public init(size: ImageSize, labels: [Int32], count: Int, pages: Int = 1) {
    precondition(labels.count == size.pixelCount && count > 0)
    precondition(pages > 0 && size.height.isMultiple(of: pages))
    self.pages = pages
    self.size = size
    self.labels = labels
    self.count = count
  }

  /// The connected regions: the largest sets of pixels of one label that hang
  /// together by their sides.
  ///
  /// Regions are numbered in the order of their first pixels, row by row from
  /// the top.
  ///
  /// - Returns: For each pixel the number of its region, and for each region
  ///   its label here.
  /// - Complexity: O(pixels α(pixels)): union-find in one pass and another.
  public func connectedRegions() -> (regions: LabelMap, labels: [Int32]) {
    var regions = firstPixels()
    var labelOf: [Int32] = []
    regions.withUnsafeMutableBufferPointer { regions in
      for i in regions.indices {
        let first = Int(regions[i])
        // Those before i have their region's number in place of its first pixel.
        if first == i {
          regions[i] = Int32(labelOf.count)
          labelOf.append(labels[i])
        } else {
          regions[i] = regions[first]
        }
      }
    }
    return (
      LabelMap(
        size: size, labels: regions, count: labelOf.count, pages: pages),
      labelOf
    )
  }

  /// How many connected regions there are.
  ///
  /// - Returns: A number of 1 or more.
  /// - Complexity: O(pixels α(pixels)).
  public func regionCount() -> Int {
    firstPixels().enumerated().count { $0.offset == Int($0.element) }
  }

  /// For each pixel the first one of its connected region.
  ///
  /// - Complexity: O(pixels α(pixels)): union-find in one pass and another.
  package func firstPixels() -> [Int32] {
    let count = size.pixelCount
    return [Int32](unsafeUninitializedCapacity: count) { pixels, initialized in
      findFirstPixels(
        UnsafeMutableBufferPointer(rebasing: pixels[..<count]))
      initialized = count
    }
  }

  /// Writes for each pixel the first one of its connected region into room for
  /// them.
  func findFirstPixels(_ parents: UnsafeMutableBufferPointer<Int32>) {
    // Roots are first pixels: they come before all others of their sets.
    labels.withUnsafeBufferPointer { labels in
      Self.join(parents, labels, size.width, pageHeight)
    }
    for i in parents.indices { parents[i] = parents[Int(parents[i])] }
  }

  private static func join(
    _ parents: UnsafeMutableBufferPointer<Int32>,
    _ labels: UnsafeBufferPointer<Int32>, _ width: Int, _ pageHeight: Int
  ) {
    func root(_ start: Int32) -> Int32 {
      var i = start
      while parents[Int(i)] != i {
        let above = parents[Int(parents[Int(i)])]
        parents[Int(i)] = above
        i = above
      }
      return i
    }
    var (column, row) = (0, 0)
    for i in 0..<labels.count {
      var own = Int32(i)
      if column > 0, labels[i - 1] == labels[i] { own = root(Int32(i - 1)) }
      if row > 0, labels[i - width] == labels[i] {
        let other = root(Int32(i - width))
        if other < own {
          if own < i { parents[Int(own)] = other }
          own = other
        } else if own < other {
          parents[Int(other)] = own
        }
      }
      parents.initializeElement(at: i, to: own)
      column += 1
      if column == width {
        column = 0
        row = row + 1 == pageHeight ? 0 : row + 1
      }
    }
  }

  /// The same map with other numbers.
  ///
  /// - Parameters:
  ///   - numbers: For each label another.
  ///   - count: How many there are of those.
  /// - Returns: The map of those.
  /// - Complexity: O(pixels).
  public func renumbered(_ numbers: [Int32], count: Int) -> LabelMap {
    precondition(numbers.count == self.count)
    return LabelMap(
      size: size, labels: labels.map { numbers[Int($0)] }, count: count,
      pages: pages)
  }

  /// The same map with numbers in the order of first pixels, none left out.
  ///
  /// - Returns: A map every label of which has a pixel.
  /// - Complexity: O(pixels).
  public func compacted() -> LabelMap {
    var numbers = [Int32](repeating: -1, count: count)
    var next: Int32 = 0
    for label in labels where numbers[Int(label)] < 0 {
      numbers[Int(label)] = next
      next += 1
    }
    return renumbered(numbers, count: Int(next))
  }
}
