import Testing
import _TestSupport

/// `--page`: a page of a TIFF is read as a file of that page alone is.
struct PageOptionTests {
  private func builder(pages: Int) -> TIFFBuilder {
    var builder = TIFFBuilder()
    (builder.width, builder.height) = (40, 30)
    builder.samples = 3
    builder.photometric = 2
    builder.pages = pages
    return builder
  }

  private func sample(_ page: Int, _ x: Int, _ y: Int, _ c: Int) -> UInt64 {
    let value = x * 5 + y * 3 * (page + 1) + c * 70 * page
    return UInt64(value & 255)
  }

  private func bench() throws -> Workbench {
    let bench = try Workbench()
    try bench.write(builder(pages: 3).stack(sample), to: "stack.tif")
    try bench.write(
      builder(pages: 1).bytes { sample(1, $0, $1, $2) }, to: "second.tif")
    try bench.write(
      builder(pages: 1).bytes { sample(2, $0, $1, $2) }, to: "third.tif")
    return bench
  }

  @Test(arguments: [
    ["@", "-k", "8", "-o", "-"],
    ["@", "-k", "8", "--memory", "1", "-o", "-"],
    ["palette", "@", "-k", "8"],
    ["compare", "@", "-k", "4,8", "--json"],
    ["segment", "@", "-k", "3", "-o", "-"],
    ["metrics", "@", "third.tif"],
    ["compare", "@", "third.tif", "second.tif", "--json"],
  ])
  func thePageIsTheImage(words: [String]) throws {
    let bench = try bench()
    func run(_ file: String, _ more: [String]) throws -> [String] {
      let run = try bench.run(words.map { $0 == "@" ? file : $0 } + more)
      #expect(run.status == 0, "\(run.error)")
      guard words.last == "--json" else {
        return [run.output.base64EncodedString()]
      }
      // Names and times differ.
      return String(decoding: run.output, as: UTF8.self)
        .split(separator: "\n").filter { $0.contains("\"mse\"") }
        .map(String.init)
    }
    let expected = try run("second.tif", [])
    #expect(expected.allSatisfy { !$0.isEmpty } && !expected.isEmpty)
    #expect(try run("stack.tif", ["--page", "2"]) == expected)
    #expect(try run("second.tif", ["--page", "1"]) == expected)
  }

  /// The first without a word of the others, and those that are not there.
  @Test func whatIsAskedForIsNoSurprise() throws {
    let bench = try bench()
    let first = try bench.run(["stack.tif", "-o", "a.png"])
    #expect(first.error.contains("3 pages; the first is read"))
    let asked = try bench.run(["stack.tif", "--page", "1", "-o", "b.png"])
    #expect(!asked.error.contains("pages"))
    #expect(try bench.read("a.png") == bench.read("b.png"))
    for (file, page, words) in [
      ("stack.tif", "4", "there is no page 4; the pages are 1 to 3"),
      ("second.tif", "2", "there is no page 2; the file has one"),
      ("a.png", "2", "there is no page 2; the file has one"),
    ] {
      let run = try bench.run([file, "--page", page, "-o", "c.png"])
      #expect(run.status == 65)
      #expect(run.error.contains(words), "\(run.error)")
    }
    for page in ["0", "-1", "1-2", "all", "0x1"] {
      let run = try bench.run(["stack.tif", "--page=\(page)", "-o", "c.png"])
      #expect(run.status == 64)
      #expect(run.error.contains("number of one page"), "\(run.error)")
    }
  }

  /// Maps and palettes are files of their own.
  @Test func otherFilesHaveTheirFirstPage() throws {
    let bench = try bench()
    let run = try bench.run([
      "stack.tif", "--page", "3", "--importance", "second.tif", "-o", "a.png",
    ])
    #expect(run.status == 0, "\(run.error)")
  }

  @Test func aBatchTakesThePageOfEach() throws {
    let bench = try bench()
    let run = try bench.run([
      "batch", "stack.tif", "--page", "2", "-k", "8", "-o", "out",
    ])
    #expect(run.status == 0, "\(run.error)")
    let one = try bench.run(["second.tif", "-k", "8", "-o", "b.png"])
    #expect(one.status == 0)
    #expect(try bench.read("out/stack.png") == bench.read("b.png"))
  }
}
