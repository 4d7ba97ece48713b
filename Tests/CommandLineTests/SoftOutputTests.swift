import Foundation
import ImageFormats
import Testing
import _TestSupport

/// Soft outputs of the command.
@Suite struct SoftOutputTests {
  private static let picture = TestRasters.noisyGradient(width: 32, height: 24)

  private func bench() throws -> Workbench {
    let bench = try Workbench()
    try bench.write(Self.picture, to: "a.png")
    return bench
  }

  private static let all = [
    "--responsibilities", "a.npz", "--responsibilities", "a.exr",
    "--responsibilities", "a.ora", "--responsibilities", "a.tif",
    "--responsibilities", "masks/", "--soft-output", "soft.png",
    "--uncertainty", "doubt.png",
  ]

  @Test func writesEveryFormat() throws {
    let bench = try bench()
    let run = try bench.run(
      ["a.png", "-k", "4", "--cprime", "2", "-o", "b.png"] + Self.all)
    #expect(run.status == 0 && run.error.isEmpty)
    #expect(
      try bench.names() == [
        "a.exr", "a.npz", "a.ora", "a.png", "a.tif", "b.png", "doubt.png",
        "masks", "soft.png",
      ])
    let masks = try FileManager.default.contentsOfDirectory(
      atPath: bench.url("masks").path)
    #expect(masks.count == 5)
    #expect(try bench.read("a.exr").starts(with: [0x76, 0x2f, 0x31, 0x01]))
    #expect(try bench.read("a.npz").starts(with: [0x50, 0x4b, 3, 4]))
    #expect(try bench.read("a.ora")[30..<38] == Array("mimetype".utf8)[...])
    #expect(try bench.read("a.tif").starts(with: [0x49, 0x49, 42, 0]))
  }

  /// Masks in a folder, and files that a library writes by their names.
  @Test(arguments: ["masks/", "a.npz", "a.exr", "a.tif", "a.ora"])
  func interruptedItLeavesNothing(output: String) throws {
    let bench = try Workbench()
    try bench.write(
      TestRasters.noisyGradient(width: 900, height: 700), to: "a.png")
    let running = try RunningCommand(
      bench,
      ["a.png", "-k", "48", "--effort", "1", "-o", "b.png"]
        + ["--responsibilities", output])
    let deadline = Date(timeIntervalSinceNow: 60)
    while try !bench.names().contains(where: { $0.hasPrefix(".quantize-") }),
      Date() < deadline
    {
      usleep(500)
    }
    running.send(SIGINT)
    let run = try running.finish()
    #expect(run.status == 130, "\(run.error)")
    // The standard error of the run is a file beside it.
    let left = try bench.names().filter { !$0.hasPrefix("standard-error") }
    #expect(left == ["a.png"])
  }

  @Test func threadsChangeNothing() throws {
    let bench = try bench()
    for threads in ["1", "4"] {
      let folder = "t\(threads)"
      try FileManager.default.createDirectory(
        at: bench.url(folder), withIntermediateDirectories: false)
      let places = Self.all.map {
        $0.hasPrefix("--") ? $0 : "\(folder)/\($0)"
      }
      let run = try bench.run(
        ["a.png", "-k", "6", "-c", "3", "--threads", threads]
          + ["-o", "\(folder)/b.png"] + places)
      #expect(run.status == 0)
    }
    for name in [
      "a.npz", "a.exr", "a.ora", "a.tif", "soft.png", "doubt.png",
      "masks/index.json",
    ] {
      #expect(try bench.read("t1/\(name)") == bench.read("t4/\(name)"))
    }
  }

  @Test func picturesGoToStandardOutput() throws {
    let bench = try bench()
    let run = try bench.run(
      ["a.png", "-k", "4", "-c", "2", "-o", "b.png", "--soft-output", "-"])
    #expect(run.status == 0)
    let decoded = try ImageDecoder.decode([UInt8](run.output))
    #expect(decoded.raster.size == Self.picture.size)
  }

  @Test func colorsHaveALegend() throws {
    let bench = try bench()
    let run = try bench.run([
      "a.png", "-k", "4", "-c", "2", "-o", "b.png", "--uncertainty", "u.png",
      "--uncertainty-colors",
    ])
    #expect(run.status == 0)
    let decoded = try ImageDecoder.decode(bench.read("u.png"))
    #expect(decoded.raster.size.height > Self.picture.size.height)
  }

  @Test func hardFitsAreAllowed() throws {
    let bench = try bench()
    let run = try bench.run(
      ["a.png", "-k", "4", "-o", "b.png", "--responsibilities", "a.npz"])
    #expect(run.status == 0)
  }

  @Test func foldersAreNeverReplaced() throws {
    let bench = try bench()
    try FileManager.default.createDirectory(
      at: bench.url("masks"), withIntermediateDirectories: false)
    for more in [[], ["--force"]] {
      let run = try bench.run(
        ["a.png", "-k", "4", "-o", "b.png", "--responsibilities", "masks/"]
          + more)
      #expect(run.status == 73)
      #expect(run.errorLines.count == 1)
      #expect(run.error.contains("masks"))
      #expect(run.error.contains("remove it first"))
      #expect(try bench.names() == ["a.png", "masks"])
    }
  }

  @Test func filesAreReplacedByForceOnly() throws {
    let bench = try bench()
    try bench.write([1, 2, 3], to: "a.npz")
    let arguments = [
      "a.png", "-k", "4", "-o", "b.png", "--responsibilities", "a.npz",
    ]
    let refused = try bench.run(arguments)
    #expect(refused.status == 73)
    #expect(try bench.read("a.npz") == [1, 2, 3])
    #expect(try bench.names() == ["a.npz", "a.png"])
    #expect(try bench.run(arguments + ["--force"]).status == 0)
    #expect(try bench.read("a.npz").count > 1_000)
  }

  @Test func nothingIsLeftWhenOneCannotBeWritten() throws {
    let bench = try bench()
    // The first is staged by then.
    let run = try bench.run([
      "a.png", "-k", "4", "-o", "b.png", "--responsibilities", "a.npz",
      "--responsibilities", "none/a.exr",
    ])
    #expect(run.status == 73)
    // The standard error of the run is a file beside it.
    let left = try bench.names().filter { !$0.hasPrefix("standard-error") }
    #expect(left == ["a.png"])
  }

  @Test(
    arguments: [
      (["--responsibilities", "a"], "use .npz"),
      (["--responsibilities", "-"], "use .npz"),
      (["--responsibilities", ""], "empty"),
      (["--soft-output", "a.jpg"], "a PNG"),
      (["--uncertainty", "a.exr"], "a PNG"),
      (["--uncertainty-colors"], "add --uncertainty"),
      (["--soft-depth", "16"], "leave it out"),
      (["--soft-depth", "16", "--uncertainty", "u.png"], "leave it out"),
      (["--soft-depth", "12", "--soft-output", "s.png"], "8, 16 or 32"),
      (["--soft-depth", "8", "--responsibilities", "a.tif"], "not 8"),
      (["--soft-depth", "32", "--responsibilities", "a.ora"], "not 32"),
      (["-k", "65536", "--soft-output", "s.png"], "65535"),
      (["--responsibilities", "b.npz", "-o", "b.npz"], "cannot write"),
      (
        ["--soft-output", "s.png", "--uncertainty", "s.png"],
        "two outputs would go to s.png"
      ),
    ] as [([String], String)])
  func refuses(_ options: [String], _ message: String) throws {
    let bench = try bench()
    let base = options.contains("-k") ? ["a.png"] : ["a.png", "-k", "4"]
    let run = try bench.run(base + options)
    #expect(run.status == 64)
    #expect(run.errorLines.count == 1)
    #expect(run.error.contains(message))
    // The standard error of the run is a file beside it.
    let left = try bench.names().filter { !$0.hasPrefix("standard-error") }
    #expect(left == ["a.png"])
  }
}
