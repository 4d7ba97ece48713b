import Quantization
import Rasters
import Testing
import _TestSupport

@Suite struct GivenColorsTests {
  @Test(arguments: [false, true])
  func coloursOfAnImageGiveItsHistogram(isTranslucent: Bool) throws {
    let raster =
      isTranslucent
      ? TestRasters.disc(side: 24)
      : TestRasters.noisyGradient(width: 30, height: 20)
    let counted = ColorHistogram(of: raster)
    let order = Array((0..<counted.count).reversed())
    let given = try #require(
      ColorHistogram(
        colors: order.map { counted.color($0) },
        counts: order.map { counted.counts[$0] }))
    #expect(given.bytes() == counted.bytes())
  }

  @Test func equalColoursAreAdded() throws {
    let colors: [SIMD4<UInt16>] = [
      [257, 514, 0, 65_535], [1, 2, 3, 65_535], [257, 514, 0, 65_535],
    ]
    let histogram = try #require(
      ColorHistogram(
        colors: colors, counts: [1, 2, .max], weights: [0.5, 2, 0.25]))
    #expect(histogram.count == 2)
    #expect(Set(histogram.counts) == [2, .max])
    #expect(Set(histogram.weights ?? []) == [2, 0.75])
    #expect(histogram.pixelCount == 3 + Int(UInt32.max))
  }

  @Test func whatIsNoHistogramIsRefused() {
    let one: [SIMD4<UInt16>] = [[1, 2, 3, 4]]
    #expect(ColorHistogram(colors: [], counts: []) == nil)
    #expect(ColorHistogram(colors: one, counts: [0]) == nil)
    #expect(ColorHistogram(colors: one, counts: [1, 2]) == nil)
    for weight in [-1, 0, Double.nan, .infinity] {
      #expect(
        ColorHistogram(colors: one, counts: [1], weights: [weight]) == nil)
    }
  }
}
