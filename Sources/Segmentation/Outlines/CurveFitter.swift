/// Fits cubic Bézier curves to borders: P. J. Schneider, "An Algorithm for
/// Automatically Fitting Digitized Curves", Graphics Gems, 1990, pages 612–626.
///
/// What is fitted are the middles of the sides of pixels, between the ends of the
/// border, which stay: a staircase becomes a slope. A border comes out the same
/// whichever way it is followed.
struct CurveFitter {
  /// How far, in pixels, a curve may lie from the points.
  let tolerance: Double

  /// Steps of curves along a border.
  ///
  /// - Parameter border: All corners of pixels on it, with both ends.
  /// - Returns: At least one step.
  func steps(along border: [SIMD2<Int>]) -> [Outlines.Step] {
    guard let first = border.first, let last = border.last else { return [] }
    let isReversed =
      first == last
      // A border that returns to its start: by the corners beside it.
      ? BorderSimplifier.precedes(border[border.count - 2], border[1])
      : BorderSimplifier.precedes(last, first)
    let corners = isReversed ? border.reversed() : border
    var points = [SIMD2<Double>(corners[0])]
    for (a, b) in zip(corners, corners.dropFirst()) {
      points.append((SIMD2<Double>(a) + SIMD2<Double>(b)) / 2)
    }
    points.append(SIMD2<Double>(corners[corners.count - 1]))
    // A straight border is one line.
    if Self.areOnLine(corners) {
      return [
        Outlines.Step(controls: [], end: SIMD2<Double>(last))
      ]
    }
    var curves: [Curve] = []
    if first == last {
      // Back where it began: in two parts, so that it has an inside.
      let far = points.indices.dropFirst().dropLast().max { a, b in
        Self.length(points[a] - points[0]) < Self.length(points[b] - points[0])
      }
      guard let far else { return [] }
      let tangent = Self.unit(points[far - 1] - points[far + 1])
      fit(points[...far], nil, tangent, &curves)
      fit(points[far...], -tangent, nil, &curves)
    } else {
      fit(points[...], nil, nil, &curves)
    }
    if isReversed { curves = curves.reversed().map(\.reversed) }
    return curves.map {
      Outlines.Step(controls: [$0.b, $0.c], end: $0.d)
    }
  }

  private static func areOnLine(_ corners: [SIMD2<Int>]) -> Bool {
    let (first, last) = (corners[0], corners[corners.count - 1])
    guard first != last else { return false }
    return corners.allSatisfy { corner in
      let (a, b) = (last &- first, corner &- first)
      return a.x * b.y == a.y * b.x
    }
  }

  /// A curve from a to d.
  private struct Curve {
    var a: SIMD2<Double>
    var b: SIMD2<Double>
    var c: SIMD2<Double>
    var d: SIMD2<Double>

    var reversed: Curve { Curve(a: d, b: c, c: b, d: a) }

    func point(_ t: Double) -> SIMD2<Double> {
      let s = 1 - t
      let near = s * s * s * a + 3 * s * s * t * b
      let far = 3 * s * t * t * c + t * t * t * d
      return near + far
    }

    /// The parameter at which the curve is nearer to a point: a step of Newton's
    /// method.
    func improved(_ t: Double, for point: SIMD2<Double>) -> Double {
      let s = 1 - t
      let way = self.point(t) - point
      let (ab, bc, cd) = (b - a, c - b, d - c)
      let ends = s * s * ab + t * t * cd
      let first = 3 * (ends + 2 * s * t * bc)
      let second = 6 * (s * (bc - ab) + t * (cd - bc))
      let slope = (first * first).sum() + (way * second).sum()
      guard abs(slope) > 1e-12 else { return t }
      return min(1, max(0, t - (way * first).sum() / slope))
    }
  }

  private func fit(
    _ points: ArraySlice<SIMD2<Double>>, _ left: SIMD2<Double>?,
    _ right: SIMD2<Double>?, _ curves: inout [Curve]
  ) {
    let (first, last) = (points.startIndex, points.endIndex - 1)
    let start = left ?? Self.direction(points, from: first, step: 1)
    let end = right ?? Self.direction(points, from: last, step: -1)
    guard points.count > 2 else {
      let third = Self.length(points[last] - points[first]) / 3
      curves.append(
        Curve(
          a: points[first], b: points[first] + third * start,
          c: points[last] + third * end, d: points[last]))
      return
    }
    var parameters = Self.lengths(points)
    var worst = (place: first + points.count / 2, distance: Double.infinity)
    for _ in 0..<4 {
      let curve = Self.curve(points, parameters, start, end)
      worst = Self.worst(points, parameters, curve)
      if worst.distance <= tolerance * tolerance {
        curves.append(curve)
        return
      }
      // Far away no parameters help.
      guard worst.distance <= 16 * tolerance * tolerance else { break }
      for i in points.indices {
        parameters[i - first] = curve.improved(
          parameters[i - first], for: points[i])
      }
    }
    let place = min(last - 1, max(first + 1, worst.place))
    let tangent = Self.unit(points[place - 1] - points[place + 1])
    fit(points[first...place], start, tangent, &curves)
    fit(points[place...last], -tangent, end, &curves)
  }

  /// The direction in which points leave one.
  private static func direction(
    _ points: ArraySlice<SIMD2<Double>>, from place: Int, step: Int
  ) -> SIMD2<Double> {
    let other = min(
      points.endIndex - 1, max(points.startIndex, place + 3 * step))
    let way = points[other] - points[place]
    if length(way) > 0 { return unit(way) }
    return unit(points[place + step] - points[place])
  }

  /// How far along each point is, 0 to 1.
  private static func lengths(
    _ points: ArraySlice<SIMD2<Double>>
  ) -> [Double] {
    var sums = [0.0]
    for (a, b) in zip(points, points.dropFirst()) {
      sums.append(sums[sums.count - 1] + length(b - a))
    }
    let total = sums[sums.count - 1]
    return total > 0 ? sums.map { $0 / total } : sums
  }

  /// The curve of least squares with these parameters and directions of its ends.
  private static func curve(
    _ points: ArraySlice<SIMD2<Double>>, _ parameters: [Double],
    _ start: SIMD2<Double>, _ end: SIMD2<Double>
  ) -> Curve {
    let (first, last) = (points[points.startIndex], points[points.endIndex - 1])
    var (c00, c01, c11, x0, x1) = (0.0, 0.0, 0.0, 0.0, 0.0)
    for (point, t) in zip(points, parameters) {
      let s = 1 - t
      let (b0, b3) = (s * s * s, t * t * t)
      let (b1, b2) = (3 * s * s * t, 3 * s * t * t)
      let a0 = b1 * start
      let a1 = b2 * end
      c00 += (a0 * a0).sum()
      c01 += (a0 * a1).sum()
      c11 += (a1 * a1).sum()
      let fixed = (b0 + b1) * first + (b2 + b3) * last
      let rest = point - fixed
      x0 += (a0 * rest).sum()
      x1 += (a1 * rest).sum()
    }
    let determinant = c00 * c11 - c01 * c01
    let chord = length(last - first)
    var (alpha, beta) = (chord / 3, chord / 3)
    if abs(determinant) > 1e-12 {
      let (p, q) = (
        (x0 * c11 - x1 * c01) / determinant,
        (c00 * x1 - c01 * x0) / determinant
      )
      // Long handles make loops.
      if p > 1e-6, q > 1e-6, max(p, q) < 2 * max(chord, 1) {
        (alpha, beta) = (p, q)
      }
    }
    return Curve(
      a: first, b: first + alpha * start, c: last + beta * end, d: last)
  }

  private static func worst(
    _ points: ArraySlice<SIMD2<Double>>, _ parameters: [Double], _ curve: Curve
  ) -> (place: Int, distance: Double) {
    var worst = (place: points.startIndex + points.count / 2, distance: 0.0)
    for (i, t) in zip(points.indices, parameters) {
      let way = curve.point(t) - points[i]
      let square = (way * way).sum()
      if square > worst.distance { worst = (i, square) }
    }
    return worst
  }

  private static func length(_ v: SIMD2<Double>) -> Double {
    (v * v).sum().squareRoot()
  }

  private static func unit(_ v: SIMD2<Double>) -> SIMD2<Double> {
    let length = length(v)
    return length > 0 ? v / length : .zero
  }
}
