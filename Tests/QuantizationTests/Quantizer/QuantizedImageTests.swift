import ImageQuality
import Quantization
import Rasters
import Testing
import TruncatedEM
import _TestSupport

@Suite struct QuantizedImageTests {
  private let photo = TestRasters.noisyGradient(width: 90, height: 60)

  private func quantize(
    _ raster: Raster, colors: Int, cprime: Int
  ) throws -> QuantizedImage {
    var options = QuantizerOptions(
      start: .search(try PaletteSize(colors)),
      truncation: Truncation(cprime))
    options.maximumIterations = 20
    return try Quantizer(options).quantize(raster)
  }

  @Test(arguments: [1, 2, 10])
  func pixelsAndMeasuresBelongTogether(cprime: Int) throws {
    let image = try quantize(photo, colors: 10, cprime: cprime)
    let raster = image.raster()
    #expect(Distortion(of: photo, raster) == image.distortion)
    #expect(image.distortion.meanSquaredError >= image.inertia)
    // Rounding moves each of three coordinates by at most a half.
    #expect(image.distortion.meanSquaredError <= image.inertia + 0.75)
    #expect(image.fit.model.components == 10)
  }

  @Test func moreColoursThanIndicesAreWrittenAsColours() throws {
    let image = try quantize(photo, colors: 400, cprime: 1)
    guard case .colors(let raster) = image.mapped else {
      Issue.record("400 colours were indexed")
      return
    }
    #expect(image.palette.entries.count > 256)
    #expect(Distortion(of: photo, raster) == image.distortion)
  }

  @Test func oneColourIsTheMean() throws {
    let raster = TestRasters.make(width: 2, height: 1) { x, _ in
      x == 0 ? 0x000000 : 0x0a141e
    }
    let image = try quantize(raster, colors: 1, cprime: 1)
    #expect(image.palette.colors.map(\.packed) == [0x050a0f])
    // Each pixel is 5, 10 and 15 away.
    #expect(image.distortion.meanSquaredError == 350)
  }
}
