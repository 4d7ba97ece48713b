package import ParallelWork

/// The entries of a palette that pixels may get.
///
/// Opaque entries are the last of a palette, so those that opaque pixels may
/// get are a part of it.
package struct DitherEntries: Sendable {
  /// All entries.
  let all: DitherPalette

  /// The opaque ones.
  let opaque: DitherPalette

  /// The number of the first opaque one.
  let firstOpaque: Int

  /// Finds opaque ones, where many pixels are to be dithered.
  private let grid: NearestGrid?

  /// Prepares entries.
  ///
  /// - Parameters:
  ///   - points: The points of a palette's entries.
  ///   - firstOpaque: The number of the first that is opaque, as are all from
  ///     there on.
  ///   - workers: The threads that prepare a grid, which is worth it for many
  ///     pixels; `nil` for none.
  package init(
    _ points: [SIMD4<Double>], firstOpaque: Int, grid workers: Workers? = nil
  ) {
    let points = points.map { SIMD4<Float>($0) }
    self.firstOpaque = firstOpaque
    all = DitherPalette(points)
    opaque =
      firstOpaque == 0 || firstOpaque == points.count
      ? all : DitherPalette(Array(points[firstOpaque...]))
    grid = workers.flatMap {
      firstOpaque < points.count
        ? NearestGrid(Array(points[firstOpaque...]), $0) : nil
    }
  }

  /// Whether only some entries are opaque.
  var hasOpaquePart: Bool {
    firstOpaque > 0 && firstOpaque < all.points.count
  }

  /// Calls `body` with a chooser that must not outlive the call.
  func withChooser<Result>(_ body: (DitherChooser) -> Result) -> Result {
    all.withSearcher { all in
      opaque.withSearcher { opaque in
        let firstOpaque = firstOpaque < all.points.count ? firstOpaque : 0
        guard let grid else {
          return body(
            DitherChooser(
              all: all, opaque: opaque, grid: nil, firstOpaque: firstOpaque))
        }
        return grid.withSearcher {
          body(
            DitherChooser(
              all: all, opaque: opaque, grid: $0, firstOpaque: firstOpaque))
        }
      }
    }
  }
}

/// Chooses entries for pixels.
struct DitherChooser {
  let all: DitherPalette.Searcher
  fileprivate let opaque: DitherPalette.Searcher
  let grid: NearestGrid.Searcher?
  let firstOpaque: Int

  /// The entry nearest to a point, of those that a class of colours may get.
  ///
  /// - Parameters:
  ///   - point: Any.
  ///   - known: An entry that the class may get, near the point if possible.
  ///   - isOpaque: Whether it must be opaque.
  /// - Returns: Its number.
  @inline(__always)
  func nearest(
    to point: SIMD4<Float>, from known: Int, isOpaque: Bool
  ) -> Int {
    if isOpaque, let grid {
      let found = grid.nearest(to: point)
      if found >= 0 { return found + firstOpaque }
    }
    return isOpaque && firstOpaque > 0
      ? opaque.nearest(to: point, from: known - firstOpaque) + firstOpaque
      : all.nearest(to: point, from: known)
  }

  /// How far a point can move until another entry is nearer to it; see
  /// `DitherPalette.Searcher.room`.
  func room(
    around point: SIMD4<Float>, of entry: Int, toward direction: SIMD4<Float>,
    within range: ClosedRange<Float>, isOpaque: Bool
  ) -> Float {
    isOpaque && firstOpaque > 0
      ? opaque.room(
        around: point, of: entry - firstOpaque, toward: direction,
        within: range)
      : all.room(around: point, of: entry, toward: direction, within: range)
  }

  /// The entries that a class of colours may get.
  ///
  /// - Parameter isOpaque: Whether only opaque ones.
  /// - Returns: Their numbers.
  func allowed(isOpaque: Bool) -> Range<Int> {
    (isOpaque ? firstOpaque : 0)..<all.points.count
  }
}
