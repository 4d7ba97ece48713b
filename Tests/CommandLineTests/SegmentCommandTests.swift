import Foundation
import ImageFormats
import Rasters
import Testing
import _TestSupport

/// `quantize segment`.
@Suite struct SegmentCommandTests {
  private func bench() throws -> Workbench {
    let bench = try Workbench()
    try bench.write(
      TestRasters.make(width: 40, height: 30) { x, y in
        let shade = UInt32(x + y)
        return y < 15
          ? 0xd00000 + shade : x < 20 ? 0x00c000 + shade : shade << 16 | 0xe0
      }, to: "a.png")
    return bench
  }

  private func run(_ bench: Workbench, _ arguments: [String]) throws {
    let run = try bench.run(["segment", "a.png"] + arguments)
    #expect(run.status == 0, "\(arguments): \(run.error)")
    #expect(run.error.isEmpty)
    #expect(run.output.isEmpty)
  }

  @Test func writesLabels() throws {
    let bench = try bench()
    try run(bench, ["-k", "3"])
    #expect(try bench.names() == ["a-segments.png", "a.png"])
    // Numbers: grey of 8 bits, the darkest segment is 0.
    let header = try bench.read("a-segments.png")
    #expect(Array(header[24..<26]) == [8, 0])
    let raster = try ImageDecoder.decode(header).raster
    let labels = (0..<1200).map { raster.samples[3 * $0] }
    #expect(labels[20 * 40 + 30] == 0)
    #expect(labels[5 * 40 + 5] == 1)
    #expect(labels[20 * 40 + 5] == 2)
    #expect(Set(labels).count == 3)
  }

  /// The same numbers in all formats, and the colours beside them.
  @Test func writesLabelsInAllFormats() throws {
    let bench = try bench()
    try run(
      bench, ["-k", "3", "-o", "l.png", "--label-colors", "c.png"])
    try run(bench, ["-k", "3", "-o", "l.npy"])
    try run(bench, ["-k", "3", "-o", "l.tif"])
    let png = try ImageDecoder.decode(try bench.read("l.png")).raster
    let labels = (0..<1200).map { png.samples[3 * $0] }
    #expect(try Array(bench.read("l.npy").suffix(1200)) == labels)
    let tiff = try ChannelDecoder.decode(try bench.read("l.tif")).image
    #expect(tiff.samples == labels.map { Float($0) })
    let colors = try ImageDecoder.decode(try bench.read("c.png")).raster
    #expect(try Array(bench.read("c.png")[24..<26]) == [2, 3])
    #expect(Array(colors.samples[15..<18]).max() == colors.samples[15])
  }

  /// Superpixels inside a mask, in all that is written.
  @Test func masks() throws {
    let bench = try bench()
    try bench.write(
      TestRasters.make(width: 40, height: 30) { x, _ in x < 25 ? 0x01_0101 : 0
      },
      to: "m.png")
    let options = ["--superpixels", "12", "--mask", "m.png"]
    try run(
      bench,
      options + ["-o", "l.npy", "--regions", "r.csv", "--outlines", "o.svg"])
    let labels = try Array(bench.read("l.npy").suffix(1_200))
    for n in 0..<1_200 { #expect((labels[n] > 0) == (n % 40 < 25)) }
    #expect(Set(labels).count == 13)
    let rows = String(decoding: try bench.read("r.csv"), as: UTF8.self)
      .split(whereSeparator: \.isNewline)
    #expect(rows.count == 13)
    let svg = String(decoding: try bench.read("o.svg"), as: UTF8.self)
    #expect(!svg.contains("id=\"label-0\"") && svg.contains("id=\"label-12\""))
    for (extra, words) in [
      (["--cprime", "2"], "--cprime 2 contradict"),
      (["--responsibilities", "r.npz"], "soft outputs contradict"),
      (["-o", "m.png", "-f"], "m.png"), (["--mask", "a.txt"], "a.txt"),
    ] {
      let run = try bench.run(["segment", "a.png"] + options + extra)
      #expect(run.status != 0, "\(extra)")
      #expect(run.errorLines.count == 1)
      #expect(run.error.contains(words), "\(run.error)")
    }
    let alone = try bench.run(["segment", "a.png", "--mask", "m.png"])
    #expect(alone.status == 64 && alone.error.contains("--superpixels"))
  }

  /// Fewer superpixels are made than are asked for where there are fewer pixels.
  @Test func softOutputsHaveTheSuperpixelsThereAre() throws {
    let bench = try bench()
    try run(
      bench,
      [
        "--superpixels", "65536", "--responsibilities", "s.npz", "-o",
        "l.png",
      ])
    #expect(try bench.names().contains("s.npz"))
  }

  @Test func writesReports() throws {
    let bench = try bench()
    try run(
      bench,
      [
        "-k", "3", "-c", "2", "--smooth", "1", "-o", "l.png", "--report",
        "r.json",
      ])
    let object = try JSONSerialization.jsonObject(
      with: Data(try bench.read("r.json")))
    let report = try #require(object as? [String: Any])
    #expect(report["method"] as? String == "mixture")
    #expect(report["width"] as? Int == 40)
    #expect(report["k"] as? Int == 3)
    #expect(report["smooth"] as? Double == 1)
    let labels = try #require(report["labels"] as? [[String: Any]])
    #expect(labels.compactMap { $0["area"] as? Int } == [300, 600, 300])
    #expect(labels.compactMap { $0["regions"] as? Int } == [1, 1, 1])
    let freeEnergies = try #require(report["freeEnergy"] as? [Double])
    for (a, b) in zip(freeEnergies, freeEnergies.dropFirst()) {
      #expect(b >= a - 1e-9)
    }
  }

  @Test func writesEverythingAtOnce() throws {
    let bench = try bench()
    let arguments = [
      "-k", "3", "--spatial", "0.1", "-c", "2", "-o", "l.png", "--overlay",
      "o.png", "--overlay-color", "lime", "--regions", "r.json", "--outlines",
      "r.svg", "--simplify", "0", "--min-region", "4",
    ]
    try run(bench, arguments)
    #expect(
      try bench.names() == ["a.png", "l.png", "o.png", "r.json", "r.svg"])
    let object = try JSONSerialization.jsonObject(
      with: Data(try bench.read("r.json")))
    let file = try #require(object as? [String: Any])
    let regions = try #require(file["regions"] as? [[String: Any]])
    #expect(regions.count == 3)
    #expect(regions.reduce(0) { $0 + ($1["area"] as? Int ?? 0) } == 1200)
    let svg = String(decoding: try bench.read("r.svg"), as: UTF8.self)
    #expect(svg.components(separatedBy: "<path").count == 4)
    let overlay = try ImageDecoder.decode(try bench.read("o.png")).raster
    let at = 3 * (14 * 40 + 5)
    #expect(Array(overlay.samples[at..<at + 3]) == [0, 255, 0])

    // The same with one thread.
    let before = try ["l.png", "o.png", "r.json", "r.svg"].map(bench.read)
    try run(bench, arguments + ["-f", "--threads", "1"])
    let after = try ["l.png", "o.png", "r.json", "r.svg"].map(bench.read)
    #expect(before == after)
  }

  @Test func writesCSV() throws {
    let bench = try bench()
    try run(bench, ["-k", "3", "-o", "l.png", "--regions", "r.csv"])
    let lines = String(decoding: try bench.read("r.csv"), as: UTF8.self)
      .components(separatedBy: "\r\n")
    #expect(lines[0].hasPrefix("region,label,area,x,y,width,height"))
    #expect(lines.count == 5)
    let columns = lines[0].split(separator: ",").count
    for line in lines[1..<4] {
      #expect(
        line.split(separator: ",", omittingEmptySubsequences: false).count
          == columns)
    }
  }

  @Test func cutsIntoSuperpixels() throws {
    let bench = try bench()
    for count in [12, 300] {
      try run(
        bench,
        ["--superpixels", "\(count)", "-c", "2", "-o", "\(count).png"]
          + ["--regions", "\(count).json"])
      let object = try JSONSerialization.jsonObject(
        with: Data(try bench.read("\(count).json")))
      let file = try #require(object as? [String: Any])
      #expect((file["regions"] as? [Any])?.count == count)
    }
    #expect(try Array(bench.read("12.png")[24..<26]) == [8, 0])
    // Beyond 256 labels grey of 16 bits.
    #expect(try Array(bench.read("300.png")[24..<26]) == [16, 0])
  }

  @Test func writesSoftOutputs() throws {
    let bench = try bench()
    try run(
      bench,
      [
        "-k", "3", "-c", "2", "--spatial", "0.2", "-o", "l.png",
        "--responsibilities", "r.npz", "--responsibilities", "r.ora",
        "--soft-output", "s.png", "--uncertainty", "u.png",
      ])
    #expect(
      try bench.names() == [
        "a.png", "l.png", "r.npz", "r.ora", "s.png", "u.png",
      ])
    for name in ["s.png", "u.png"] {
      let size = try ImageDecoder.decode(try bench.read(name)).raster.size
      #expect(size == ImageSize(width: 40, height: 30))
    }
  }

  @Test func standardStreams() throws {
    let bench = try bench()
    try run(bench, ["-k", "4", "-o", "l.png"])
    let piped = try bench.run(
      ["segment", "-", "-k", "4"], input: try bench.read("a.png"))
    #expect(piped.status == 0, "\(piped.error)")
    #expect(try [UInt8](piped.output) == bench.read("l.png"))
  }

  @Test func refusals() throws {
    let bench = try bench()
    try bench.write([1], to: "b.png")
    let cases: [([String], Int32, String)] = [
      ([], 64, "segment --help"),
      (["a.png", "-k", "0"], 64, "1 to 65536"),
      (["a.png", "-k", "2", "-c", "3"], 64, "--cprime"),
      (["a.png", "--spatial", "-1"], 64, "--spatial"),
      (["a.png", "--min-region", "0"], 64, "--min-region"),
      (["a.png", "--compactness", "3"], 64, "--superpixels"),
      (["a.png", "--superpixels", "0"], 64, "1 to 65536"),
      (["a.png", "--superpixels", "9", "-k", "3"], 64, "-k"),
      (["a.png", "--superpixels", "9", "--spatial", "1"], 64, "--spatial"),
      (
        ["a.png", "--superpixels", "9", "--min-region", "3"], 64, "--min-region"
      ),
      (["a.png", "--superpixels", "9", "-c", "10"], 64, "1 to 9"),
      (
        ["a.png", "--superpixels", "9", "--compactness", "-2"], 64, "0 or more"
      ),
      (["a.png", "--superpixels", "9", "--threads", "0"], 64, "--threads"),
      (
        [
          "a.png", "--superpixels", "9", "-c", "2", "--soft-depth", "8",
          "--responsibilities", "u.tif",
        ], 64, "16 or 32 bits"
      ),
      (["a.png", "--soft-output", "l.png", "-o", "l.png"], 64, "two outputs"),
      (["a.png", "--simplify", "1"], 64, "--outlines"),
      (["a.png", "--simplify", "-1", "--outlines", "x.svg"], 64, "--simplify"),
      (["a.png", "--overlay-color", "red"], 64, "--overlay"),
      (["a.png", "-o", "l.jpg"], 64, ".png, .tif"),
      (["a.png", "--smooth", "-1"], 64, "--smooth"),
      (["a.png", "--trap", "1"], 64, "--outlines"),
      (["a.png", "--curves", "0", "--outlines", "x.svg"], 64, "--curves"),
      (["a.png", "--numbers"], 64, "--outlines"),
      (["a.png", "--spatial", "1", "--pin", "red"], 64, "no position"),
      (["a.png", "--channels", "1,9", "-o", "l.png"], 65, "as channels"),
      (["a.png", "--page", "0", "-o", "l.png"], 64, "--page"),
      (["a.png", "--label-colors", "a.png", "-o", "l.png"], 73, "--force"),
      (["a.png", "--superpixels", "9", "--smooth", "1"], 64, "--smooth"),
      (["a.png", "--superpixels", "9", "--palette", "a.png"], 64, "colours"),
      (["a.png", "-o", ""], 64, "--output is empty"),
      (["a.png", "--regions", ""], 64, "--regions is empty"),
      (["", "-k", "2"], 64, "input is empty"),
      (["a.png", "-q", "-v"], 64, "contradict"),
      (["a.png", "-o", "x.png", "--overlay", "x.png"], 64, "two outputs"),
      (["a.png", "-o", "a.png"], 73, "--force"),
      (["a.png", "-o", "l.png", "--overlay", "b.png"], 73, "--force"),
      (["a.png", "--regions", "no/r.csv"], 73, "folder"),
      (["gone.png", "-k", "2"], 66, "gone.png: there is no such file"),
      (["b.png", "-k", "2", "-o", "l.png"], 65, "b.png"),
    ]
    for (arguments, status, word) in cases {
      let run = try bench.run(["segment"] + arguments)
      #expect(run.status == status, "\(arguments): \(run.error)")
      #expect(run.errorLines.count == 1)
      #expect(run.error.contains(word), "\(arguments): \(run.error)")
      #expect(run.output.isEmpty)
    }
    #expect(try bench.names() == ["a.png", "b.png"])
  }

  /// Stacks: one model for all pages, and what shows one page says so.
  @Test func readsStacks() throws {
    let bench = try bench()
    var text = Array(
      "{'descr': '<u2', 'fortran_order': False, 'shape': (3, 8, 10, 2), }\n"
        .utf8)
    text =
      [0x93] + Array("NUMPY".utf8) + [1, 0, UInt8(text.count), 0] + text
    for n in 0..<480 {
      let value = n / 20 % 8 < 4 ? 40 : 9_000 + n % 7
      text += [UInt8(value & 255), UInt8(value >> 8)]
    }
    try bench.write(text, to: "s.npy")
    let run = try bench.run([
      "segment", "s.npy", "--pages", "all", "-k", "2", "-c", "2", "-o", "l.npy",
      "--regions", "r.csv", "--responsibilities", "p.npz", "-q",
    ])
    #expect(run.status == 0, "\(run.error)")
    let labels = try bench.read("l.npy").suffix(240)
    for (n, label) in labels.enumerated() {
      #expect(label == (n / 10 % 8 < 4 ? 0 : 1))
    }
    let table = String(decoding: try bench.read("r.csv"), as: UTF8.self)
    #expect(table.hasPrefix("region,page,label,area"))
    #expect(table.split(separator: "\r\n").count == 7)
    let npz = try NPZFile(try bench.read("p.npz"))
    #expect(try npz.array("responsibilities").shape == [3, 8, 10, 2])
    for option in ["--overlay", "--label-colors", "--soft-output"] {
      let run = try bench.run([
        "segment", "s.npy", "--page", "all", "-k", "2", "-o", "x.npy", option,
        "o.png",
      ])
      #expect(run.status == 64)
      #expect(run.error.contains("\(option) is for one page"), "\(run.error)")
    }
    let main = try bench.run(["s.npy", "-k", "2"])
    #expect(main.error.contains("`quantize segment` reads arrays"))
  }

  @Test func helpShowsExamples() throws {
    let run = try Workbench().run(["segment", "--help"])
    #expect(run.status == 0)
    let text = String(decoding: run.output, as: UTF8.self)
    for word in [
      "--superpixels", "--spatial", "--min-region", "--outlines", "Examples:",
    ] {
      #expect(text.contains(word))
    }
    let main = try Workbench().run(["--help"])
    #expect(
      String(decoding: main.output, as: UTF8.self).contains("  segment   Cut"))
  }
}
