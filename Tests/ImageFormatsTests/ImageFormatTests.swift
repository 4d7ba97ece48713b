import ImageFormats
import Testing

@Suite struct ImageFormatTests {
  @Test(arguments: [
    ("png", ImageFormat.png), ("PNG", .png), ("jpg", .jpeg), ("JPEG", .jpeg),
    ("jpe", .jpeg), ("jfif", .jpeg),
  ])
  func knowsFileExtensions(ending: String, format: ImageFormat) {
    #expect(ImageFormat(pathExtension: ending) == format)
  }

  @Test(arguments: ["", "gif", ".png", "png "])
  func refusesOtherExtensions(ending: String) {
    #expect(ImageFormat(pathExtension: ending) == nil)
  }

  @Test func namesTheUsualExtensionFirst() {
    #expect(ImageFormat.png.fileExtensions.first == "png")
    #expect(ImageFormat.jpeg.fileExtensions.first == "jpg")
    #expect(ImageFormat.allCases.map(\.name) == ["PNG", "JPEG"])
  }
}
