import Foundation
import QuantizeKit
import Testing

@Suite struct ReportTests {
  @Test func infiniteDecibelsAreNull() throws {
    let encoder = JSONEncoder()
    let decoder = JSONDecoder()
    let infinite = try encoder.encode([Decibels(.infinity)])
    #expect(String(decoding: infinite, as: UTF8.self) == "[null]")
    #expect(
      try decoder.decode([Decibels].self, from: infinite)
        == [Decibels(.infinity)])
    let finite = try encoder.encode([Decibels(40.5)])
    #expect(String(decoding: finite, as: UTF8.self) == "[40.5]")
  }

  @Test func errorsNameTheFileAndTheExitStatus() {
    let file = FileLocation(argument: "a\n.png")
    let errors: [(QuantizeError, Int32)] = [
      (.usage("x"), 64), (.decode(file, .empty), 65),
      (.quantize(file, .tooFewColors(1)), 65),
      (.palette(file, .noOpaqueColor), 65),
      (.unreadable(file, reason: "x"), 66),
      (.inputOutput(file, reason: "x"), 74),
      (.notSmaller(file, outputBytes: 5, inputBytes: 5), 98),
      (.cannotCreate("a\n.png", reason: "x"), 73),
      (.outputExists("a\n.png"), 73), (.outputIsInput("a\n.png"), 73),
    ]
    for (error, status) in errors {
      #expect(error.exitStatus.rawValue == status)
      #expect(!error.message.contains("\n"))
      if status != 64 { #expect(error.message.contains("a\\u{a}.png")) }
    }
  }
}
