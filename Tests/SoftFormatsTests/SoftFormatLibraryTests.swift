import SoftFormats
import Testing

@Suite struct SoftFormatLibraryTests {
  @Test(arguments: SoftFormat.allCases)
  func librariesAreFound(format: SoftFormat) throws {
    try format.loadLibrary()
    // And once more, now that they are loaded.
    try format.loadLibrary()
  }

  @Test func aMissingLibraryIsNamed() {
    let error = SoftFormatError.missingLibrary(
      .exr, library: "libX.so.3", package: "its package (libx-dev)")
    #expect(
      error.message
        == "OpenEXR needs libX.so.3, which is not installed; install its "
        + "package (libx-dev), or write .npz")
  }
}
