import ImageFormats
import Testing

@Suite struct OutputFormatTests {
  @Test(arguments: [
    ("png", OutputFormat.png), ("PNG", .png), ("jpg", .jpeg), ("JPEG", .jpeg),
    ("jpe", .jpeg), ("jfif", .jpeg),
  ])
  func knowsFileExtensions(ending: String, format: OutputFormat) {
    #expect(OutputFormat(pathExtension: ending) == format)
  }

  @Test(arguments: ["", "gif", "webp", ".png", "png "])
  func refusesOtherExtensions(ending: String) {
    #expect(OutputFormat(pathExtension: ending) == nil)
  }

  @Test func listsThemForMessages() {
    #expect(OutputFormat.words == "png or jpeg")
    #expect(OutputFormat.endings == ".png or .jpg")
    #expect(OutputFormat.jpeg.usualExtension == "jpg")
    #expect(OutputFormat.allCases.map(\.name) == ["PNG", "JPEG"])
    #expect(OutputFormat.allCases.filter(\.holdsAlpha) == [.png])
  }
}
