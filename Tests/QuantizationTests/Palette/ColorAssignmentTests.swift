import Quantization
import Rasters
import Testing
import TruncatedEM
import _TestSupport

@Suite struct ColorAssignmentTests {
  private func assign(
    _ raster: Raster, to means: [Double]
  ) throws -> (ColorAssignment, ColorHistogram) {
    let histogram = ColorHistogram(of: raster)
    let assignment = try ColorAssignment(
      rounding: try MixtureModel(means: means, dimension: 3),
      of: ColorPoints(histogram, engine: TruncatedEM()))
    return (assignment, histogram)
  }

  private func squaredDistance(_ a: RGBColor, _ b: RGBColor) -> Int {
    let red = Int(a.red) - Int(b.red)
    let green = Int(a.green) - Int(b.green)
    let blue = Int(a.blue) - Int(b.blue)
    return red * red + green * green + blue * blue
  }

  @Test func roundsMergesAndSortsByUse() throws {
    // Three pixels near black, one white; means 1 and 3 round to one colour,
    // mean 4 is nobody's nearest.
    let raster = TestRasters.make(width: 4, height: 1) { x, _ in
      x < 3 ? 0x000001 : 0xffffff
    }
    let (assignment, _) = try assign(
      raster,
      to: [260, 254.6, 255, 0.4, 0.2, 0.6, 0.1, -5, 1.2, 128, 128, 128])
    let entries = assignment.palette.entries
    #expect(entries.map(\.color.packed) == [0x000001, 0xffffff])
    #expect(entries.map(\.component) == [1, 0])
    #expect(entries.map(\.count) == [3, 1])
    #expect(assignment.entries == [0, 1])
    #expect(assignment.squaredError == 0)
  }

  @Test func ordersEqualCountsByColour() throws {
    let raster = TestRasters.make(width: 3, height: 1) { x, _ in
      [0x00ff00, 0x0000ff, 0xff0000][x]
    }
    let (assignment, _) = try assign(
      raster, to: [255, 0, 0, 0, 255, 0, 0, 0, 255])
    #expect(
      assignment.palette.colors.map(\.packed) == [0x0000ff, 0x00ff00, 0xff0000])
  }

  @Test func mapsToTheNearest() throws {
    let raster = TestRasters.noisyGradient(width: 90, height: 70)
    var numbers = Generator(seed: 3)
    let means = (0..<60).map { _ in Double(numbers.next() >> 40) / 65_793 }
    let (assignment, histogram) = try assign(raster, to: means)
    let palette = assignment.palette.colors
    var squaredError = 0
    for (n, packed) in histogram.colors.enumerated() {
      let color = RGBColor(packed: packed)
      let distances = palette.map { squaredDistance($0, color) }
      let least = distances.min() ?? -1
      #expect(distances[Int(assignment.entries[n])] == least)
      squaredError += least * Int(histogram.counts[n])
    }
    #expect(assignment.squaredError == Double(squaredError))
    #expect(
      assignment.palette.entries.map(\.count).reduce(0, +)
        == histogram.pixelCount)
  }

  @Test func faintPixelsShareTheTransparentEntry() throws {
    // Transparent, hardly there, half there and opaque.
    let size = try #require(ImageSize(width: 5, height: 1))
    let raster = Raster(
      size: size, channels: .rgba,
      samples: [
        9, 9, 9, 0, 255, 0, 0, 2, 0, 0, 0, 128, 0, 0, 0, 250, 250, 250, 250,
        255,
      ])
    let points = ColorPoints(
      ColorHistogram(of: raster), engine: try TruncatedEM())
    let fit = try points.fit(colors: 4, truncation: .hard)
    let assignment = try ColorAssignment(rounding: fit.model, of: points)
    let entries = assignment.palette.entries
    #expect(entries.count == 4)
    #expect(entries[0].alpha == 0)
    #expect(entries[0].color.packed == 0)
    #expect(entries[0].count == 2)
    #expect(Set(entries.map(\.alpha)) == [0, 128, 250, 255])
    #expect(entries.map(\.count).reduce(0, +) == 5)
  }

  @Test func opaquePixelsFindOpaqueEntriesNearby() throws {
    // Each of four greys has a few opaque pixels among many that are nearly
    // so. By majority no component would be opaque.
    let size = try #require(ImageSize(width: 40, height: 10))
    var samples: [UInt8] = []
    for y in 0..<10 {
      for x in 0..<40 {
        let grey = UInt8(x / 10 * 60)
        samples += [grey, grey, grey, y == 0 ? 255 : 252]
      }
    }
    let raster = Raster(size: size, channels: .rgba, samples: samples)
    let points = ColorPoints(
      ColorHistogram(of: raster), engine: try TruncatedEM())
    let fit = try points.fit(colors: 4, truncation: .hard)
    let assignment = try ColorAssignment(rounding: fit.model, of: points)
    let greys = assignment.palette.entries.map { Int($0.color.red) }.sorted()
    #expect(greys.count == 4)
    for (grey, expected) in zip(greys, [0, 60, 120, 180]) {
      #expect(abs(grey - expected) <= 1)
    }
    #expect(assignment.palette.alphas.isEmpty)
  }
}
