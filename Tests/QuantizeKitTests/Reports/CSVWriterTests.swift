import QuantizeKit
import Testing

@Suite struct CSVWriterTests {
  /// What a line with a field looks like.
  private func line(_ field: String) -> String {
    var table = CSVWriter(columns: ["a", "b"])
    table.append([field, "1"])
    return String(decoding: table.bytes.dropFirst(5), as: UTF8.self)
  }

  @Test func linesEndAsTheStandardSays() {
    var table = CSVWriter(columns: ["file", "bytes"])
    table.append(["a.png", "12"])
    table.append(["b.png", "-0.5"])
    #expect(table.text == "file,bytes\r\na.png,12\r\nb.png,-0.5\r\n")
    #expect(table.bytes == Array(table.text.utf8))
  }

  @Test(arguments: [
    ("a,b", "\"a,b\""), ("say \"hi\"", "\"say \"\"hi\"\"\""),
    ("a\nb", "\"a\nb\""), ("a\r", "\"a\r\""), ("", ""), ("a;b c", "a;b c"),
    // A comma with an accent after it is a comma to the reader.
    ("a,\u{301}b", "\"a,\u{301}b\""),
  ])
  func quotesWhatNeedsQuotes(_ field: String, _ written: String) {
    #expect(line(field).utf8.elementsEqual("\(written),1\r\n".utf8))
  }

  @Test(arguments: [
    ("=cmd.png", "'=cmd.png"), ("+1 a", "'+1 a"), ("-x", "'-x"),
    ("@SUM(A1)", "'@SUM(A1)"), ("\t=1", "'\t=1"), ("\r=1", "\"'\r=1\""),
    ("=\"a\",b", "\"'=\"\"a\"\",b\""), ("=\u{301}", "'=\u{301}"),
  ])
  func disarmsFormulas(_ field: String, _ written: String) {
    #expect(line(field).utf8.elementsEqual("\(written),1\r\n".utf8))
  }

  @Test(arguments: ["-1.5", "+2", "-1e-300", "-inf", "in/=a.png", "'a"])
  func leavesNumbersAndOtherTextsAlone(_ field: String) {
    #expect(line(field) == "\(field),1\r\n")
  }
}
