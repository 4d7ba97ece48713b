import ImageQuality
import ParallelWork
import Quantization
import Rasters
import Testing
import TruncatedEM
import _TestSupport

@Suite struct ColorMapTests {
  private func prepare(
    _ raster: Raster, components: Int
  ) throws -> (ColorMap, ColorAssignment, ColorHistogram) {
    let histogram = ColorHistogram(of: raster)
    var options = FitOptions()
    options.maximumIterations = 3
    let points = ColorPoints(histogram, engine: try TruncatedEM(options))
    let fit = try points.fit(colors: components, truncation: .hard)
    let assignment = try ColorAssignment(rounding: fit.model, of: points)
    return (ColorMap(assignment), assignment, histogram)
  }

  @Test(arguments: [1, 4])
  func givesEveryPixelTheEntryOfItsColour(threads: Int) throws {
    let raster = TestRasters.noisyGradient(width: 500, height: 400)
    let (map, assignment, histogram) = try prepare(raster, components: 20)
    let entries = Dictionary(
      uniqueKeysWithValues: zip(histogram.colors, assignment.entries))
    let workers = Workers(threads: threads)
    let image = try #require(map.indexed(.eight(raster), workers: workers))
    #expect(image.palette == assignment.palette.colors)
    let colors = map.mapped(.eight(raster), workers: workers)
    #expect(colors.size == raster.size)
    for pixel in 0..<raster.size.pixelCount {
      let samples = raster.samples[3 * pixel..<3 * pixel + 3]
      let packed = samples.reduce(UInt32(0)) { $0 << 8 | UInt32($1) }
      let entry = entries[packed]
      guard entry == UInt16(image.indices[pixel]) else {
        Issue.record("pixel \(pixel) has entry \(image.indices[pixel])")
        return
      }
      let color = image.palette[Int(image.indices[pixel])]
      guard
        colors.samples[3 * pixel..<3 * pixel + 3]
          == [color.red, color.green, color.blue]
      else {
        Issue.record("pixel \(pixel) has another colour than its entry")
        return
      }
    }
  }

  @Test func largePalettesAreNotIndexed() throws {
    let raster = TestRasters.noisyGradient(width: 60, height: 60)
    let (map, assignment, _) = try prepare(raster, components: 300)
    #expect(assignment.palette.entries.count > 256)
    #expect(map.indexed(.eight(raster), workers: Workers(threads: 1)) == nil)
    let mapped = map.mapped(.eight(raster), workers: Workers(threads: 1))
    let distortion = Distortion(of: raster, mapped)
    #expect(
      distortion
        == Distortion(
          squaredError: assignment.squaredError,
          pixels: raster.size.pixelCount))
  }
}
