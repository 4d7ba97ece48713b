import Quantization
import Testing

@Suite struct PaletteSizeTests {
  @Test(arguments: [1, 2, 256, 65_536])
  func accepts(count: Int) throws {
    #expect(try PaletteSize(count).count == count)
  }

  @Test(arguments: [-1, 0, 65_537, 70_000])
  func refuses(count: Int) {
    #expect(throws: QuantizationError.paletteSize(count)) {
      try PaletteSize(count)
    }
  }
}
