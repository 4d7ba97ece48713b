import PaletteFiles
import Testing

@Suite struct PaletteFormatTests {
  @Test func endingsNameFormats() {
    #expect(PaletteFormat(pathExtension: "GPL") == .gpl)
    #expect(PaletteFormat(pathExtension: "scss") == .scss)
    #expect(PaletteFormat(pathExtension: "gif") == nil)
  }
}
