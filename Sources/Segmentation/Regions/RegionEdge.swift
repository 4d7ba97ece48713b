import Regions

/// The pixels at the edges of regions, and which of their neighbours are such.
struct RegionEdge {
  private let map: LabelMap

  init(_ map: LabelMap) {
    self.map = map
  }

  /// Calls `body` with each pixel that has another region, or none, above, below
  /// or beside it, and 1 + 2 × its neighbours of the edge beside it + 10 × those
  /// at its corners; all of the same region.
  ///
  /// - Complexity: O(pixels).
  func forEachPixel(_ body: (_ pixel: Int, _ code: Int) -> Void) {
    let (width, rows, height) = (
      map.size.width, map.size.height, map.pageHeight
    )
    map.labels.withUnsafeBufferPointer { labels in
      func isSame(_ label: Int32, _ x: Int, _ y: Int, _ page: Int) -> Bool {
        x >= 0 && x < width && y >= page * height && y < (page + 1) * height
          && labels[y * width + x] == label
      }
      var isEdge = [Bool](repeating: false, count: labels.count)
      for y in 0..<rows {
        let page = y / height
        for x in 0..<width {
          let n = y * width + x
          let label = labels[n]
          isEdge[n] =
            !(isSame(label, x - 1, y, page) && isSame(label, x + 1, y, page)
            && isSame(label, x, y - 1, page) && isSame(label, x, y + 1, page))
        }
      }
      for y in 0..<rows {
        let page = y / height
        for x in 0..<width where isEdge[y * width + x] {
          let n = y * width + x
          let label = labels[n]
          var code = 1
          for (dy, dx, weight) in Self.neighbours
          where isSame(label, x + dx, y + dy, page)
            && isEdge[n + dy * width + dx]
          {
            code += weight
          }
          body(n, code)
        }
      }
    }
  }

  private static let neighbours = [
    (-1, -1, 10), (-1, 0, 2), (-1, 1, 10), (0, -1, 2), (0, 1, 2),
    (1, -1, 10), (1, 0, 2), (1, 1, 10),
  ]
}
