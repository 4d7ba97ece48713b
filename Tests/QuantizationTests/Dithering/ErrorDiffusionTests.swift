import Quantization
import Rasters
import Testing
import _TestSupport

@Suite struct ErrorDiffusionTests {
  @Test(
    arguments: [DiffusionKernel.floydSteinberg, .sierra],
    [105, 118, 140, 150] as [UInt8])
  func keepsTheMeanOfAFlatGrey(kernel: DiffusionKernel, level: UInt8) throws {
    let raster = TestRasters.flat(level, width: 160, height: 300)
    let image = try DitherSetup(raster, [0x606060, 0xa0a0a0])
      .dithered(DitherOptions(.errorDiffusion(kernel)))
    // In each band, and where bands meet.
    for rows in [0..<300, 0..<128, 128..<256, 256..<300, 124..<132] {
      #expect(abs(image.meanRed(ofRows: rows) - Double(level)) < 2.5)
    }
    #expect(abs(image.meanRed(ofRows: 0..<300) - Double(level)) < 0.5)
  }

  @Test func atkinsonCarriesLess() throws {
    let raster = TestRasters.flat(110, width: 160, height: 100)
    let image = try DitherSetup(raster, [0x606060, 0xa0a0a0])
      .dithered(
        DitherOptions(
          .errorDiffusion(.atkinson),
          strength: DitherOptions.standardStrength))
    let mean = image.meanRed(ofRows: 0..<100)
    #expect(mean > 97)
    #expect(mean < 109)
  }

  @Test func bandsDependOnlyOnRowsNearThem() throws {
    let raster = TestRasters.noisyGradient(width: 90, height: 260)
    var samples = raster.samples
    // Others far above the second band, with the same colours in the image.
    let rows = 90 * 3 * 100
    samples.replaceSubrange(0..<rows, with: samples[0..<rows].reversed())
    let other = Raster(size: raster.size, channels: .rgb, samples: samples)
    let colors: [UInt32] = [0x102010, 0x604020, 0xb07050, 0xe0d080, 0x3050a0]
    for kernel in DiffusionKernel.allCases {
      let options = DitherOptions(.errorDiffusion(kernel))
      let before = try DitherSetup(raster, colors).dithered(options).reds
      let after = try DitherSetup(other, colors).dithered(options).reds
      #expect(before[(128 * 90)...] == after[(128 * 90)...])
      #expect(before[..<(128 * 90)] != after[..<(128 * 90)])
    }
  }

  @Test func noBorderIsSeenBetweenBands() throws {
    // The first rows of an image have little to make up for; those of a band
    // are like any other.
    let raster = TestRasters.flat(106, width: 400, height: 260)
    let image = try DitherSetup(raster, [0x606060, 0xa0a0a0])
      .dithered(DitherOptions(.errorDiffusion(.floydSteinberg)))
    let first = image.meanRed(ofRows: 0..<2)
    let border = image.meanRed(ofRows: 128..<130)
    #expect(abs(border - 106) < 2)
    #expect(abs(border - 106) < abs(first - 106))
  }
}
