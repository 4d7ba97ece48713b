import QuantizeKit
import Testing
import _TestSupport

@Suite struct OptimalAssignmentTests {
  /// The least sum over all ways to pair as many as there can be.
  private func least(_ costs: [[Double]], _ free: Set<Int>? = nil) -> Double {
    guard let first = costs.first else { return 0 }
    let free = free ?? Set(first.indices)
    let rest = Array(costs.dropFirst())
    var best =
      free.map { first[$0] + least(rest, free.subtracting([$0])) }.min()
      ?? .infinity
    // A row may be left out only where there are more rows than columns.
    if costs.count > free.count { best = min(best, least(rest, free)) }
    return best
  }

  @Test func isTheBestOfAllPairings() {
    var numbers = Generator(seed: 3)
    for rows in 1...6 {
      for columns in 1...6 {
        for spread in [3, 1_000] {
          let costs = (0..<rows).map { _ in
            (0..<columns).map { _ in
              Double(Int(numbers.next() >> 40) % spread) - Double(spread / 3)
            }
          }
          let found = OptimalAssignment.columns(costs)
          let used = found.compactMap(\.self)
          #expect(found.count == rows)
          #expect(used.count == min(rows, columns))
          #expect(Set(used).count == used.count)
          let sum = zip(costs, found).map { row, column in
            column.map { row[$0] } ?? 0
          }.reduce(0, +)
          #expect(sum == least(costs), "\(costs)")
        }
      }
    }
  }

  @Test func findsAShuffleOfMany() {
    // Points on a line, moved by less than half their distance.
    var numbers = Generator(seed: 9)
    var order = Array(0..<256)
    for i in order.indices.reversed() {
      order.swapAt(i, Int(numbers.next() >> 33) % (i + 1))
    }
    let costs = order.map { place in
      (0..<256).map { column in abs(Double(place) + 0.3 - Double(column)) }
    }
    #expect(OptimalAssignment.columns(costs) == order.map { $0 })
  }

  @Test func nothingIsPairedWithNothing() {
    #expect(OptimalAssignment.columns([]).isEmpty)
    #expect(OptimalAssignment.columns([[], []]) == [nil, nil])
  }
}
