import Rasters
import Testing

@Suite struct RGBColorTests {
  @Test func packsAndUnpacks() {
    let color = RGBColor(red: 0x01, green: 0xab, blue: 0xff)
    #expect(color.packed == 0x01abff)
    #expect(RGBColor(packed: 0xff01_abff) == color)
  }

  @Test func writesLeadingZerosInHex() {
    #expect(RGBColor(red: 0, green: 10, blue: 255).hex == "#000aff")
    #expect(RGBColor(packed: 0).hex == "#000000")
  }
}
