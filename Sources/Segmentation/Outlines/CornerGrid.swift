/// Numbers by the squares of a grid that they have a part in, to find those near a
/// place.
struct CornerGrid {
  private static let side = 16

  private var numbers: [SIMD2<Int>: [Int]] = [:]

  /// Adds a number to all squares of a box between two corners.
  mutating func add(_ number: Int, in a: SIMD2<Int>, _ b: SIMD2<Int>) {
    Self.forEachSquare(a, b) { numbers[$0, default: []].append(number) }
  }

  /// Whether a number near a box satisfies a condition; some are asked about more
  /// than once.
  func contains(
    in a: SIMD2<Int>, _ b: SIMD2<Int>, where condition: (Int) -> Bool
  ) -> Bool {
    var isFound = false
    Self.forEachSquare(a, b) { square in
      guard !isFound, let near = numbers[square] else { return }
      isFound = near.contains(where: condition)
    }
    return isFound
  }

  private static func forEachSquare(
    _ a: SIMD2<Int>, _ b: SIMD2<Int>, _ body: (SIMD2<Int>) -> Void
  ) {
    for y in min(a.y, b.y) / side...max(a.y, b.y) / side {
      for x in min(a.x, b.x) / side...max(a.x, b.x) / side {
        body(SIMD2(x, y))
      }
    }
  }
}
