/// Leaves out corners of borders: D. H. Douglas and T. K. Peucker, "Algorithms
/// for the reduction of the number of points required to represent a digitized
/// line or its caricature", Cartographica 10(2), 1973, doi
/// 10.3138/FM57-6770-U75U-7727.
///
/// A border comes out the same whichever way it is followed.
struct BorderSimplifier {
  /// How far, in pixels, a corner that is left out may lie from the line.
  let tolerance: Double

  /// Simplifies a ring.
  ///
  /// - Parameters:
  ///   - ring: Corners, the last joined to the first.
  ///   - isFixed: Whether a corner must stay.
  /// - Returns: Some of them, in their order.
  func simplified(
    _ ring: [SIMD2<Int>], isFixed: (SIMD2<Int>) -> Bool
  ) -> [SIMD2<Int>] {
    borders(of: ring, isFixed: isFixed).flatMap {
      simplified(border: $0).dropLast()
    }
  }

  /// Cuts a ring at its fixed corners.
  ///
  /// - Parameters:
  ///   - ring: Corners, the last joined to the first.
  ///   - isFixed: Whether borders end at a corner.
  /// - Returns: Borders with both of their ends; where no corner is fixed, one from
  ///   the corner that comes first back to it.
  func borders(
    of ring: [SIMD2<Int>], isFixed: (SIMD2<Int>) -> Bool
  ) -> [[SIMD2<Int>]] {
    var fixed = ring.indices.filter { isFixed(ring[$0]) }
    if fixed.isEmpty, let first = Self.least(ring) { fixed = [first] }
    return fixed.enumerated().map { i, start in
      let end = fixed[(i + 1) % fixed.count]
      let length = (end - start + ring.count - 1) % ring.count + 1
      return (0...length).map { ring[(start + $0) % ring.count] }
    }
  }

  /// The place of the corner that comes first in reading order of columns.
  private static func least(_ ring: [SIMD2<Int>]) -> Int? {
    ring.indices.min { precedes(ring[$0], ring[$1]) }
  }

  static func precedes(_ a: SIMD2<Int>, _ b: SIMD2<Int>) -> Bool {
    (a.x, a.y) < (b.x, b.y)
  }

  /// Simplifies a border; its ends stay.
  private func simplified(border: [SIMD2<Int>]) -> [SIMD2<Int>] {
    guard let first = border.first, let last = border.last else { return [] }
    if first == last {
      // Back where it began: cut at the corner that is farthest from there.
      let far = border.indices.max { a, b in
        let (p, q) = (
          Self.square(border[a] &- first), Self.square(border[b] &- first)
        )
        return p != q ? p < q : Self.precedes(border[b], border[a])
      }
      guard let far, border[far] != first else { return [first, last] }
      return simplified(border: Array(border[...far])).dropLast()
        + simplified(border: Array(border[far...]))
    }
    guard Self.precedes(first, last) else {
      return reduced(border.reversed()).reversed()
    }
    return reduced(border)
  }

  private static func square(_ v: SIMD2<Int>) -> Int { v.x * v.x + v.y * v.y }

  private func reduced(_ border: [SIMD2<Int>]) -> [SIMD2<Int>] {
    var keeps = [Bool](repeating: false, count: border.count)
    keeps[0] = true
    keeps[border.count - 1] = true
    var spans = [(0, border.count - 1)]
    while let (start, end) = spans.popLast() {
      var farthest = (place: start, square: tolerance * tolerance)
      for place in start + 1..<max(start + 1, end) {
        let square = Self.squaredDistance(
          border[place], border[start], border[end])
        if square > farthest.square { farthest = (place, square) }
      }
      guard farthest.place > start else { continue }
      keeps[farthest.place] = true
      spans.append((start, farthest.place))
      spans.append((farthest.place, end))
    }
    return border.indices.filter { keeps[$0] }.map { border[$0] }
  }

  /// The squared distance of a corner from the line between two others.
  private static func squaredDistance(
    _ p: SIMD2<Int>, _ a: SIMD2<Int>, _ b: SIMD2<Int>
  ) -> Double {
    let (line, way) = (b &- a, p &- a)
    let length = square(line)
    let along = line.x * way.x + line.y * way.y
    guard length > 0, along > 0 else { return Double(square(way)) }
    guard along < length else { return Double(square(p &- b)) }
    let cross = Double(line.x * way.y - line.y * way.x)
    return cross * cross / Double(length)
  }
}
