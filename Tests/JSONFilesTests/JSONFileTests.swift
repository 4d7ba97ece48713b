import JSONFiles
import Testing

@Suite struct JSONFileTests {
  private struct Record: Encodable {
    var name = "a/\"b\""
    var area = 0.1
    var bound: JSONNumber
  }

  private func text(_ bytes: [UInt8]) -> String {
    String(decoding: bytes, as: UTF8.self)
  }

  @Test func sortsAndIndents() {
    let bytes = JSONFile.encode(Record(bound: JSONNumber(2.5)))
    #expect(
      text(bytes) == """
        {
          "area" : 0.1,
          "bound" : 2.5,
          "name" : "a/\\"b\\""
        }

        """)
  }

  @Test func fitsOnALine() {
    let bytes = JSONFile.line([Record(bound: JSONNumber(-1))])
    #expect(
      text(bytes) == #"[{"area":0.1,"bound":-1,"name":"a/\"b\""}]"# + "\n")
  }

  @Test(arguments: [Double.infinity, -.infinity, .nan, .signalingNaN])
  func whatIsNotFiniteIsNull(_ number: Double) {
    let bytes = JSONFile.line(["x": JSONNumber(number)])
    #expect(text(bytes) == "{\"x\":null}\n")
  }

  @Test(arguments: [
    0.1, 1e300, Double.leastNonzeroMagnitude, 1.0 / 3,
    Double.greatestFiniteMagnitude, -0.0,
  ])
  func numbersAreReadAgainAsTheyWere(_ number: Double) throws {
    let line = text(JSONFile.line([JSONNumber(number)]))
    let digits = line.dropFirst().prefix { $0 != "]" }
    #expect(Double(String(digits))?.bitPattern == number.bitPattern)
  }
}
