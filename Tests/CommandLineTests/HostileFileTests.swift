import Foundation
import ImageFormats
import Rasters
import Testing
import _TestSupport

/// Files that ask for more than they may, and names that are no names.
@Suite struct HostileFileTests {
  private let photo = TestRasters.noisyGradient(width: 40, height: 30)

  private func expectRefusal(
    _ bench: Workbench, _ arguments: [String], status: Int32 = 65,
    _ words: String...
  ) throws {
    let before = try bench.names()
    let run = try bench.run(arguments)
    #expect(run.status == status, "\(arguments): \(run.error)")
    #expect(run.errorLines.count == 1, "\(arguments): \(run.error)")
    for word in words {
      #expect(run.error.contains(word), "\(arguments): \(run.error)")
    }
    #expect(run.output.isEmpty)
    #expect(try bench.names() == before)
  }

  /// A PNG of a size that it does not have.
  private func bomb(width: Int, height: Int) throws -> [UInt8] {
    let sound = try #require(PNGChunks(try PNGEncoder().encode(photo)))
    return sound.all.reduce(into: PNGBuilder.signature) { file, chunk in
      let payload =
        chunk.name == "IHDR"
        ? bigEndian(width) + bigEndian(height) + chunk.payload.dropFirst(8)
        : chunk.payload
      file += PNGBuilder.chunk(chunk.name, payload)
    }
  }

  @Test func moreThanTheMostPixels() throws {
    let bench = try Workbench()
    try bench.write(photo, to: "a.png")
    try bench.write(try bomb(width: 50_000, height: 50_000), to: "b.png")
    let commands: [[String]] = [
      ["a.png", "-k", "4", "--importance"], ["palette"], ["metrics", "a.png"],
      ["segment", "-k", "2", "-o", "s.png"], ["a.png", "--palette"], [],
    ]
    for command in commands {
      try expectRefusal(
        bench, command + ["b.png"], "b.png: the image has 50000 x 50000",
        "2000000000 allowed", "--max-pixels 2500000000")
      // A file as short as this cannot be what it says.
      try expectRefusal(
        bench, command + ["b.png", "--max-pixels", "2.5G"], "too short")
    }
    try expectRefusal(
      bench, ["a.png", "--max-pixels", "1199"], "40 x 30", "--max-pixels 1200")
    for count in ["1200", "1.2k", "1M"] {
      let run = try bench.run(
        ["a.png", "-k", "4", "--force", "--max-pixels", count])
      #expect(run.status == 0, "\(run.error)")
    }
    for count in ["0", "-1", "1.5", "many", "2T", "", "1e9", "99999999999G"] {
      try expectRefusal(
        bench, ["a.png", "--max-pixels", count], status: 64, "2G")
    }
  }

  @Test func moreThanTheMostMetadata() throws {
    let bench = try Workbench()
    var builder = PNGBuilder(width: 2, height: 2, bitDepth: 8, colorType: 2) {
      $0 + $1 + $2
    }
    builder.chunks = [("zTXt", [UInt8](repeating: 65, count: 20_001))]
    try bench.write(builder.bytes(), to: "a.png")
    let arguments = ["a.png", "-k", "2", "--max-metadata", "20k"]
    try expectRefusal(
      bench, arguments, "a chunk zTXt larger than the 20000 bytes",
      "--max-metadata")
    let run = try bench.run(["a.png", "-k", "2", "--max-metadata", "21k"])
    #expect(run.status == 0, "\(run.error)")
  }

  /// The bytes of a name; it may hold all but a slash and a zero.
  private static let names: [[UInt8]] = [
    Array("two\nlines.png".utf8),
    Array("\u{1b}[2J\u{1b}]0;title\u{7}.png".utf8),
    Array("\u{9b}31m.png".utf8),
    Array("-k.png".utf8), Array("--output=x.png".utf8),
    Array("\u{202e}gnp.png".utf8), Array(" .png".utf8),
    Array("'\"$(x).png".utf8),
    [UInt8](repeating: 0x61, count: 251) + Array(".png".utf8),
    // Not UTF-8: in Latin-1, cut off, and overlong.
    [0x66, 0xfc, 0xdf, 0x65] + Array(".png".utf8),
    [0x80, 0xff, 0xfe] + Array(".png".utf8),
    [0xe2, 0x82] + Array("a".utf8) + [0xc0, 0xaf] + Array(".png".utf8),
    // What bytes that are not UTF-8 are carried as.
    Array("\u{10FEFF}\u{10FE80}".utf8) + [0xff] + Array(".png".utf8),
  ]

  /// Runs by a shell that takes the names byte by byte from a file: arguments of
  /// `Process` are text.
  private func runInShell(_ bench: Workbench, _ script: String) throws
    -> (status: Int32, error: [UInt8])
  {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/bin/sh")
    process.arguments = ["-c", script + " 2>error >output"]
    process.currentDirectoryURL = bench.folder
    process.environment = ProcessInfo.processInfo.environment.merging([
      "QUANTIZE": Workbench.command.path
    ]) { $1 }
    try process.run()
    process.waitUntilExit()
    return (process.terminationStatus, try bench.read("error"))
  }

  private func isClean(_ bytes: [UInt8]) -> Bool {
    guard let text = String(validating: bytes, as: UTF8.self) else {
      return false
    }
    return text.unicodeScalars.allSatisfy {
      $0 == "\n"
        || ![.control, .format].contains($0.properties.generalCategory)
    }
  }

  @Test(arguments: names.indices)
  func oddNames(number: Int) throws {
    let bench = try Workbench()
    let name = Self.names[number]
    try bench.write(name, to: "name")
    try bench.write(photo, to: "in.png")
    // The x keeps a line break at the end of a name.
    let take = #"n=$(cat name; echo x); n=${n%x}; "#
    // As an input, behind --, and in a folder of that name.
    var run = try runInShell(
      bench,
      take + #"mkdir -p d && cp in.png "d/$n" && cp in.png "./$n" && "#
        + #""$QUANTIZE" -k 4 -o out.png -- "$n" && "#
        + #""$QUANTIZE" -k 4 -o out2.png "d/$n" && cmp out.png out2.png"#)
    #expect(run.status == 0, "\(String(decoding: run.error, as: UTF8.self))")
    // As an output.
    run = try runInShell(
      bench,
      take + #""$QUANTIZE" in.png -k 4 -o "d/$n" --force && "#
        + #"cmp out.png "d/$n""#)
    #expect(run.status == 0, "\(String(decoding: run.error, as: UTF8.self))")
    // Where it exists and is not to be replaced.
    run = try runInShell(
      bench, take + #""$QUANTIZE" in.png -k 4 -o "d/$n""#)
    #expect(run.status == 73)
    #expect(isClean(run.error), "\(run.error)")
    #expect(run.error.count { $0 == 0x0a } == 1)
    // Where there is no such file, or it is damaged.
    run = try runInShell(
      bench, take + #""$QUANTIZE" -k 4 -o no.png "none/$n""#)
    #expect(run.status == 66)
    #expect(isClean(run.error), "\(run.error)")
    #expect(run.error.count { $0 == 0x0a } == 1)
    run = try runInShell(
      bench,
      take + #"head -c 200 in.png >"d/$n"; "#
        + #""$QUANTIZE" -k 4 -o no.png "d/$n""#)
    #expect(run.status == 65)
    #expect(isClean(run.error), "\(run.error)")
    #expect(run.error.count { $0 == 0x0a } == 1)
    #expect(!(try bench.names().contains("no.png")))
  }

  /// Outputs that are named after an input whose name is not UTF-8.
  @Test func namesOutputsAfterAnyBytes() throws {
    let bench = try Workbench()
    try bench.write(photo, to: "in.png")
    let run = try runInShell(
      bench,
      #"n=$(printf 'f\374\337e'); cp in.png "$n.png" && "#
        + #""$QUANTIZE" -k 4 "$n.png" && test -e "$n-quantized.png" && "#
        + #""$QUANTIZE" segment -k 2 -c 2 "$n.png" && "#
        + #"test -e "$n-segments.png" && "#
        + #""$QUANTIZE" palette -k 2 "$n.png" && "#
        + #""$QUANTIZE" metrics "$n.png" "$n-quantized.png" && "#
        + #""$QUANTIZE" compare -k 2 "$n.png" -o "$n" && "#
        + #"test -e "$n/index.html" && "#
        + #""$QUANTIZE" batch -k 2 "$n.png" -o "$n-batch" && "#
        + #"test -e "$n-batch/$n.png""#)
    #expect(run.status == 0, "\(String(decoding: run.error, as: UTF8.self))")
    // An option that is not UTF-8.
    let wrong = try runInShell(
      bench, #""$QUANTIZE" in.png "$(printf -- '--\377\033[m')""#)
    #expect(wrong.status == 64)
    #expect(isClean(wrong.error), "\(wrong.error)")
  }

  /// What is made of the longest name is too long, which is said.
  @Test func namesThatLeaveNoRoom() throws {
    let bench = try Workbench()
    let name = String(repeating: "b", count: 251) + ".png"
    try bench.write(photo, to: name)
    try expectRefusal(bench, [name, "-k", "4"], status: 73, "too long")
    let long = String(repeating: "b", count: 252) + ".png"
    try expectRefusal(bench, [long, "-k", "4"], status: 66, "too long")
  }

  /// Text in a file that commands a terminal, wherever a message may quote it.
  @Test func escapesInFiles() throws {
    let bench = try Workbench()
    let escape = "\u{1b}[31m\u{9b}5n\u{1b}]0;x\u{7}"
    var builder = PNGBuilder(width: 2, height: 2, bitDepth: 8, colorType: 2) {
      $0 + $1 + $2
    }
    builder.chunks = [
      ("tEXt", Array("Comment\0\(escape)".utf8)),
      ("iTXt", Array("\(escape)\0\0\0\0\0\(escape)".utf8)),
      ("iCCP", Array("\(escape)\0\0\(escape)".utf8)),
      ("cICP", Array("\(escape)".utf8)), ("pHYs", Array(escape.utf8)),
      ("eXIf", Array(escape.utf8)), ("sRGB", Array(escape.utf8)),
      ("gAMA", Array(escape.utf8)),
    ]
    try bench.write(builder.bytes(), to: "text.png")
    // A chunk whose name is a command, and one that cannot be passed over.
    for name in ["\u{1b}[1m", "\u{1b}AAA", "a\u{1b}[m", "A\u{7}\u{1b}c"] {
      builder.chunks = [(name, Array(escape.utf8))]
      try bench.write(builder.bytes(), to: "chunk-\(name.utf8.count).png")
    }
    try bench.write(Array("GIMP Palette\n\(escape) 1 2\n".utf8), to: "a.gpl")
    try bench.write(Array("--a: \(escape);\n".utf8), to: "a.css")
    try bench.write(Array("[\"\(escape)\"]".utf8), to: "a.json")
    try bench.write(Array("\(escape)".utf8), to: "a.hex")
    let jpeg = try JPEGEncoder().encode(photo)
    let comment =
      [0xff, 0xfe, 0, UInt8(escape.utf8.count + 2)] + Array(escape.utf8)
    try bench.write(
      Array(jpeg[..<2]) + comment + Array(jpeg[2...]), to: "comment.jpg")
    try bench.write(
      Array(jpeg[..<2]) + comment + Array(jpeg[2..<300]), to: "cut.jpg")
    for name in try bench.names() {
      for arguments in [
        [name, "-k", "2", "-o", "-", "--verbose"],
        ["text.png", "--palette", name, "-o", "-"],
        ["text.png", "--init", name, "-o", "-"], ["metrics", "text.png", name],
      ] {
        let run = try bench.run(arguments)
        #expect(isClean(Array(run.error.utf8)), "\(arguments): \(run.error)")
        #expect([0, 64, 65].contains(run.status), "\(arguments): \(run.error)")
      }
    }
  }
}
