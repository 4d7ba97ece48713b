import ColorModels
import Rasters
import Testing

@Suite struct CSSColorTests {
  @Test(arguments: [
    ("#08f", 0x0088ff, 255), ("#08f8", 0x0088ff, 0x88),
    ("#0080FE", 0x0080fe, 255), ("#0080fe07", 0x0080fe, 7),
    ("red", 0xff0000, 255), ("RebeccaPurple", 0x663399, 255),
    ("grey", 0x808080, 255), ("gray", 0x808080, 255),
    ("transparent", 0, 0), ("rgb(1,2,3)", 0x010203, 255),
    ("RGB(1 2 3)", 0x010203, 255), ("rgba(1, 2, 3, 0.5)", 0x010203, 128),
    ("rgb(1 2 3 / 100%)", 0x010203, 255),
  ])
  func isRead(text: String, packed: UInt32, alpha: UInt8) {
    let color = CSSColor(text)
    #expect(color?.color.packed == packed)
    #expect(color?.alpha == alpha)
  }

  @Test(arguments: [
    "", "#", "#1", "#12", "#12345", "#1234567", "#123456789", "#12345g",
    "#１２３", "reddish", "rgb(1,2)", "rgb(1,2,256)", "rgb(1,2,3", "hsl(0 0% 0%)",
    "rgb(1 2 3 / 2)", "rgb(1 2 3 / nan)", "rgb(1 2 3 4 5)", "#+12",
  ])
  func isNone(text: String) {
    #expect(CSSColor(text) == nil)
  }

  @Test func namesAreThoseOfCSS() {
    #expect(CSSColorName.all.count == 148)
    // 148 names, and 9 colours have two.
    #expect(Set(CSSColorName.all.map(\.color)).count == 139)
    #expect(CSSColorName.color(named: "PapayaWhip")?.packed == 0xffefd5)
    #expect(CSSColorName.color(named: "papaya") == nil)
    #expect(
      CSSColorName.all.map(\.name) == CSSColorName.all.map(\.name).sorted())
  }

  @Test func nearestIsItselfOrTheLeastDifference() {
    for entry in CSSColorName.all {
      #expect(CSSColorName.nearest(to: entry.color).color == entry.color)
    }
    #expect(
      CSSColorName.nearest(to: RGBColor(packed: 0x00ffff)).name == "aqua")
    for packed: UInt32 in [0x123456, 0xfedcba, 0x7f8081] {
      let lab = LabColor(RGBColor(packed: packed))
      let least = CSSColorName.all.map {
        lab.difference(to: LabColor($0.color))
      }.min()
      let found = CSSColorName.nearest(to: RGBColor(packed: packed))
      #expect(lab.difference(to: LabColor(found.color)) == least)
    }
  }
}
