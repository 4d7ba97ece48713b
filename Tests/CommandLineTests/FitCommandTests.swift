import Foundation
import Testing
import _TestSupport

/// `quantize fit`, from table to files.
@Suite struct FitCommandTests {
  /// Five clusters in three columns, as CSV.
  private func bench() throws -> Workbench {
    let bench = try Workbench()
    var numbers = Generator(seed: 4)
    func unit() -> Double { Double(numbers.next() >> 11) * 0x1p-53 }
    let centers = (0..<5).map { _ in (0..<3).map { _ in 100 * unit() } }
    func noise() -> Double { 4 * (unit() + unit() + unit() - 1.5) }
    var rows: [String] = []
    for n in 0..<600 {
      let row: [Double] = centers[n % 5].map { $0 + noise() }
      rows.append(row.map { "\($0)" }.joined(separator: ","))
    }
    try bench.write(
      Array(("x,y,z\n" + rows.joined(separator: "\n") + "\n").utf8),
      to: "t.csv")
    return bench
  }

  private struct Report: Decodable {
    let rows: Int
    let columns: Int
    let columnNames: [String]?
    let k: Int
    let cprime: Int
    let covariance: String
    let mixing: String
    let iterations: Int?
    let converged: Bool?
    let ending: String?
    let rejectedSteps: Int?
    let freeEnergy: [Double]?
    let distances: [Int]?
    let finalFreeEnergy: Double
    let inertia: Double
    let sizes: [Double]
    let means: [[Double]]
  }

  private func report(
    _ bench: Workbench, _ arguments: [String]
  ) throws -> Report {
    let run = try bench.run(["fit"] + arguments)
    #expect(run.status == 0, "\(arguments): \(run.error)")
    return try JSONDecoder().decode(Report.self, from: Data(run.output))
  }

  @Test func reportsByDefault() throws {
    let bench = try bench()
    let report = try report(bench, ["t.csv", "-k", "5"])
    #expect(report.rows == 600 && report.columns == 3 && report.k == 5)
    #expect(report.columnNames == ["x", "y", "z"] && report.cprime == 1)
    #expect(report.sizes == [120, 120, 120, 120, 120])
    #expect(report.converged == true && report.ending == "tolerance")
    #expect(
      report.means.count == 5 && report.means.allSatisfy { $0.count == 3 })
  }

  /// Every kind of mixture: F never falls, and a stored model says the same.
  @Test(
    arguments: ["shared", "per-component", "diagonal", "full"],
    ["equal", "learned"])
  func fitsAndPredicts(covariance: String, mixing: String) throws {
    let bench = try bench()
    for cprime in ["1", "2", "5"] {
      let fitted = try report(
        bench,
        [
          "t.csv", "-k", "5", "-c", cprime, "--covariance", covariance,
          "--mixing", mixing, "--model", "m.npz", "--labels", "l.txt",
          "--responsibilities", "r.npz", "--report", "-", "--force",
        ])
      let values = try #require(fitted.freeEnergy)
      for (old, new) in zip(values, values.dropFirst()) {
        #expect(new >= old - 1e-12 * abs(old))
      }
      #expect(fitted.finalFreeEnergy >= (values.last ?? .infinity) - 1e-12)
      #expect(fitted.covariance == covariance && fitted.mixing == mixing)
      let again = try report(
        bench,
        [
          "--predict", "m.npz", "t.csv", "--labels", "p.txt", "--report", "-",
          "--responsibilities", "q.npz", "--force",
        ])
      #expect(again.iterations == nil && again.converged == nil)
      #expect(again.cprime == fitted.cprime)
      #expect(
        abs(again.finalFreeEnergy - fitted.finalFreeEnergy) < 1e-12)
      for (a, b) in zip(again.sizes, fitted.sizes) {
        #expect(abs(a - b) < 1e-9)
      }
      #expect(again.covariance == covariance)
      #expect(try bench.read("l.txt") == bench.read("p.txt"))
      #expect(try bench.read("r.npz") == bench.read("q.npz"))
    }
  }

  /// Weights are repetitions.
  @Test func weighsRows() throws {
    let bench = try bench()
    let rows = try String(decoding: bench.read("t.csv"), as: UTF8.self)
      .split(separator: "\n").dropFirst()
    let counts = rows.indices.map { 1 + $0 % 3 }
    try bench.write(
      Array(counts.map { "\($0)\n" }.joined().utf8), to: "w.csv")
    let repeated = zip(rows, counts).flatMap { row, count in
      [String](repeating: "\(row)\n", count: count)
    }
    try bench.write(Array(repeated.joined().utf8), to: "r.csv")
    try bench.write(
      Array(rows.prefix(5).joined(separator: "\n").utf8), to: "start.csv")
    let options = ["--init", "start.csv", "-c", "2", "--max-iterations", "9"]
    let weighed = try report(
      bench, ["t.csv", "--weights", "w.csv"] + options)
    let plain = try report(bench, ["r.csv"] + options)
    #expect(weighed.k == 5)
    for (a, b) in zip(weighed.freeEnergy ?? [], plain.freeEnergy ?? []) {
      #expect(abs(a - b) < 1e-9)
    }
    #expect(weighed.iterations == plain.iterations)
  }

  /// Neighbourhoods of all are an exact E-step; small ones look at less, and F
  /// does not fall.
  @Test func looksAmongNeighbours() throws {
    let bench = try bench()
    func fit(_ neighbours: String) throws -> Report {
      try report(
        bench,
        [
          "t.csv", "-k", "60", "-c", "2", "--neighbours", neighbours,
          "--acceleration", "none",
        ])
    }
    let exact = try fit("all")
    let wide = try fit("60")
    let few = try fit("3")
    #expect(abs(exact.finalFreeEnergy - wide.finalFreeEnergy) < 1e-9)
    #expect(exact.distances?.count == exact.iterations)
    let values = few.freeEnergy ?? []
    for (old, new) in zip(values, values.dropFirst()) {
      #expect(new >= old - 1e-12 * abs(old))
    }
    #expect((few.distances?.last ?? .max) < 600 * 60 / 4)
  }

  /// Points far from zero are fitted like the same near it.
  @Test(arguments: ["shared", "per-component", "diagonal", "full"])
  func offsetsDoNotMatter(covariance: String) throws {
    let bench = try bench()
    let offset = 0x1p45
    for (name, step) in [("near", 0.0), ("far", offset)] {
      let rows = (0..<400).map { n -> String in
        // Multiples of 1/64 are exact either way.
        let (x, y) = (n % 2 * 9 * 64 + n * 37 % 64, n * 101 % 97)
        return
          "\(Double(x) / 64 + step),\(Double(y) / 64 - step),\(step + 0.5)\n"
      }
      try bench.write(Array(rows.joined().utf8), to: "\(name).csv")
    }
    for cprime in ["1", "2"] {
      let (near, far) = (
        try report(
          bench,
          ["near.csv", "-k", "3", "-c", cprime, "--covariance", covariance]),
        try report(
          bench,
          [
            "far.csv", "-k", "3", "-c", cprime, "--covariance", covariance,
            "--model", "m.npz", "--report", "-", "--force",
          ])
      )
      let (a, b) = (near.freeEnergy ?? [], far.freeEnergy ?? [])
      #expect(a.count == b.count)
      for (a, b) in zip(a, b) { #expect(abs(a - b) < 1e-9) }
      for (old, new) in zip(b, b.dropFirst()) { #expect(new >= old - 1e-12) }
      for (a, b) in zip(near.means.joined(), far.means.joined()) {
        #expect(abs(abs(b - a) - offset) <= 0.01)
      }
      let again = try report(bench, ["--predict", "m.npz", "far.csv"])
      #expect(abs(again.finalFreeEnergy - far.finalFreeEnergy) < 0.01)
    }
  }

  @Test func threadsAndFormatsDoNotMatter() throws {
    let bench = try bench()
    var expected: [UInt8]?
    for threads in ["1", "2", "5"] {
      let run = try bench.run([
        "fit", "t.csv", "-k", "7", "-c", "3", "--covariance", "full",
        "--model", "m.npz", "--labels", "l.npy", "--responsibilities", "r.npy",
        "--threads", threads, "--force",
      ])
      #expect(run.status == 0 && run.output.isEmpty && run.error.isEmpty)
      let written = try ["m.npz", "l.npy", "r.npy"].flatMap {
        try bench.read($0)
      }
      #expect(expected == nil || expected == written)
      expected = written
    }
    // A table from standard input.
    let piped = try bench.run(
      ["fit", "-", "-k", "7", "-c", "3", "--labels", "-"],
      input: try bench.read("t.csv"))
    let named = try bench.run(
      ["fit", "t.csv", "-k", "7", "-c", "3", "--labels", "-"])
    #expect(piped.status == 0 && piped.output == named.output)
    #expect(piped.output.split(separator: 10).count == 600)
  }

  @Test func choosesColumnsAndWarnsOfScales() throws {
    let bench = try bench()
    let two = try report(bench, ["t.csv", "-k", "5", "--columns", "z,x"])
    #expect(two.columnNames == ["z", "x"])
    try bench.write(
      Array("a,b\n1,1000\n2,5000\n3,9000\n4,7000\n".utf8), to: "s.csv")
    let run = try bench.run(["fit", "s.csv", "-k", "2"])
    #expect(run.status == 0)
    #expect(
      run.error.contains("column “b” varies") && run.error.contains("“a”"))
    let matrices = try bench.run(
      ["fit", "s.csv", "-k", "2", "--covariance", "diagonal"])
    #expect(matrices.error.isEmpty)
    let quiet = try bench.run(["fit", "s.csv", "-k", "2", "-q"])
    #expect(quiet.error.isEmpty)
    try bench.write(Array("1e60,1e-60\n3e60,2e-60\n".utf8), to: "w.csv")
    #expect(try bench.run(["fit", "w.csv", "-k", "1"]).status == 0)
  }

  /// A model finds its columns by their names, wherever they are.
  @Test func predictsByNames() throws {
    let bench = try bench()
    try bench.write(
      Array("height,width\n1,100\n2,90\n50,5\n51,4\n".utf8), to: "a.csv")
    try bench.write(
      Array("width,id,height\n99,x,1\n5,y,49\n".utf8), to: "b.csv")
    let fitted = try bench.run(
      ["fit", "a.csv", "-k", "2", "--model", "m.npz", "--labels", "-"])
    let labels = String(decoding: fitted.output, as: UTF8.self)
      .split(separator: "\n")
    let found = try bench.run(
      ["fit", "--predict", "m.npz", "b.csv", "--labels", "-"])
    #expect(found.status == 0, "\(found.error)")
    #expect(
      String(decoding: found.output, as: UTF8.self).split(separator: "\n")
        == [labels[0], labels[2]])
  }

  /// One line, the right status, and no file.
  @Test func refusesInOneLine() throws {
    let bench = try bench()
    try bench.write(Array("1,2\n3,four\n".utf8), to: "bad.csv")
    for (name, text) in [
      ("two", "1,2\n3,4\n"), ("other", "a,b,c\n1,2,3\n"),
      ("large", "1e160\n-1e160\n"), ("near", "0\n1e-160\n"),
      ("wide", "1,2,3,4,5,6,7\n7,6,5,4,3,2,1\n"),
      ("bad-weights", "-1\n1\n"), ("mixed", "id,1\na,2\n"),
    ] {
      try bench.write(Array(text.utf8), to: "\(name).csv")
    }
    let model = try bench.run(["fit", "t.csv", "-k", "3", "--model", "m.npz"])
    #expect(model.status == 0)
    let before = try bench.names()
    let cases: [([String], Int32, String)] = [
      (["t.csv"], 64, "-k"), (["t.csv", "-k", "0"], 64, "-k must be"),
      (["t.csv", "-k", "601"], 64, "600 rows"),
      (["t.csv", "-k", "3", "-c", "4"], 64, "--cprime must be 1"),
      (["none.csv", "-k", "3"], 66, "no such file"),
      (["bad.csv", "-k", "1"], 65, "line 2, column 2"),
      (["m.npz", "-k", "1", "--columns", "9"], 65, "“9”"),
      (["t.csv", "-k", "3", "--columns", "w"], 65, "“w”"),
      (["t.csv", "-k", "3", "--columns", ",", "-q"], 64, "--columns must"),
      (["t.csv", "-k", "3", "--weights", "two.csv"], 65, "600 rows"),
      (["t.csv", "--init", "two.csv"], 65, "columns, but"),
      (["t.csv", "--init", "t.csv", "-k", "3"], 64, "-k is 3"),
      (["t.csv", "--init", "t.csv", "--seed", "3"], 64, "no search"),
      (["--predict", "t.csv", "t.csv"], 65, "t.csv"),
      (["--predict", "m.npz", "two.csv"], 65, "2 columns"),
      (["--predict", "m.npz", "other.csv"], 65, "a, b, c"),
      (["large.csv", "-k", "1"], 65, "scale"),
      (["near.csv", "-k", "1"], 65, "scale"),
      (["two.csv", "-k", "1", "--weights", "bad-weights.csv"], 65, "weights"),
      (["-", "-k", "1", "--weights", "-"], 64, "only once"),
      ([".", "-k", "1"], 66, "folder"),
      (["t.csv", "-k", "1", "--model", "-"], 64, "the model goes to a file"),
      (["t.csv", "-k", "1", "--labels", "l.png"], 64, ".npy"),
      (["mixed.csv", "-k", "1"], 65, "--no-header"),
      (["--predict", "m.npz", "t.csv", "-k", "3"], 64, "nothing is fitted"),
      (
        ["--predict", "m.npz", "t.csv", "--acceleration", "none"], 64,
        "nothing is fitted"
      ),
      (["t.csv", "-k", "3", "--neighbours", "0"], 64, "or all"),
      (["t.csv", "-k", "3", "--neighbours", "few"], 64, "or all"),
      (
        ["t.csv", "-k", "3", "--neighbours", "2", "--covariance", "full"], 64,
        "--covariance shared"
      ),
      (
        ["t.csv", "-k", "3", "--neighbours", "2", "--mixing", "learned"], 64,
        "--mixing equal"
      ),
      (["wide.csv", "-k", "1", "--neighbours", "2"], 64, "6 columns, not 7"),
      (
        [
          "t.csv", "-k", "3", "--neighbours", "2", "--acceleration",
          "anderson",
        ], 64, "cannot be accelerated"
      ),
      (["--predict", "m.npz", "t.csv", "--neighbours", "3"], 64, "nothing"),
      (["t.csv", "-k", "3", "--model", "m.npz"], 73, "exists"),
      (["t.csv", "-k", "3", "--model", "m.txt"], 64, ".npz"),
      (["t.csv", "-k", "3", "--labels", "t.csv", "--force"], 73, "t.csv"),
      (
        ["t.csv", "-k", "3", "--labels", "-", "--report", "-"], 64,
        "standard output"
      ),
    ]
    for (arguments, status, words) in cases {
      let run = try bench.run(["fit"] + arguments)
      #expect(run.status == status, "\(arguments): \(run.error)")
      #expect(run.error.contains(words), "\(arguments): \(run.error)")
      #expect(run.error.split(separator: "\n").count == 1, "\(run.error)")
      #expect(run.output.isEmpty)
    }
    #expect(try bench.names() == before)
  }
}
