/// The borders of a map, each once, simplified so that none crosses another.
///
/// Borders that are simplified one by one may cross where they are near each other,
/// and a region that is smaller than the tolerance may come to lie on the wrong side
/// of one. So what `BorderSimplifier` has left out is put back, corner by corner, where
///
/// - a corner that is kept lies between a line and the border that it stands for, or
///   on the line (A. Saalfeld, "Topologically consistent line simplification with the
///   Douglas–Peucker algorithm", Cartography and Geographic Information Science 26(1),
///   1999, doi 10.1559/152304099782424901), or
/// - two lines meet elsewhere than at a corner of both.
///
/// With all corners there is neither, so this ends.
struct BorderNetwork {
  private typealias Corner = SIMD2<Int>

  /// A border between two corners that stay, and which of its corners are kept.
  private struct Border {
    let corners: [SIMD2<Int>]
    var keeps: [Bool]

    /// The kept corner behind a kept one.
    func next(_ place: Int) -> Int {
      var place = place + 1
      while !keeps[place] { place += 1 }
      return place
    }
  }

  /// A part of a ring: a border, and whether it is followed backwards.
  private struct Part {
    let border: Int
    let isReversed: Bool
  }

  /// A straight line of a border, from one kept corner to the next.
  private struct Line {
    let border: Int
    let start: Int
    let end: Int

    /// Whether corners are left out.
    var isShortcut: Bool { end - start > 1 }
  }

  private let simplifier: BorderSimplifier
  private var borders: [Border] = []
  private var numbers: [SIMD4<Int>: Int] = [:]
  private var rings: [[Part]] = []

  /// A network without borders.
  init(_ simplifier: BorderSimplifier) { self.simplifier = simplifier }

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
    let (first, last) = (border[0], border[border.count - 1])
    let isReversed =
      first == last
      ? !BorderSimplifier.precedes(border[1], border[border.count - 2])
      : !BorderSimplifier.precedes(first, last)
    let corners = isReversed ? border.reversed() : border
    // No two borders have a side of a pixel in common.
    let key = SIMD4(lowHalf: corners[0], highHalf: corners[1])
    let number = numbers[key] ?? borders.count
    if number == borders.count {
      numbers[key] = number
      borders.append(
        Border(corners: corners, keeps: simplifier.kept(of: corners)))
    }
    return Part(border: number, isReversed: isReversed)
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
  /// - Complexity: O(n) for n corners that are kept where lines are short.
  mutating func untangle() {
    guard simplifier.tolerance > 0 else { return }
    while true {
      let lines = lines()
      let more = tangled(lines)
      guard !more.isEmpty else { return }
      for number in more {
        let line = lines[number]
        let place = BorderSimplifier.farthest(
          borders[line.border].corners, line.start, line.end)
        borders[line.border].keeps[place] = true
      }
    }
  }

  private func lines() -> [Line] {
    borders.indices.flatMap { number in
      var lines: [Line] = []
      var start = 0
      while start < borders[number].corners.count - 1 {
        let end = borders[number].next(start)
        lines.append(Line(border: number, start: start, end: end))
        start = end
      }
      return lines
    }
  }

  /// The lines that need another corner.
  private func tangled(_ lines: [Line]) -> Set<Int> {
    let ends = lines.map { line in
      let corners = borders[line.border].corners
      return (from: corners[line.start], to: corners[line.end])
    }
    var corners = CornerGrid()
    var places = CornerGrid()
    for (number, end) in ends.enumerated() {
      corners.add(number, in: end.from, end.from)
      corners.add(number, in: end.to, end.to)
      places.add(number, in: end.from, end.to)
    }
    var more: Set<Int> = []
    for (number, line) in lines.enumerated() where line.isShortcut {
      let own = ends[number]
      let piece = borders[line.border].corners[line.start...line.end]
      let (low, high) = Self.bounds(piece)
      // With a border that is nowhere far from its line.
      let hasWithin = corners.contains(in: low, high) { other in
        [ends[other].from, ends[other].to].contains {
          $0 != own.from && $0 != own.to && Self.isBetween($0, piece)
        }
      }
      let meets =
        hasWithin
        || places.contains(in: own.from, own.to) { other in
          other != number
            && Self.meet(own.from, own.to, ends[other].from, ends[other].to)
        }
      if meets { more.insert(number) }
    }
    return more
  }

  private static func bounds(
    _ corners: ArraySlice<SIMD2<Int>>
  ) -> (low: SIMD2<Int>, high: SIMD2<Int>) {
    var low = corners[corners.startIndex]
    var high = low
    for corner in corners {
      low = low.replacing(with: corner, where: corner .< low)
      high = high.replacing(with: corner, where: corner .> high)
    }
    return (low, high)
  }

  /// Whether a place is on the line between the ends of some corners, or in between
  /// that line and the way along them.
  private static func isBetween(
    _ place: SIMD2<Int>, _ corners: ArraySlice<SIMD2<Int>>
  ) -> Bool {
    guard let first = corners.first, let last = corners.last else {
      return false
    }
    if turn(first, last, place) == 0, isWithin(place, first, last) {
      return true
    }
    var isInside = false
    var from = last
    for to in corners {
      if (from.y > place.y) != (to.y > place.y) {
        // The place is on the left of a side that goes down, or right of one up.
        let side = turn(from, to, place)
        if (to.y > from.y) == (side > 0) { isInside.toggle() }
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
    return u.x * v.y - u.y * v.x
  }

  /// Whether a place on the line through two others is between them, or one of them.
  private static func isWithin(
    _ place: SIMD2<Int>, _ a: SIMD2<Int>, _ b: SIMD2<Int>
  ) -> Bool {
    min(a.x, b.x) <= place.x && place.x <= max(a.x, b.x)
      && min(a.y, b.y) <= place.y && place.y <= max(a.y, b.y)
  }

  /// Whether two lines have more in common than an end of both.
  private static func meet(
    _ a: SIMD2<Int>, _ b: SIMD2<Int>, _ c: SIMD2<Int>, _ d: SIMD2<Int>
  ) -> Bool {
    let (p, q) = (turn(a, b, c).signum(), turn(a, b, d).signum())
    let (r, s) = (turn(c, d, a).signum(), turn(c, d, b).signum())
    if p * q < 0, r * s < 0 { return true }
    func touches(_ place: SIMD2<Int>, _ u: SIMD2<Int>, _ v: SIMD2<Int>) -> Bool
    {
      place != u && place != v && turn(u, v, place) == 0
        && isWithin(place, u, v)
    }
    return touches(c, a, b) || touches(d, a, b) || touches(a, c, d)
      || touches(b, c, d) || (a == c && b == d) || (a == d && b == c)
  }
}
