import Foundation
import Rasters
import Regions
import Segmentation
import Testing
import _TestSupport

/// Shapes of regions against direct sums, and the numbers of their pixels.
@Suite struct RegionShapeTests {
  private func table(
    _ rows: [String], pages: Int = 1
  ) throws -> RegionTable {
    let size = try #require(
      ImageSize(width: rows[0].count, height: rows.count))
    let labels = rows.flatMap { row in row.map { $0 == "#" ? Int32(1) : 0 } }
    let image = ChannelImage(
      size: try #require(
        ImageSize(width: size.width, height: size.height / pages)),
      pages: pages, names: ["a", "b"],
      samples: (0..<2 * size.pixelCount).map { Float($0 * $0 % 97) })
    return RegionTable(
      LabelMap(size: size, labels: labels, count: 2, pages: pages),
      RegionSamples(image))
  }

  /// What scikit-image 0.26 gives for these shapes.
  @Test func shapesHaveKnownNumbers() throws {
    let bar = try table([
      ".......", ".#####.", ".......", ".......",
    ]).regions[1]
    #expect(bar.perimeter == 3)
    #expect(bar.sides == 12)
    #expect(bar.shape.eccentricity == 1)
    #expect(abs(bar.shape.orientation.magnitude - .pi / 2) < 1e-12)
    #expect(abs(bar.shape.majorAxis - 4 * 2.0.squareRoot()) < 1e-12)
    #expect(bar.shape.minorAxis == 0)
    let square = try table([
      "......", ".####.", ".####.", ".####.", ".####.", "......",
    ]).regions[1]
    #expect(square.perimeter == 12)
    #expect(square.shape.eccentricity == 0)
    let diamond = try table([
      ".......", "...#...", "..###..", ".#####.", "..###..", "...#...",
      ".......",
    ]).regions[1]
    #expect(abs(diamond.perimeter - 8 * 2.0.squareRoot()) < 1e-12)
  }

  /// The moments of any region are those of an ellipse with the same axes.
  @Test func shapesAreThoseOfTheirMoments() throws {
    let map = TestMaps.random(
      width: 40, height: 30, labels: 3, seed: 6, patch: 6)
    let samples = RegionSamples(
      .eight(TestRasters.noisyGradient(width: 40, height: 30)))
    let table = RegionTable(map, samples)
    for (i, region) in table.regions.enumerated() where region.area > 4 {
      let pixels = table.map.labels.indices.filter {
        table.map.labels[$0] == Int32(i)
      }
      let (cx, cy) = (region.centroid.x, region.centroid.y)
      var (xx, yy, xy) = (0.0, 0.0, 0.0)
      for n in pixels {
        let (dx, dy) = (Double(n % 40) - cx, Double(n / 40) - cy)
        xx += dx * dx
        yy += dy * dy
        xy += dx * dy
      }
      let count = Double(pixels.count)
      // The variance along the orientation is the greater one.
      let angle = region.shape.orientation
      let (dx, dy) = (sin(angle), cos(angle))
      let along = (xx * dx * dx + 2 * xy * dx * dy + yy * dy * dy) / count
      let major = 4 * along.squareRoot()
      #expect(abs(major - region.shape.majorAxis) < 1e-9)
      let across = max(0, (xx + yy) / count - along)
      let minor = 4 * across.squareRoot()
      #expect(abs(minor - region.shape.minorAxis) < 1e-6)
      let eccentricity = max(0, 1 - across / along).squareRoot()
      #expect(abs(eccentricity - region.shape.eccentricity) < 1e-6)
    }
  }

  /// Means and spreads are those of all pixels; a region ends with its page.
  @Test func numbersAreThoseOfThePixels() throws {
    let rows = ["##..", "##..", "##.#", "##..", ".#..", ".#.."]
    let table = try table(rows, pages: 2)
    #expect(table.regions.count == 6)
    #expect(table.regions.map(\.page) == [0, 0, 0, 1, 1, 1])
    for (i, region) in table.regions.enumerated() {
      let pixels = table.map.labels.indices.filter {
        table.map.labels[$0] == Int32(i)
      }
      for d in 0..<2 {
        let values = pixels.map { n -> Double in
          let place = d * 24 + n
          return Double(place * place % 97)
        }
        let mean = values.reduce(0, +) / Double(values.count)
        let variance =
          values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
          / Double(values.count)
        #expect(abs(region.means[d] - mean) < 1e-9)
        #expect(abs(region.spreads[d] - variance.squareRoot()) < 1e-9)
      }
    }
    #expect(table.regions[3].rows == 0..<3)
  }

  /// Numbers of 16 bits are not rounded to 8.
  @Test func deepColorsAreNotRounded() throws {
    let size = try #require(ImageSize(width: 2, height: 1))
    let deep = DeepRaster(
      size: size, channels: .rgb, samples: [0, 1, 2, 3, 4, 60_000])
    let map = LabelMap(size: size, labels: [0, 0], count: 1)
    let region = RegionTable(map, RegionSamples(.sixteen(deep))).regions[0]
    let means: [Double] = [1.5, 2.5, 30_001]
    for (found, mean) in zip(region.means, means) {
      #expect(abs(found - mean / 257) < 1e-12)
    }
  }
}
