import Rasters

/// The borders of a map, each once, simplified so that none crosses another.
///
/// Borders that are simplified one by one may cross where they are near each other,
/// and a region that is smaller than the tolerance may come to lie on the wrong side
/// of one. So what `BorderSimplifier` has left out is put back, corner by corner, where
/// a corner that is kept lies on a line, or between a line and the border that it
/// stands for (A. Saalfeld, "Topologically consistent line simplification with the
/// Douglas–Peucker algorithm", Cartography and Geographic Information Science 26(1),
/// 1999, doi 10.1559/152304099782424901), or where two lines have the same ends.
///
/// Then no two lines cross: say lines s and t do, once. As the ends of t are not
/// between s and its border S, t meets S an odd number of times. As the ends of s are
/// not between t and its border T, S, which does not meet T, meets t an even number of
/// times.
struct BorderNetwork {
  /// A border between two corners that stay, and which of its corners are kept.
  private struct Border {
    let corners: [SIMD2<Int>]
    var keeps: [Bool]
  }

  /// A part of a ring: a border, and whether it is followed backwards.
  private struct Part {
    let border: Int
    let isReversed: Bool
  }

  /// Two kept corners of a border with none between.
  fileprivate struct Line: Hashable {
    let from: SIMD2<Int>
    let to: SIMD2<Int>
  }

  private let simplifier: BorderSimplifier
  private let size: ImageSize
  private var borders: [Border] = []
  private var rings: [[Part]] = []

  /// The number of a border by its first side.
  private var numbers: [Int: Int] = [:]

  /// For each corner of the map's pixels whether a border keeps it.
  private var isKept: [Bool]

  /// A network without borders.
  ///
  /// - Parameters:
  ///   - simplifier: Says which corners are left out.
  ///   - size: That of the map.
  init(_ simplifier: BorderSimplifier, _ size: ImageSize) {
    self.simplifier = simplifier
    self.size = size
    isKept = [Bool](
      repeating: false, count: (size.width + 1) * (size.height + 1))
  }

  private func place(_ corner: SIMD2<Int>) -> Int {
    corner.y * (size.width + 1) + corner.x
  }

  /// Adds the borders that a ring consists of.
  ///
  /// - Parameters:
  ///   - ring: Corners of pixels, one after the other, the last joined to the first.
  ///   - isFixed: Whether a corner must stay.
  /// - Returns: The number of the ring.
  mutating func add(
    _ ring: [SIMD2<Int>], isFixed: (SIMD2<Int>) -> Bool
  ) -> Int {
    let parts = simplifier.borders(of: ring, isFixed: isFixed)
      .flatMap(BorderSimplifier.opened).map { add(border: $0) }
    rings.append(parts)
    return rings.count - 1
  }

  private mutating func add(border: [SIMD2<Int>]) -> Part {
    let isReversed = BorderSimplifier.precedes(
      border[border.count - 1], border[0])
    let corners = isReversed ? border.reversed() : border
    // No two borders have a side of a pixel in common.
    let side =
      2 * place(pointwiseMin(corners[0], corners[1]))
      + (corners[0].x == corners[1].x ? 1 : 0)
    if let number = numbers[side] {
      return Part(border: number, isReversed: isReversed)
    }
    let border = Border(corners: corners, keeps: simplifier.kept(of: corners))
    for (corner, isKept) in zip(corners, border.keeps) where isKept {
      self.isKept[place(corner)] = true
    }
    numbers[side] = borders.count
    borders.append(border)
    return Part(border: borders.count - 1, isReversed: isReversed)
  }

  /// The corners of a ring that are kept.
  func ring(_ number: Int) -> [SIMD2<Int>] {
    rings[number].flatMap { part in
      let border = borders[part.border]
      let kept = border.corners.indices.filter { border.keeps[$0] }
        .map { border.corners[$0] }
      return (part.isReversed ? kept.reversed() : kept).dropLast()
    }
  }

  /// Keeps as many more corners as it takes for no lines to cross.
  ///
  /// - Complexity: O(n) for n corners of the borders where lines are short.
  mutating func untangle() {
    guard simplifier.tolerance > 0 else { return }
    var numbers = borders.indices.filter { borders[$0].keeps.contains(false) }
    while !numbers.isEmpty {
      var lines: [Line: Int] = [:]
      var more: [(border: Int, place: Int)] = []
      for number in numbers {
        forEachShortcut(of: number) { start, end in
          let corners = borders[number].corners
          let line = Line(corners[start], corners[end])
          lines[line, default: 0] += 1
          guard
            lines[line] ?? 0 > 1 || line.isSide
              || hasCorners(corners[start...end])
          else { return }
          more.append(
            (number, BorderSimplifier.farthest(corners, start, end)))
        }
      }
      guard !more.isEmpty else { return }
      for (number, place) in more {
        borders[number].keeps[place] = true
        isKept[self.place(borders[number].corners[place])] = true
      }
      numbers.removeAll { !borders[$0].keeps.contains(false) }
    }
  }

  /// Calls `body` with the kept corners of a border between which others are left
  /// out.
  private func forEachShortcut(
    of number: Int, _ body: (_ start: Int, _ end: Int) -> Void
  ) {
    let keeps = borders[number].keeps
    var start = 0
    for end in keeps.indices.dropFirst() where keeps[end] {
      if end - start > 1 { body(start, end) }
      start = end
    }
  }

  /// Whether kept corners other than the ends lie on the line between the ends of some
  /// corners, or between that line and the way along them.
  private func hasCorners(_ way: ArraySlice<SIMD2<Int>>) -> Bool {
    guard let first = way.first, let last = way.last else { return false }
    let low = way.reduce(first, pointwiseMin)
    let high = way.reduce(first, pointwiseMax)
    for y in low.y...high.y {
      for x in low.x...high.x {
        let corner = SIMD2(x, y)
        if isKept[place(corner)], corner != first, corner != last,
          Self.isBetween(corner, way, first, last)
        {
          return true
        }
      }
    }
    return false
  }

  private static func isBetween(
    _ place: SIMD2<Int>, _ way: ArraySlice<SIMD2<Int>>, _ first: SIMD2<Int>,
    _ last: SIMD2<Int>
  ) -> Bool {
    if turn(first, last, place) == 0, isWithin(place, first, last) {
      return true
    }
    var isInside = false
    var from = last
    for to in way {
      if (from.y > place.y) != (to.y > place.y),
        (to.y > from.y) == (turn(from, to, place) > 0)
      {
        isInside.toggle()
      }
      from = to
    }
    return isInside
  }

  /// Twice the area of a triangle, with its sign.
  private static func turn(
    _ a: SIMD2<Int>, _ b: SIMD2<Int>, _ c: SIMD2<Int>
  ) -> Int {
    let (u, v) = (b &- a, c &- a)
    return u.x &* v.y &- u.y &* v.x
  }

  /// Whether a place on the line through two others is between them.
  private static func isWithin(
    _ place: SIMD2<Int>, _ a: SIMD2<Int>, _ b: SIMD2<Int>
  ) -> Bool {
    let (low, high) = (pointwiseMin(a, b), pointwiseMax(a, b))
    return all(low .<= place) && all(place .<= high)
  }
}

extension BorderNetwork.Line {
  /// The line between two corners, the same either way.
  fileprivate init(_ a: SIMD2<Int>, _ b: SIMD2<Int>) {
    let isForward = BorderSimplifier.precedes(a, b)
    self.init(from: isForward ? a : b, to: isForward ? b : a)
  }

  /// Whether it could be a side of a pixel, which another border may have.
  fileprivate var isSide: Bool {
    let step = to &- from
    return step.x * step.x + step.y * step.y == 1
  }
}
