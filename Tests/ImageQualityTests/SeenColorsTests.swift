import ColorModels
import ImageQuality
import ParallelWork
import Rasters
import Testing
import _TestSupport

@Suite struct SeenColorsTests {
  /// The distinct colours of an image, the number of each pixel's, and the image
  /// in which each has an entry of a palette.
  private struct Mapping {
    var colors: [SIMD4<UInt16>] = []
    var numbers: [UInt32] = []
    var entries: [UInt16] = []
    let image: Pixels

    init(_ raster: Raster, to palette: [SIMD4<UInt8>]) {
      var places: [SIMD4<UInt16>: UInt32] = [:]
      var samples: [UInt8] = []
      let width = raster.channels.count
      for pixel in 0..<raster.size.pixelCount {
        var color = SIMD4<UInt16>(repeating: .max)
        for d in 0..<width {
          color[d] = UInt16(raster.samples[width * pixel + d]) * 257
        }
        let number = places[color] ?? UInt32(colors.count)
        if places[color] == nil {
          places[color] = number
          colors.append(color)
          entries.append(UInt16(Int(color.x >> 8) * palette.count / 256))
        }
        numbers.append(number)
        let entry = palette[Int(entries[Int(number)])]
        for d in 0..<width { samples.append(entry[d]) }
      }
      image = .eight(
        Raster(
          size: raster.size, channels: raster.channels, samples: samples))
    }
  }

  private let opaque: [SIMD4<UInt8>] = [
    SIMD4(20, 30, 40, 255), SIMD4(128, 90, 77, 255), SIMD4(220, 200, 90, 255),
  ]

  private func check(_ raster: Raster, _ palette: [SIMD4<UInt8>]) throws {
    let mapping = Mapping(raster, to: palette)
    let workers = Workers(threads: 3)
    let seen = SeenColors(
      of: .eight(raster), colors: mapping.colors, numbers: mapping.numbers,
      workers: workers)
    let difference = seen.difference(
      to: palette.map { SIMD4<UInt16>(truncatingIfNeeded: $0) &* 257 },
      entries: mapping.entries)
    let metrics = try ImageMetrics(
      of: mapping.image, against: .eight(raster), workers: workers)
    #expect(difference == metrics.colorDifference)
    #expect(difference.mean > 1)
    #expect(
      try ColorDifference(
        of: mapping.image, against: .eight(raster), workers: workers)
        == difference)
  }

  @Test func areThoseOfThePixels() throws {
    // Several bands, whose sums are added.
    try check(TestRasters.noisyGradient(width: 400, height: 400), opaque)
  }

  @Test func areThoseOfThePixelsWithAlpha() throws {
    try check(
      TestRasters.disc(side: 90),
      [SIMD4(0, 0, 0, 0), SIMD4(200, 90, 77, 130), SIMD4(220, 60, 90, 255)])
  }

  @Test func nothingDiffersFromItself() {
    let raster = TestRasters.noisyGradient(width: 30, height: 20)
    let colors = raster.samples.prefix(3).map { UInt16($0) * 257 }
    let color = SIMD4(colors[0], colors[1], colors[2], .max)
    let seen = SeenColors(
      of: .eight(raster), colors: [color],
      numbers: [UInt32](repeating: 0, count: 600),
      workers: Workers(threads: 1))
    let difference = seen.difference(to: [color], entries: [0])
    #expect(difference.mean == 0)
    #expect(difference.percentile95 == 0)
  }

  @Test func sizesMustAgree() {
    let (first, second) = (
      TestRasters.noisyGradient(width: 30, height: 20),
      TestRasters.noisyGradient(width: 20, height: 30)
    )
    #expect(throws: MetricsError.sizesDiffer(second.size, first.size)) {
      try ColorDifference(
        of: .eight(first), against: .eight(second),
        workers: Workers(threads: 1))
    }
  }
}
