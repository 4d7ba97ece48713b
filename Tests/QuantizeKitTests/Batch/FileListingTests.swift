import QuantizeKit
import SystemPackage
import Testing

@Suite struct FileListingTests {
  private func names(_ text: String) -> [String] {
    FileListing.names(in: Array(text.utf8)).map(\.string)
  }

  @Test func namesEndInNULOrInALineBreak() {
    #expect(names("a\nb c\r\n\nd") == ["a", "b c", "d"])
    // With a NUL anywhere, line breaks belong to names.
    #expect(names("a\nb\0c\r\0\0d") == ["a\nb", "c\r", "d"])
    #expect(names("").isEmpty)
    #expect(names("\n\n").isEmpty)
  }

  @Test func bytesThatAreNotUTF8Stay() throws {
    let name = try #require(
      FileListing.names(in: [0x61, 0xff, 0x2f, 0x62, 0]).first)
    #expect(name.encodedText == "a%ff/b")
    #expect(FilePath("100%/Füße").encodedText == "100%25/Füße")
  }
}
