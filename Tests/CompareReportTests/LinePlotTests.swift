import CompareReport
import Foundation
import Testing

@Suite struct LinePlotTests {
  @Test(arguments: [
    (0.0, 10.0, [0, 2, 4, 6, 8, 10], 0),
    (-13.36, -13.2, [-13.35, -13.3, -13.25, -13.2], 2),
    (0.0, 0.004, [0, 0.001, 0.002, 0.003, 0.004], 3),
    (3.0, 47.0, [10, 20, 30, 40], 0),
  ])
  func ticksAreRound(
    low: Double, high: Double, expected: [Double], decimals: Int
  ) {
    let found = LinePlot.ticks(low...high, about: 5)
    #expect(found.decimals == decimals)
    #expect(found.values.count == expected.count)
    for (a, b) in zip(found.values, expected) { #expect(abs(a - b) < 1e-9) }
  }

  @Test func linesGoWhereTheirPointsAre() throws {
    let plot = LinePlot(
      series: [
        LinePlot.Series(
          name: "a", style: .marked(0), points: [(1, 0), (2, 1), (4, 1)])
      ], xTitle: "x", yTitle: "y", label: "l", isLogarithmic: true)
    let svg = plot.svg().text
    let path = try #require(
      svg.firstMatch(
        of: /<path class="line s0" d="M(\S+) (\S+)L(\S+) (\S+)L(\S+) (\S+)"/)
    )
    let numbers = [
      path.1, path.2, path.3, path.4, path.5, path.6,
    ].compactMap { Double($0) }
    #expect(numbers.count == 6)
    // Doublings are equal steps; a greater y is higher.
    #expect(abs((numbers[4] - numbers[2]) - (numbers[2] - numbers[0])) < 0.2)
    #expect(numbers[1] > numbers[3])
    #expect(numbers[3] == numbers[5])
    #expect(svg.matches(of: /<circle/).count == 3)
  }

  @Test func oddNumbersMakeNoOddPlots() {
    for points in [
      [], [(1.0, 2.0)], [(1.0, 5.0), (2.0, 5.0)],
      [(1.0, .infinity), (2.0, .nan)],
    ] as [[(Double, Double)]] {
      let plot = LinePlot(
        series: [
          LinePlot.Series(name: "a", style: .plain(9), points: points)
        ], xTitle: "x", yTitle: "y", label: "l", isLogarithmic: false)
      let svg = plot.svg().text
      #expect(svg.matches(of: /[ "ML](nan|inf)/).isEmpty)
      #expect(svg.hasSuffix("</svg>"))
    }
  }

  @Test func stylesRepeatInADistinctWay() {
    let styles = (0..<16).map { LinePlot.Style.plain($0).classes }
    #expect(Set(styles).count == 16)
  }
}
