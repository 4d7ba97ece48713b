import SoftFormats
import Testing

@Suite struct SoftFormatTests {
  @Test(arguments: [
    ("a.npz", SoftFormat.npz), ("b/a.EXR", .exr), ("a.b.ora", .ora),
    ("a.tif", .tiff), ("a.TIFF", .tiff), ("masks/", .folder),
    ("a.npz/", .folder),
  ])
  func followsTheEnding(_ name: String, _ format: SoftFormat) {
    #expect(SoftFormat(name: name) == format)
  }

  @Test(arguments: ["", "masks", "a.png", ".npz", "a.npz.gz", "b.npz/a"])
  func otherEndingsAreNone(_ name: String) {
    #expect(SoftFormat(name: name) == nil)
  }
}
