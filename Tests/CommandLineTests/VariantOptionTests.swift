import Foundation
import QuantizeKit
import Testing
import _TestSupport

/// `--mixing` and `--variance` as a user gives them.
@Suite struct VariantOptionTests {
  private let photo = TestRasters.noisyGradient(width: 120, height: 80)

  private func report(
    _ bench: Workbench, _ arguments: [String]
  ) throws -> Report {
    let run = try bench.run(
      ["a.png", "-k", "8", "-o", "b.png", "--force", "--report", "-"]
        + arguments)
    #expect(run.status == 0)
    return try JSONDecoder().decode(Report.self, from: run.output)
  }

  @Test(arguments: [1, 2, 8])
  func reportsWhatWasLearned(cprime: Int) throws {
    let bench = try Workbench()
    try bench.write(photo, to: "a.png")
    let common = ["--cprime", "\(cprime)"]
    let plain = try report(bench, common)
    #expect(plain.mixing == "equal")
    #expect(plain.variance == "shared")
    #expect(plain.proportions == nil)
    #expect(plain.variances == nil)
    let bytes = try bench.read("b.png")
    let named = try report(
      bench, common + ["--mixing", "equal", "--variance", "shared"])
    #expect(named.means == plain.means)
    #expect(named.freeEnergy == plain.freeEnergy)
    #expect(try bench.read("b.png") == bytes)

    let learned = try report(bench, common + ["--mixing", "learned"])
    #expect(learned.mixing == "learned")
    #expect(learned.variances == nil)
    let proportions = try #require(learned.proportions)
    #expect(proportions.count == 8)
    #expect(abs(proportions.reduce(0, +) - 1) < 1e-12)

    let own = try report(
      bench, common + ["--mixing", "learned", "--variance", "per-component"])
    #expect(own.variance == "per-component")
    let variances = try #require(own.variances)
    #expect(variances.count == 8)
    // No component is narrower than the rounding to whole numbers.
    #expect(variances.allSatisfy { $0 >= 1.0 / 12 })
    let average = zip(try #require(own.proportions), variances)
      .map { $0 * $1 }.reduce(0, +)
    #expect(abs(own.sigma2 - average) < 1e-9 * average)
    for report in [learned, own] {
      // The search is the same, and a richer model only adds to F.
      #expect(report.freeEnergy[0] == own.freeEnergy[0])
      let last = try #require(report.freeEnergy.last)
      #expect(last > report.freeEnergy[0])
      #expect(last > (plain.freeEnergy.last ?? .infinity))
      for (a, b) in zip(report.freeEnergy, report.freeEnergy.dropFirst()) {
        #expect(b >= a - 1e-12)
      }
    }
  }

  @Test(arguments: [1, 2])
  func bytesDoNotDependOnThreads(cprime: Int) throws {
    let bench = try Workbench()
    try bench.write(
      TestRasters.noisyGradient(width: 400, height: 300), to: "a.png")
    let runs = try [1, 2, 5].map { threads in
      try bench.run([
        "a.png", "-k", "16", "-c", "\(cprime)", "-o", "-", "--threads",
        "\(threads)", "--max-iterations", "8", "--mixing", "learned",
        "--variance", "per-component",
      ]).output
    }
    #expect(runs[0].count > 1_000)
    #expect(runs.allSatisfy { $0 == runs[0] })
  }

  @Test func initialMeansStartAVariantToo() throws {
    let bench = try Workbench()
    try bench.write(photo, to: "a.png")
    try bench.write(
      Array("[[10, 20, 30], [200, 180, 90], [0, 0, 0]]".utf8), to: "i.json")
    let run = try bench.run([
      "a.png", "--init", "i.json", "-o", "b.png", "--report", "-",
      "--max-iterations", "0", "--mixing", "learned", "--variance",
      "per-component",
    ])
    #expect(run.status == 0)
    let report = try JSONDecoder().decode(Report.self, from: run.output)
    #expect(report.means == [[10, 20, 30], [200, 180, 90], [0, 0, 0]])
    #expect(report.proportions == [Double](repeating: 1.0 / 3, count: 3))
    #expect(
      report.variances == [Double](repeating: report.sigma2, count: 3))
  }

  @Test(arguments: [
    ["--mixing", "some"], ["--variance", "full"], ["--mixing"],
  ])
  func refusesOtherKinds(_ arguments: [String]) throws {
    let bench = try Workbench()
    try bench.write(photo, to: "a.png")
    let run = try bench.run(["a.png", "-o", "b.png"] + arguments)
    #expect(run.status == 64)
    #expect(run.errorLines.count == 1)
    #expect(try bench.names() == ["a.png"])
  }
}
