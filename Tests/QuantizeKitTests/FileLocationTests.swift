import QuantizeKit
import SystemPackage
import Testing

@Suite struct FileLocationTests {
  @Test func dashIsTheStandardStream() {
    #expect(FileLocation(argument: "-") == .standardStream)
    #expect(FileLocation(argument: "-").displayName == "-")
    #expect(FileLocation(argument: "./-").path == "./-")
    #expect(FileLocation(argument: "-").path == nil)
  }

  @Test func namesNeverCommandATerminal() {
    let name = FileLocation(argument: "a\u{1b}[2J\nb\u{202e}.png").displayName
    #expect(name == "a\\u{1b}[2J\\u{a}b\\u{202e}.png")
    #expect(FileLocation(argument: "Füße 猫.png").displayName == "Füße 猫.png")
  }

  /// A path keeps one of two slashes; an address is shown with both.
  @Test(arguments: [
    ("https://example.org/x.hex", "https://example.org/x.hex"),
    ("ftp://a/b", "ftp://a/b"), ("a//b.png", "a/b.png"), ("c:/x", "c:/x"),
    ("a b:/x", "a b:/x"), ("/a:/x", "/a:/x"), (":/x", ":/x"),
  ])
  func addresses(argument: String, shown: String) {
    #expect(FileLocation(argument: argument).displayName == shown)
  }
}
