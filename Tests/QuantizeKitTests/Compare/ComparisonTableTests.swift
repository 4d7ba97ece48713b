import Foundation
import QuantizeKit
import Testing

@Suite struct ComparisonTableTests {
  private func report(names: [String]) throws -> ComparisonReport {
    let rows = names.map { name in
      [
        "name": name, "mse": 1.5, "psnr": NSNull(), "colors": 3, "bytes": 70,
        "deltaE2000": ["mean": 0.25, "p95": 0.5],
      ] as [String: Any]
    }
    let object: [String: Any] = [
      "tool": ["name": "quantize", "version": "0"],
      "original": [
        "file": "a.png", "width": 1, "height": 2, "bytes": 3,
        "distinctColors": 2,
      ], "rows": rows,
    ]
    return try JSONDecoder().decode(
      ComparisonReport.self,
      from: try JSONSerialization.data(withJSONObject: object))
  }

  @Test func cellsAreQuotedWhereTheyMust() throws {
    let csv = ComparisonTable.csv(
      try report(names: ["a,b", "say \"hi\"", "=1+2", "plain"]))
    #expect(
      csv
        == """
        name,mse,psnr,deltaE2000.mean,deltaE2000.p95,colors,bytes
        "a,b",1.5,inf,0.25,0.5,3,70
        "say ""hi""\",1.5,inf,0.25,0.5,3,70
        '=1+2,1.5,inf,0.25,0.5,3,70
        plain,1.5,inf,0.25,0.5,3,70

        """.replacing("\n", with: "\r\n"))
  }

  /// Programs for tables know no characters with accents, only scalars.
  @Test func accentsHideNothingThatNeedsQuotes() throws {
    let names = ["a\",\u{301}\"\u{301}\"", "=\u{301}1", "b\u{301}"]
    let csv = ComparisonTable.csv(try report(names: names))
    let starts = csv.utf8.split(separator: UInt8(ascii: "\n")).dropFirst()
    let expected = [
      "\"a\"\",\u{301}\"\"\u{301}\"\"\",1.5,", "'=\u{301}1,1.5,",
      "b\u{301},1.5,",
    ]
    #expect(starts.count == 3)
    for (line, start) in zip(starts, expected) {
      #expect(line.starts(with: start.utf8))
    }
  }

  @Test func linesHaveTabs() throws {
    let lines = ComparisonTable.lines(try report(names: ["a,b"]))
    #expect(lines.hasSuffix("\na,b\t1.5\tinf\t0.25\t0.5\t3\t70\n"))
  }

  @Test func reportsSurviveJSON() throws {
    let report = try report(names: ["x"])
    let again = try JSONDecoder().decode(
      ComparisonReport.self, from: Data(report.json()))
    #expect(again.json() == report.json())
    #expect(again.rows.map(\.psnr) == [Decibels(.infinity)])
  }

  @Test func numbersAreFixed() {
    #expect(NumberText.fixed(-1.25, 1) == "−1.3")
    #expect(NumberText.fixed(-0.01, 1) == "0.0")
    #expect(NumberText.fixed(2.5, 0) == "3")
    #expect(NumberText.fixed(.infinity, 2) == "inf")
    #expect(NumberText.bytes(999) == "999 B")
    #expect(NumberText.bytes(1_500) == "1.5 kB")
    #expect(NumberText.bytes(2_340_000) == "2.3 MB")
    #expect(NumberText.significant(0.0123) == "0.01230")
    #expect(NumberText.significant(8.1234) == "8.123")
  }
}
