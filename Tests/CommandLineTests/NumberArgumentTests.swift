import Testing
import _TestSupport

/// Numbers that look like other numbers are refused, never guessed at.
@Suite struct NumberArgumentTests {
  private func run(_ arguments: [String]) throws -> CommandRun {
    let bench = try Workbench()
    try bench.write(
      TestRasters.noisyGradient(width: 20, height: 15), to: "a.png")
    return try bench.run(arguments)
  }

  /// Most of these were taken for almost no memory.
  @Test(arguments: [
    "0x10", "1e3", "+5", "5.0", "0.5", "-1", "0", "M", "", "1.5", ".M", "nan",
    "1 M", "5MB", "99999999999T",
  ])
  func sizesThatAreNone(size: String) throws {
    for arguments in [["a.png"], ["batch", "a.png", "-o", "out"]] {
      let run = try run(arguments + ["--memory", size])
      #expect(run.status == 64, "\(size): \(run.error)")
      #expect(run.error.contains("--memory"))
      #expect(run.error.contains("such as 500M or 4G"))
    }
  }

  @Test(arguments: ["500M", "0.5g", "1.5T", "4G", "1073741824", "65536k"])
  func sizes(size: String) throws {
    let run = try run(["a.png", "-k", "2", "--memory", size])
    #expect(run.status == 0, "\(run.error)")
  }

  @Test(arguments: [
    ("-k", "+5"), ("-k", "0x10"), ("-k", "1e1"), ("-k", "5.0"), ("-c", "+1"),
    ("--k-max", "0x10"), ("--effort", "+3"), ("--speed", "3.0"),
    ("--max-iterations", "1e1"), ("--seed", "+7"), ("--seed", "0x7"),
    ("--threads", "+1"), ("--threads", "1e0"), ("--posterize", "+1"),
    ("--alpha-threshold", "0x80"), ("--compression", "+9"),
    ("--jpeg-quality", "9e1"), ("--soft-depth", "+8"), ("-Q", "+60"),
    ("--max-pixels", "0x10"), ("--max-pixels", "1e3"), ("--max-pixels", "+5"),
    ("--max-metadata", "5.0"), ("--tolerance", "0x1p-3"),
    ("--balance", "+0.5"), ("--target-psnr", "0x20"),
  ])
  func numbersThatAreNone(option: String, value: String) throws {
    let run = try run(["a.png", option, value])
    #expect(run.status == 64, "\(option) \(value): \(run.error)")
    #expect(run.errorLines.count == 1)
    #expect(
      run.error.contains("The value '\(value)' is invalid for '\(option)"))
  }

  @Test(arguments: [
    ("-k", "4,+8"), ("-c", "0x1"), ("--seed", "1e1"),
  ])
  func listsOfNumbers(option: String, value: String) throws {
    let run = try run(["compare", "a.png", option, value])
    #expect(run.status == 64)
    #expect(run.error.contains("separated by commas"))
  }

  @Test func fractionsMayHaveAnExponent() throws {
    let run = try run([
      "a.png", "-k", "2", "--tolerance", "1e-3", "--balance", "0.5",
    ])
    #expect(run.status == 0, "\(run.error)")
  }
}
