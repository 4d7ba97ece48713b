import ImageFormats
import JSONFiles
import PaletteFiles
import Rasters
import ServeCore
import Testing
import _TestSupport

@Suite struct PaletteAnswerTests {
  private let colors = [
    PaletteColor(
      color: RGBColor(red: 17, green: 34, blue: 51), name: "Night"),
    PaletteColor(color: RGBColor(red: 250, green: 240, blue: 230)),
  ]

  /// Every format that the command writes can be imported, whatever the file is called
  /// but for what only its ending tells.
  @Test(arguments: PaletteFormat.allCases)
  func everyFormatIsRead(format: PaletteFormat) throws {
    let answer = try PaletteAnswer(
      name: "p\(format.ending)",
      bytes: try format.write(colors, title: "p"), ServiceLimits())
    let text = String(decoding: JSONFile.line(answer), as: UTF8.self)
    #expect(text.contains("#112233"))
    #expect(text.contains("#faf0e6"))
    #expect(text.contains("Night") == format.hasNames)
  }

  @Test func whatIsNoPaletteIsRefused() throws {
    for bytes in [[], Array("no colours".utf8), [0, 1, 2]] as [[UInt8]] {
      let error = #expect(throws: ServiceError.self) {
        try PaletteAnswer(name: "p.hex", bytes: bytes, ServiceLimits())
      }
      #expect(error?.status == 422)
    }
    let many = try PNGEncoder().encode(
      TestRasters.noisyGradient(width: 60, height: 60))
    let error = #expect(throws: ServiceError.self) {
      try PaletteAnswer(name: "a.png", bytes: many, ServiceLimits())
    }
    #expect(error?.message.contains("256 at most") == true)
  }
}
