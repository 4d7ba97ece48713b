import Foundation
import Rasters
import Testing
import _TestSupport

/// Which command a command line calls, and the help of each.
@Suite struct CommandTests {
  static let commands = [
    "batch", "compare", "fit", "metrics", "palette", "recolor", "segment",
    "serve",
  ]

  private func text(_ arguments: String...) throws -> String {
    let run = try Workbench().run(arguments)
    #expect(run.status == 0, "\(arguments): \(run.error)")
    #expect(run.error.isEmpty)
    return String(decoding: run.output, as: UTF8.self)
  }

  private func refusal(_ arguments: String...) throws -> String {
    let bench = try Workbench()
    let run = try bench.run(arguments)
    #expect(run.status == 64, "\(arguments): \(run.error)")
    #expect(run.errorLines.count == 1, "\(run.error)")
    #expect(run.output.isEmpty)
    #expect(try bench.names().isEmpty)
    return run.error
  }

  @Test(arguments: commands)
  func helpOfACommandIsTheSameEitherWay(command: String) throws {
    let help = try text(command, "--help")
    #expect(help.contains("USAGE: quantize \(command) "))
    #expect(try text("help", command) == help)
    #expect(try text(command, "a.png", "--help", "-k", "0") == help)
  }

  @Test func helpOfTheCommandWithoutAName() throws {
    let help = try text("--help")
    #expect(help.contains("USAGE: quantize <input>"))
    for command in Self.commands {
      #expect(help.contains("\n  \(command) "))
    }
    #expect(try text("help") == help)
    #expect(try text("help", "quantize") == help)
    #expect(try text("a.png", "--help") == help)
  }

  @Test(arguments: [""] + commands)
  func shortHelpFitsAScreen(command: String) throws {
    let arguments = command.isEmpty ? [] : [command]
    let run = try Workbench().run(arguments + ["-h"])
    #expect(run.status == 0)
    let lines = String(decoding: run.output, as: UTF8.self)
      .split(separator: "\n", omittingEmptySubsequences: false).dropLast()
    #expect(lines.count <= 24)
    for line in lines { #expect(line.count <= 80, "\(line)") }
    #expect(lines.contains { $0.hasPrefix("  -q, --quiet ") })
    #expect(lines.last?.contains("--help` shows all options") == true)
    // Combined with other flags too.
    let joined = try Workbench().run(
      arguments + (command == "batch" ? ["-o", "x"] : [])
        + (command == "serve" ? [] : ["a"]) + ["-qh"])
    #expect(joined.output == run.output)
  }

  /// Every daily option is one that the long help knows, or the list is stale.
  @Test(arguments: [""] + commands)
  func shortHelpIsPartOfTheLong(command: String) throws {
    let arguments = command.isEmpty ? [] : [command]
    let bench = try Workbench()
    let short = String(
      decoding: try bench.run(arguments + ["-h"]).output, as: UTF8.self)
    let long = String(
      decoding: try bench.run(arguments + ["--help"]).output, as: UTF8.self)
    let options = short.split(separator: "\n").filter { $0.hasPrefix("  -") }
    #expect(options.count >= 4)
    for option in options {
      let label = option.dropFirst(2).prefix { $0 != " " && $0 != "," }
      #expect(long.contains("  \(label)"))
    }
  }

  /// `compare` had no limits, and `metrics` nothing to be quiet with.
  @Test(arguments: [""] + commands)
  func allCommandsHaveTheCommonOptions(command: String) throws {
    let bench = try Workbench()
    let help = String(
      decoding: try bench.run(
        (command.isEmpty ? [] : [command]) + ["--help"]
      ).output, as: UTF8.self)
    for option in [
      "-q, --quiet", "--threads <n>", "--max-pixels <n>",
      "--max-metadata <n>", "-V, --version",
    ] {
      #expect(help.contains("  \(option)"), "\(option)")
    }
  }

  @Test(arguments: [
    ["compare", "a.png", "-k", "2"], ["compare", "b.png", "a.png"],
    ["metrics", "b.png", "a.png"], ["palette", "a.png"],
    ["segment", "a.png", "-k", "2"], ["a.png"],
  ])
  func limitsHoldForAllCommands(arguments: [String]) throws {
    let bench = try Workbench()
    try bench.write(
      TestRasters.noisyGradient(width: 40, height: 30), to: "a.png")
    try bench.write(
      TestRasters.noisyGradient(width: 10, height: 10), to: "b.png")
    let run = try bench.run(arguments + ["--max-pixels", "100"])
    #expect(run.status == 65)
    #expect(run.error.contains("a.png: the image has 40 x 30 pixels"))
    #expect(try bench.names() == ["a.png", "b.png"])
  }

  /// The rows before the damage are enough for a palette and for segments.
  @Test(arguments: [
    ["palette", "cut.png", "-k", "4", "-o", "p.gpl"],
    ["segment", "cut.png", "-k", "2", "-o", "s.png"],
  ])
  func damagedImagesKeepGoing(arguments: [String]) throws {
    let bench = try Workbench()
    try bench.write(
      TestRasters.noisyGradient(width: 90, height: 300), to: "a.png")
    let whole = try bench.read("a.png")
    try bench.write(Array(whole.prefix(whole.count * 2 / 3)), to: "cut.png")
    #expect(try bench.run(arguments).status == 65)
    let run = try bench.run(arguments + ["--keep-going"])
    #expect(run.status == 0, "\(run.error)")
    #expect(run.error.contains("cut.png: warning: "))
  }

  @Test(arguments: [
    ("palete", "palette"), ("bach", "batch"), ("segmnet", "segment"),
    ("metric", "metrics"),
  ])
  func mistypedCommands(word: String, command: String) throws {
    #expect(
      try refusal(word, "photo.jpg").contains(
        "there is no command or file “\(word)”; did you mean "
          + "`quantize \(command)`?"))
    #expect(try refusal("help", word).contains("quantize help \(command)"))
  }

  @Test func aFileOfSuchANameIsRead() throws {
    let bench = try Workbench()
    try bench.write(
      TestRasters.noisyGradient(width: 9, height: 5), to: "palete")
    #expect(try bench.run(["palete", "-k", "2"]).status == 0)
    // A name that looks like no command is the input, which is not there.
    let run = try bench.run(["photo"])
    #expect(run.status == 66)
    #expect(run.error.contains("photo: there is no such file"))
  }

  @Test func commandsComeFirst() throws {
    #expect(
      try refusal("-q", "batch", "a.png").contains("the command comes first"))
    #expect(
      try refusal("help", "nothing").contains(
        "use batch, compare, fit, metrics, palette, recolor, segment or serve"))
  }

  @Test func optionsOfOtherCommandsAreNamed() throws {
    #expect(
      try refusal("a.png", "--superpixels", "9").contains(
        "--superpixels is an option of `quantize segment`, not of `quantize`"))
    #expect(
      try refusal("metrics", "a", "b", "--dither=bayer").contains(
        "--dither is an option of `quantize`"))
    #expect(
      try refusal("a.png", "--colours", "9").contains("mean '--colors'"))
  }

  @Test(arguments: ["bash", "zsh", "fish"])
  func completionScripts(shell: String) throws {
    let script = try text("--generate-completion-script", shell)
    for word in Self.commands + ["floyd-steinberg", "skip-if-larger"] {
      #expect(script.contains(word))
    }
    #expect(try text("--generate-completion-script=\(shell)") == script)
  }

  @Test func completionsForAnUnknownShell() throws {
    #expect(
      try refusal("--generate-completion-script", "csh").contains("csh"))
    #expect(try refusal("--generate-completion-script").contains("zsh"))
  }
}
