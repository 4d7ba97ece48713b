import ParallelWork
import Quantization
import Rasters
import Testing
import _TestSupport

/// What is dithered strip by strip is what is dithered as a whole.
@Suite struct StripDithererTests {
  private static let height = 700

  private static let options: [DitherOptions] =
    DitherMethod.mixing.map { DitherOptions($0, strength: 0.85, rounds: 3) }
    + [DitherOptions(.errorDiffusion(.sierra), rounds: 2, sweeps: 2)]

  /// Strips of so many bands.
  private func strips(_ pixels: Pixels, bands: Int) -> [DitherStrip] {
    let height = pixels.size.height
    let rows = bands * DitherStrip.unit
    var strips: [DitherStrip] = []
    for first in stride(from: 0, to: height, by: rows) {
      let range = first..<min(height, first + rows)
      strips.append(
        DitherStrip(
          range, pixels.strip(range), of: pixels.size, below: strips.last))
    }
    return strips
  }

  private func expectSame(
    _ setup: DitherSetup, _ options: DitherOptions, bands: Int
  ) throws {
    let fixed = setup.assignment.palette.entries[1].color
    let whole = setup.dithered(options) { $0.color == fixed }
    let strips = strips(setup.pixels, bands: bands)
    let samples = Ditherer.samples(setup.pixels.size).flatMap { band in
      strips.filter { $0.bands.contains(band) }.map { $0.band(band) }
    }
    var ditherer = Ditherer(
      DitherPlanner(options, workers: Workers(threads: 2)), setup.assignment,
      samples: samples
    ) { $0.color == fixed }
    for strip in strips { ditherer.count(strip) }
    ditherer.finish()
    #expect(ditherer.palette.entries == whole.palette.entries)
    #expect(ditherer.squaredError == whole.squaredError)
    #expect(ditherer.rounds == whole.rounds)
    let indices = strips.flatMap { ditherer.entries(of: $0) }
    #expect(indices == whole.indices)
  }

  @Test(arguments: options, [1, 2, 4])
  func givesTheSameImage(options: DitherOptions, bands: Int) throws {
    let setup = try DitherSetup(
      TestRasters.noisyGradient(width: 60, height: Self.height),
      [0x102010, 0x604020, 0xb07050, 0xe0d080])
    try expectSame(setup, options, bands: bands)
  }

  @Test(arguments: options)
  func givesTheSameImageWithAlpha(options: DitherOptions) throws {
    let source = TestRasters.noisyGradient(width: 40, height: 300)
    var samples: [UInt8] = []
    for pixel in 0..<40 * 300 {
      samples += source.samples[3 * pixel..<3 * pixel + 3]
      samples.append(pixel < 4_000 ? 255 : UInt8(pixel / 40 % 256))
    }
    let setup = try DitherSetup(
      Raster(size: source.size, channels: .rgba, samples: samples),
      [
        FixedPalette.Color(color: RGBColor(packed: 0), alpha: 0),
        FixedPalette.Color(color: RGBColor(packed: 0x604020), alpha: 130),
        FixedPalette.Color(color: RGBColor(packed: 0x204080)),
        FixedPalette.Color(color: RGBColor(packed: 0xe0d080)),
      ])
    try expectSame(setup, options, bands: 1)
  }
}
