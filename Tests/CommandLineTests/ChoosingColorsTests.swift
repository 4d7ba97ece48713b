import Foundation
import QuantizeKit
import Testing
import _TestSupport

/// `-k auto` and targets as a user runs them.
@Suite struct ChoosingColorsTests {
  private let photo = TestRasters.noisyGradient(width: 80, height: 60)

  @Test(arguments: [
    ["-k", "auto", "--k-max", "40"], ["-k", "auto", "--criterion", "aic"],
    ["--target-psnr", "28"], ["--target-delta-e", "4", "--cprime", "3"],
    ["-k", "auto", "--target-psnr", "24", "--target-delta-e", "5"],
    ["--target-psnr", "10", "--cprime", "3"],
  ])
  func writesWhatThatNumberWrites(arguments: [String]) throws {
    let bench = try Workbench()
    try bench.write(photo, to: "a.png")
    let common = ["a.png", "--seed", "7", "--report"]
    let run = try bench.run(common + ["r.json", "-o", "b.png"] + arguments)
    #expect(run.status == 0, "\(run.error)")
    #expect(run.error.isEmpty)
    let report = try JSONDecoder().decode(
      Report.self, from: Data(try bench.read("r.json")))
    let selection = try #require(report.selection)
    #expect(selection.candidates.contains { $0.k == report.k })
    #expect(selection.kMax == (arguments.contains("--k-max") ? 40 : 256))
    #expect(report.k <= selection.kMax)
    if let decibels = selection.targetPsnr {
      #expect(report.psnr.value >= decibels)
      #expect(selection.criterion == nil)
    }
    if let difference = selection.targetDeltaE {
      let chosen = selection.candidates.first { $0.k == report.k }
      #expect(try #require(chosen?.deltaE) <= difference)
    }
    if selection.criterion != nil {
      let least = selection.candidates.min { $0.value ?? 0 < $1.value ?? 0 }
      #expect(least?.k == report.k)
    }

    let again = try bench.run(
      common + [
        "s.json", "-o", "c.png", "-k", "\(report.k)", "--cprime",
        "\(report.cprime)", "--threads", "1",
      ])
    #expect(again.status == 0)
    #expect(try bench.read("b.png") == (try bench.read("c.png")))
    let alone = try JSONDecoder().decode(
      Report.self, from: Data(try bench.read("s.json")))
    #expect(alone.selection == nil)
    #expect(alone.means == report.means)
    let text = String(decoding: try bench.read("s.json"), as: UTF8.self)
    #expect(!text.contains("selection"))
  }

  /// Greys that pass into each other: by F of k-means with D = 1, one colour
  /// would be best.
  @Test func greysGetMoreThanOneColor() throws {
    let bench = try Workbench()
    var generator = Generator(seed: 5)
    let image = TestRasters.make(width: 120, height: 90) { x, _ in
      let noise = (0..<6).reduce(0) { sum, _ in
        sum + Int(generator.next() >> 40) % 18
      }
      let grey = UInt32(clamping: x + noise)
      return grey << 16 | grey << 8 | grey
    }
    try bench.write(image, to: "a.png")
    let run = try bench.run(
      ["a.png", "-k", "auto", "-o", "b.png", "--report", "r.json"])
    #expect(run.status == 0)
    #expect(run.error.isEmpty, "\(run.error)")
    let report = try JSONDecoder().decode(
      Report.self, from: Data(try bench.read("r.json")))
    #expect((2...100).contains(report.k), "\(report.k)")
    #expect(report.cprime == 1)
    let again = try bench.run(["a.png", "-k", "\(report.k)", "-o", "c.png"])
    #expect(again.status == 0)
    #expect(try bench.read("c.png") == bench.read("b.png"))
  }

  @Test func verboseShowsWhatIsTried() throws {
    let bench = try Workbench()
    try bench.write(photo, to: "a.png")
    let run = try bench.run(["a.png", "-k", "auto", "--k-max", "3", "-v"])
    #expect(run.status == 0)
    let lines = run.errorLines
    #expect(lines.count == 5)
    #expect(lines[0].hasPrefix("k 1: criterion "))
    #expect(lines[2].hasPrefix("k 3: criterion "))
    let target = try bench.run([
      "a.png", "-o", "b.png", "--target-psnr", "9", "-v",
    ])
    #expect(target.errorLines.first?.hasPrefix("k 1: PSNR ") == true)
  }

  @Test func targetsOutOfReach() throws {
    let bench = try Workbench()
    try bench.write(photo, to: "a.png")
    let run = try bench.run([
      "a.png", "--target-psnr", "50", "--k-max", "16",
    ])
    #expect(run.status == 65)
    #expect(run.errorLines.count == 1)
    for word in ["a.png", "PSNR 50.0 dB", "16 colours", "--k-max"] {
      #expect(run.error.contains(word), "\(run.error)")
    }
    #expect(try bench.names() == ["a.png"])
  }

  @Test func contradictions() throws {
    let bench = try Workbench()
    try bench.write(photo, to: "a.png")
    try bench.write(Array("[[1,2,3]]".utf8), to: "i.json")
    let cases: [([String], [String])] = [
      (["-k", "16", "--target-psnr", "30"], ["-k 16", "--target-psnr"]),
      (["-k", "16", "--target-delta-e", "3"], ["-k 16", "--target-delta-e"]),
      (["--criterion", "bic"], ["--criterion", "-k auto"]),
      (["-k", "9", "--criterion", "bic"], ["--criterion", "-k auto"]),
      (["-k", "auto", "--criterion", "mdl"], ["mdl", "bic or aic"]),
      (
        ["--criterion", "aic", "--target-psnr", "30"],
        ["--criterion", "--target-psnr"]
      ),
      (["--k-max", "9"], ["--k-max", "-k auto"]),
      (["-k", "auto", "--k-max", "0"], ["--k-max", "1 to 65536, not 0"]),
      (["-k", "auto", "--k-max", "65537"], ["--k-max", "not 65537"]),
      (["-k", "auto", "--k-max", "-1"], ["--k-max", "not -1"]),
      (["-k", "auto", "--init", "i.json"], ["-k auto", "--init"]),
      (
        ["--target-psnr", "30", "--init", "i.json"],
        ["--target-psnr", "--init"]
      ),
      (["--target-psnr", "-1"], ["--target-psnr", "-1"]),
      (["--target-psnr", "nan"], ["--target-psnr", "nan"]),
      (["--target-psnr", "inf"], ["--target-psnr", "inf"]),
      (["--target-delta-e", "-0.5"], ["--target-delta-e", "-0.5"]),
      (["--target-delta-e", "nan"], ["--target-delta-e", "nan"]),
      (["--target-delta-e", "x"], ["--target-delta-e", "x"]),
      (["-k", "automatic"], ["automatic"]),
      (
        ["-k", "auto", "--k-max", "9", "--cprime", "10"], ["(9)", "not 10"]
      ),
    ]
    for (arguments, words) in cases {
      let run = try bench.run(["a.png"] + arguments)
      #expect(run.status == 64, "\(arguments): \(run.error)")
      #expect(run.errorLines.count == 1, "\(arguments): \(run.error)")
      for word in words {
        #expect(run.error.contains(word), "\(arguments): \(run.error)")
      }
      #expect(try bench.names() == ["a.png", "i.json"])
    }
  }
}
