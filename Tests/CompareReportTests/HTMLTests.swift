import CompareReport
import Testing

@Suite struct HTMLTests {
  @Test func interpolatedTextIsEscaped() {
    let name = "<b>'Tom' & \"Jerry\"</b>"
    let cell: HTML = "<td title=\"\(name)\">\(name)</td>"
    let escaped =
      "&lt;b&gt;&#39;Tom&#39; &amp; &quot;Jerry&quot;&lt;/b&gt;"
    #expect(cell.text == "<td title=\"\(escaped)\">\(escaped)</td>")
  }

  @Test func charactersWithAccentsAreEscapedToo() {
    // To Swift, these are other characters than a quotation mark and "<".
    let html: HTML = "\("\"\u{301}<\u{338}")"
    #expect(
      html.text.unicodeScalars.elementsEqual(
        "&quot;\u{301}&lt;\u{338}".unicodeScalars))
  }

  @Test func piecesAreNotEscapedAgain() {
    let name = "a&b"
    let items = [name, "c"].map { item -> HTML in "<li>\(item)</li>" }
    let list: HTML = "<ul>\(items)</ul>"
    let page: HTML = "<p>\(list)\(3)</p>"
    #expect(page.text == "<p><ul><li>a&amp;b</li><li>c</li></ul>3</p>")
  }

  @Test(arguments: [true, false])
  func aPieceCanDependOnACondition(holds: Bool) {
    let html: HTML = "<td\(if: holds, " class=\"best\"")>1</td>"
    #expect(html.text == (holds ? "<td class=\"best\">1</td>" : "<td>1</td>"))
  }

  @Test func emptyTextStaysEmpty() {
    let html: HTML = "\("")\([HTML]())"
    #expect(html.text.isEmpty)
  }
}
