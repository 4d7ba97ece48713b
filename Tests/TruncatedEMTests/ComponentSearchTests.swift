import Foundation
import Testing
import TruncatedEM

/// Searches of known functions, against trying every number.
@Suite struct ComponentSearchTests {
  private typealias Trial = (count: Int, value: Double)

  /// Runs a search and checks that nothing is tried twice or out of range.
  private func search(
    upTo most: Int, least: Bool, play: Double = 0,
    _ value: (Int) -> Double
  ) throws -> (found: Int, tried: [Int]) {
    var tried: [Int] = []
    let search = try ComponentSearch(upTo: most)
    let attempt = { (count: Int) -> Trial in
      tried.append(count)
      return (count, value(count))
    }
    let found =
      least
      ? search.least(by: \.value, attempt)
      : search.smallest(reaching: \.value, play: play, attempt)
    #expect(Set(tried).count == tried.count)
    #expect(tried.allSatisfy { (1...most).contains($0) })
    return (found.count, tried)
  }

  /// Errors that fall, but for luck of up to half of the play: nothing smaller
  /// reaches the target.
  @Test(arguments: [20, 120, 256])
  func findsTheSmallestInSpiteOfLuck(most: Int) throws {
    var numbers = TestData(state: 5)
    for _ in 0..<60 {
      let luck = (0...most).map { _ in 0.02 * (2 * numbers.unit() - 1) }
      let target = log(Double(most)) * numbers.unit()
      func value(_ k: Int) -> Double {
        target - 0.67 * log(Double(k)) + luck[k]
      }
      let (found, tried) = try search(
        upTo: most, least: false, play: 0.04, value)
      let expected = (1...most).first { value($0) <= 0 } ?? most
      #expect(found == expected)
      #expect(tried.count < 45)
    }
  }

  @Test func ladder() throws {
    #expect(try ComponentSearch(upTo: 1).ladder == [1])
    #expect(try ComponentSearch(upTo: 3).ladder == [1, 2, 3])
    #expect(try ComponentSearch(upTo: 7).ladder == [1, 2, 3, 4, 5, 6, 7])
    #expect(
      try ComponentSearch(upTo: 14).ladder == [
        1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 14,
      ])
    #expect(
      try ComponentSearch(upTo: 256).ladder == [
        1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 16, 24, 32, 48, 64, 96, 128, 192,
        256,
      ])
    #expect(throws: FitError.components(0)) { try ComponentSearch(upTo: 0) }
    #expect(throws: FitError.components(65_537)) {
      try ComponentSearch(upTo: 65_537)
    }
  }

  @Test(arguments: [1, 2, 3, 5, 40, 256])
  func findsEveryValley(most: Int) throws {
    for valley in 1...most {
      let (found, tried) = try search(upTo: most, least: true) {
        abs(Double($0) - Double(valley))
      }
      if valley < 64 {
        #expect(found == valley)
      } else {
        #expect(abs(found - valley) <= valley / 32)
      }
      #expect(tried.count <= 30)
    }
  }

  @Test func prefersFewerOfEqualValues() throws {
    #expect(try search(upTo: 100, least: true) { _ in 1 }.found == 1)
    #expect(
      try search(upTo: 60, least: true) { max(0, 9 - Double($0)) }.found == 9)
  }

  @Test func leavesTheLadderOnceItRises() throws {
    let (found, tried) = try search(upTo: 65_536, least: true) {
      abs(Double($0) - 5)
    }
    #expect(found == 5)
    #expect(tried.max() == 16)
  }

  @Test(arguments: [1, 2, 5, 64, 300])
  func findsEveryThreshold(most: Int) throws {
    for threshold in 1...most {
      // As error falls with k, a step, and one that ends at an exact fit.
      let values: [(Int) -> Double] = [
        { Double(threshold) / Double($0) - 1 },
        { $0 >= threshold ? -1 : 1 },
        { $0 >= threshold ? -.infinity : .infinity },
        { Double(threshold - $0) },
        { $0 >= threshold ? -1e-9 : 1e9 - Double($0) },
        { $0 >= threshold ? -1e9 : 1e-9 },
      ]
      for value in values {
        let (found, tried) = try search(upTo: most, least: false, value)
        #expect(found == threshold)
        #expect(tried.count <= 40)
      }
    }
  }

  @Test func outOfReachGivesTheMost() throws {
    let (found, tried) = try search(upTo: 100, least: false) {
      1 / Double($0)
    }
    #expect(found == 100)
    #expect(tried.last == 100)
  }

  /// Where the excess is not monotone: what is found reaches the target, and
  /// the number before it was tried and does not.
  @Test func promiseForAnyFunction() throws {
    for seed in 0..<200 {
      var data = TestData(state: UInt64(seed))
      let values = (0..<80).map { 1 - Double($0) / 40 + data.unit() - 0.5 }
      let (found, tried) = try search(upTo: 80, least: false) {
        values[$0 - 1]
      }
      if values[found - 1] > 0 {
        #expect(found == 80)
      } else if found > 1 {
        #expect(tried.contains(found - 1))
        #expect(values[found - 2] > 0)
      }
    }
  }

  @Test func errorsComeThrough() throws {
    let search = try ComponentSearch(upTo: 9)
    let attempt = { (count: Int) throws(FitError) -> Double in
      if count == 4 { throw .noPoints }
      return -Double(count)
    }
    #expect(throws: FitError.noPoints) {
      try search.least(by: { $0 }, attempt)
    }
  }
}
