import Foundation
import Testing
import _TestSupport

/// What a person reads on a terminal after a job; the terminal is that of the
/// program `script`.
@Suite(
  .enabled(
    if: FileManager.default.fileExists(atPath: "/usr/bin/script"),
    "there is no program “script” to make a terminal"))
struct SummaryTests {
  private static let longName = String(repeating: "x", count: 90) + ".png"

  /// The lines that the command shows on a terminal without colours.
  private func lines(_ arguments: String) throws -> [String] {
    let bench = try Workbench()
    try bench.write(
      TestRasters.noisyGradient(width: 60, height: 40), to: "a.png")
    try bench.write(
      TestRasters.noisyGradient(width: 60, height: 40), to: "seen.png")
    try bench.write(
      TestRasters.noisyGradient(width: 60, height: 40),
      to: Self.longName)
    try bench.write([], to: "shown")
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/script")
    process.arguments = [
      "-qefc", "NO_COLOR=1 '\(Workbench.command.path)' \(arguments)", "shown",
    ]
    process.currentDirectoryURL = bench.folder
    process.standardInput = FileHandle.nullDevice
    process.standardOutput = FileHandle.nullDevice
    try process.run()
    process.waitUntilExit()
    #expect(process.terminationStatus == 0)
    return String(decoding: try bench.read("shown"), as: UTF8.self)
      .split(whereSeparator: \.isNewline)
      // What erases a progress line takes no room.
      .map { String($0).replacing("\u{1B}[K", with: "") }
      .filter { !$0.hasPrefix("Script ") }
  }

  @Test func ofAnImage() throws {
    let shown = try lines("a.png -k 4 -o b.png --palette-out p.gpl")
    try #require(shown.count == 4)
    #expect(shown[0] == "a.png → b.png, p.gpl")
    #expect(shown[1].hasPrefix("4 colours  #"))
    #expect(
      shown[2].wholeMatch(of: /PSNR \d+\.\d\d dB, ΔE \d+\.\d\d/) != nil)
    #expect(shown[3].wholeMatch(of: /.*B → .*B \(\d+ %\), .* s/) != nil)
    #expect(!shown.joined().contains("σ²"))
  }

  @Test func verboseSaysHowWellTheMixtureFits() throws {
    let shown = try lines("a.png -k 4 -o b.png -v").joined(separator: "\n")
    #expect(shown.contains("nats/pixel, σ² "))
    #expect(shown.contains("total "))
    #expect(shown.contains("a.png → b.png"))
  }

  @Test(arguments: [
    ("palette a.png -k 4 -o p.gpl", "4 colours → p.gpl"),
    (
      "segment a.png -k 2 -o s.png --overlay o.png --regions r.csv",
      "2 labels, "
    ),
    ("compare a.png -k 4 -c 1,2 -o out", "2 images compared → out/index.html"),
  ])
  func ofOtherCommands(arguments: String, text: String) throws {
    let shown = try lines(arguments)
    #expect(shown.last?.hasPrefix(text) == true, "\(shown)")
    if arguments.hasPrefix("segment") {
      #expect(shown.last?.hasSuffix(" → s.png, o.png, r.csv") == true)
    }
    #expect(
      try !lines(arguments + " -q").joined().contains("→"))
  }

  /// The table of a comparison, and the sentence above it, fit 80 columns and
  /// keep whole words.
  @Test(
    arguments: [
      "-k 16 -c 1,2,4", "-k 8,16 -c 1,2", "-k 9",
      "-k 64 -c 16 --space oklab,srgb --dither none,floyd-steinberg",
      "-k 100 -c 64 --space linear --dither blue-noise --seed 1,123456",
      "seen.png a.png", "--reference seen.png \(longName)",
    ])
  func comparisonsFit(arguments: String) throws {
    let shown = try lines("compare a.png \(arguments)")
      .filter {
        !$0.hasPrefix("Script ") && !$0.hasPrefix("quantize: ") && !$0.isEmpty
      }
    #expect(shown.allSatisfy { $0.count <= 80 }, "\(shown)")
    let text = shown.joined(separator: "\n")
    for word in ["PSNR", "ΔE₀₀", "size"] {
      #expect(text.contains(word), "\(text)")
    }
    if !arguments.contains("png") {
      #expect(text.contains("smallest error") || text.contains("has a PSNR"))
    }
  }

  /// Data that goes to the terminal is not mixed with words about it.
  @Test func notWhereDataGoes() throws {
    let shown = try lines("a.png -k 4 -o b.png --report -")
    #expect(!shown.contains { $0.contains("→") })
    #expect(try !lines("palette a.png -k 4").joined().contains("→"))
  }
}
