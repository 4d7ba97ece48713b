import ImageFormats
import Testing

@Suite struct InputFormatTests {
  @Test(arguments: [
    ("png", InputFormat.png), ("PNG", .png), ("jpg", .jpeg), ("JPEG", .jpeg),
    ("jpe", .jpeg), ("jfif", .jpeg),
  ])
  func knowsFileExtensions(ending: String, format: InputFormat) {
    #expect(InputFormat(pathExtension: ending) == format)
  }

  @Test(arguments: ["", "heic", ".png", "png "])
  func refusesOtherExtensions(ending: String) {
    #expect(InputFormat(pathExtension: ending) == nil)
  }

  @Test func isFoundBySignature() {
    for format in InputFormat.allCases {
      #expect(InputFormat(format.signature) == format)
    }
    for other in [FileSignature.empty, .heic, .text, .unknown] {
      #expect(InputFormat(other) == nil)
    }
  }

  @Test func noTwoFormatsShareANameOrAnEnding() {
    let names = InputFormat.allCases.map(\.name)
    let endings = InputFormat.allCases.flatMap(\.fileExtensions)
    #expect(Set(names).count == names.count)
    #expect(Set(endings).count == endings.count)
  }

  @Test func listsAllInASentence() {
    let names = InputFormat.allCases.map(\.name)
    #expect(InputFormat.list == TextList.or(names))
    #expect(InputFormat.list.hasPrefix("PNG"))
    #expect(TextList.or(["a"]) == "a")
    #expect(TextList.or(["a", "b", "c"]) == "a, b or c")
    #expect(TextList.and(["a", "b", "c"]) == "a, b and c")
    #expect(TextList.or([]) == "")
  }
}
