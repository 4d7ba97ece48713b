/// Leaves out corners of borders: D. H. Douglas and T. K. Peucker, "Algorithms
/// for the reduction of the number of points required to represent a digitized
/// line or its caricature", Cartographica 10(2), 1973, doi
/// 10.3138/FM57-6770-U75U-7727.
///
/// A border comes out the same whichever way it is followed.
struct BorderSimplifier {
  /// How far, in pixels, a corner that is left out may lie from the line.
  let tolerance: Double

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

  /// A border with two ends, or the two that one consists of that is back where it
  /// began, cut at the corner that is farthest from there.
  static func opened(_ border: [SIMD2<Int>]) -> [[SIMD2<Int>]] {
    guard let first = border.first, first == border.last else {
      return [border]
    }
    let far = border.indices.max { a, b in
      let (p, q) = (square(border[a] &- first), square(border[b] &- first))
      return p != q ? p < q : precedes(border[b], border[a])
    }
    guard let far, border[far] != first else { return [border] }
    return [Array(border[...far]), Array(border[far...])]
  }

  private static func square(_ v: SIMD2<Int>) -> Int { v.x * v.x + v.y * v.y }

  /// Which corners of a border are kept; its ends are.
  func kept(of border: [SIMD2<Int>]) -> [Bool] {
    var keeps = [Bool](repeating: false, count: border.count)
    keeps[0] = true
    keeps[border.count - 1] = true
    var spans = [(0, border.count - 1)]
    while let (start, end) = spans.popLast() {
      let place = Self.farthest(border, start, end)
      guard place > start,
        Self.squaredDistance(border[place], border[start], border[end])
          > tolerance * tolerance
      else { continue }
      keeps[place] = true
      spans.append((start, place))
      spans.append((place, end))
    }
    return keeps
  }

  /// The place between two others that is farthest from the line between them; of
  /// equally far ones the first, and the first place if there is none between.
  static func farthest(_ border: [SIMD2<Int>], _ start: Int, _ end: Int) -> Int
  {
    var farthest = (place: start, square: -1.0)
    for place in start + 1..<max(start + 1, end) {
      let square = squaredDistance(border[place], border[start], border[end])
      if square > farthest.square { farthest = (place, square) }
    }
    return farthest.place
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
