import ColorModels
import ParallelWork
import Quantization
import Rasters
import Testing
import TruncatedEM
import _TestSupport

@Suite struct ColorDifferenceMeasureTests {
  @Test func isTheMeanOverPixels() throws {
    let raster = TestRasters.noisyGradient(width: 150, height: 120)
    let histogram = ColorHistogram(of: raster)
    let points = ColorPoints(histogram, engine: try TruncatedEM())
    let fit = try points.fit(colors: 9, truncation: .hard)
    let assignment = try ColorAssignment(rounding: fit.model, of: points)
    let workers = Workers(threads: 1)
    let mapped = ColorMap(assignment).mapped(
      .eight(raster), workers: workers)

    var sum = 0.0
    for pixel in 0..<raster.size.pixelCount {
      let colors = [raster, mapped].map { raster in
        LabColor(
          RGBColor(
            red: raster.samples[3 * pixel],
            green: raster.samples[3 * pixel + 1],
            blue: raster.samples[3 * pixel + 2]))
      }
      sum += colors[0].difference(to: colors[1])
    }
    let expected = sum / Double(raster.size.pixelCount)
    let measured = ColorDifferenceMeasure(histogram, workers: workers)
      .mean(of: assignment)
    #expect(abs(measured - expected) < 1e-11)
    #expect(
      ColorDifferenceMeasure(histogram, workers: Workers(threads: 3))
        .mean(of: assignment) == measured)
  }

  @Test func exactPalettesDifferByNothing() throws {
    let raster = TestRasters.make(width: 3, height: 1) { x, _ in
      [0x123456, 0xffffff, 0x00ff00][x]
    }
    let histogram = ColorHistogram(of: raster)
    let points = ColorPoints(histogram, engine: try TruncatedEM())
    let fit = try points.fit(colors: 3, truncation: .hard)
    let assignment = try ColorAssignment(rounding: fit.model, of: points)
    let measure = ColorDifferenceMeasure(
      histogram, workers: Workers(threads: 1))
    #expect(measure.mean(of: assignment) == 0)
  }
}
