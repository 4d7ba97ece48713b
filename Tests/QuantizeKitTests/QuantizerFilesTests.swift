import ImageFormats
import Quantization
import QuantizeKit
import Rasters
import Testing
import TruncatedEM
import _TestSupport

/// The library gives byte for byte what the command writes.
@Suite struct QuantizerFilesTests {
  private static let changes:
    [(name: String, change: @Sendable (inout QuantizerOptions) throws -> Void)] =
      [
        ("defaults", { _ in }),
        ("C' = 3", { $0.truncation = Truncation(3) }),
        ("fast", { $0.effort = try Effort(1) }),
        ("slow", { $0.effort = try Effort(7) }),
        ("learned", { $0.mixing = .learned }),
        (
          "chosen",
          {
            $0.start = .choose(
              ColorCountChoice(.criterion(.bic), upTo: try PaletteSize(16)))
          }
        ),
        ("appearance", { $0.preferAppearance() }),
        (
          "dithered",
          { $0.dither = DitherOptions(.riemersma, effort: .standard) }
        ),
        ("pinned", { $0.pinned = [RGBColor(packed: 0x00ff00)] }),
        ("balance", { $0.balance = 0.5 }),
        ("many", { $0.start = .search(try PaletteSize(300)) }),
      ]

  @Test(arguments: changes.map(\.name))
  func bytesAreThoseOfTheCommand(name: String) throws {
    let change = try #require(Self.changes.first { $0.name == name }).change
    var options = try QuantizerOptions(colors: 16)
    try change(&options)
    let folder = try ScratchFolder()
    let images = [
      TestRasters.noisyGradient(width: 90, height: 150),
      TestRasters.disc(side: 60),
    ]
    for (number, image) in images.enumerated() {
      let input = try PNGEncoder().encode(image)
      try folder.write(input, to: "in\(number).png")

      var kit = QuantizeOptions(
        start: options.start, truncation: options.truncation)
      kit.quantizer = options
      // As the command has it: a fixed level, whatever the effort.
      kit.encoding.compressionLevel = 4
      _ = try QuantizeJob(
        input: .file(folder.path("in\(number).png")),
        output: .file(folder.path("out\(number).png")), options: kit
      ).run()

      let pixels = try ImageDecoder.decode(input).pixels
      let encoder = PNGEncoder(compressionLevel: 4)
      let png =
        switch try Quantizer(options).quantize(pixels).mapped {
        case .indexed(let indexed): try encoder.encode(indexed)
        case .colors(let raster): try encoder.encode(raster)
        case .deep(let raster): try encoder.encode(raster)
        }
      #expect(try folder.read("out\(number).png") == png)
    }
  }
}
