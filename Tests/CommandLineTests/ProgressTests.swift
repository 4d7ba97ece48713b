import Foundation
import Testing
import _TestSupport

/// What is shown on a terminal while somebody waits: here for an input that is
/// late. The terminal is that of the program `script`.
@Suite(
  .enabled(
    if: FileManager.default.fileExists(atPath: "/usr/bin/script"),
    "there is no program “script” to make a terminal"))
struct ProgressTests {
  /// Runs the command with a terminal, and an input that comes when a condition
  /// of the shell is true.
  private func watch(
    _ arguments: String, inputWhen condition: String,
    width: Int = 60, height: Int = 40
  ) throws -> (status: Int32, shown: String) {
    let bench = try Workbench()
    try bench.write(
      TestRasters.noisyGradient(width: width, height: height), to: "a.png")
    try bench.write([], to: "shown")
    try bench.write(
      Array(
        """
        { for n in $(seq 600); do \(condition) && break; sleep 0.1; done
          cat a.png; } | '\(Workbench.command.path)' \(arguments)
        """.utf8), to: "job")
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/script")
    process.arguments = ["-qefc", "sh job", "shown"]
    process.currentDirectoryURL = bench.folder
    process.standardInput = FileHandle.nullDevice
    process.standardOutput = FileHandle.nullDevice
    try process.run()
    process.waitUntilExit()
    return (
      process.terminationStatus,
      String(decoding: try bench.read("shown"), as: UTF8.self)
    )
  }

  @Test(arguments: [
    "- -k 4 -o b.png", "- -k 4 --memory 1K -o b.png", "palette - -k 4",
    "segment - -k 2 -o b.png", "compare - -k 2,4 -o b", "metrics a.png -",
  ])
  func aLineSaysWhatTakesLong(arguments: String) throws {
    let (status, shown) = try watch(
      arguments, inputWhen: "grep -qE '(reading|measuring) .[0-9]+ s' shown")
    #expect(status == 0, "\(shown)")
    // The line is gone in the end.
    let lines = shown.components(separatedBy: "\r\u{1b}[K")
    let isShown = try Regex("(reading|measuring) .[0-9]+ s.")
    #expect(lines.count > 2)
    #expect(lines.dropFirst().first?.wholeMatch(of: isShown) != nil)
    #expect(lines.last?.contains(isShown) == false)
  }

  /// The second that must pass is spent on waiting. Each job then takes several
  /// times the fifth of a second after which the line is written again.
  @Test(arguments: [
    ("- -k 64 --optimize -o b.png", 1),
    ("- -k 64 --memory 1K -o b.png", 3),
    ("- -k 16 --dither floyd-steinberg --effort 9 -o b.png", 2),
    ("segment - -k 64 --cprime 4 -o b.png --responsibilities c.npz", 1),
    ("compare - -k 8,16 -o b", 1),
    ("palette - -k 250 --effort 9", 1),
  ])
  func aPercentageSaysHowFarAStageIs(arguments: String, scale: Int) throws {
    let (status, shown) = try watch(
      arguments, inputWhen: "grep -qE 'reading .[0-9]+ s' shown",
      width: 1_200 * scale, height: 800 * scale)
    #expect(status == 0, "\(shown)")
    let lines = shown.components(separatedBy: "\r\u{1b}[K")
    let isShown = try Regex("[a-z ]+: [0-9]+ %.* .[0-9]+ s.")
    #expect(lines.contains { $0.wholeMatch(of: isShown) != nil }, "\(shown)")
    #expect(lines.last?.contains(isShown) == false)
  }

  /// Asked to be quiet, or looked at by nobody.
  @Test(arguments: ["-q", "2> error"])
  func elsewhereNothingIsShown(words: String) throws {
    let (status, shown) = try watch(
      "- -k 4 -o b.png \(words); touch error; cat error >&2",
      inputWhen: "[ $n = 30 ]")
    #expect(status == 0, "\(shown)")
    #expect(!shown.contains("reading"))
    #expect(!shown.contains("\u{1b}[K"))
  }
}
