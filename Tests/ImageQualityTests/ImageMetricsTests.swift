import ColorModels
import Foundation
import ImageFormats
import ImageQuality
import ParallelWork
import Rasters
import Testing
import _TestSupport

@Suite struct ImageMetricsTests {
  /// What `Fixtures/make_fixtures.py` computed of a pair of images.
  private struct Case: Decodable {
    struct Difference: Decodable {
      let mean: Double
      let p95: Double
    }

    struct Differences: Decodable {
      let rounded: Difference
      let exact: Difference
    }

    let original: String
    let image: String
    let mse: Double
    let psnr: Double
    let ssim: Double
    let deltaE: Differences
    let oklabMse: Double

    static func all() throws -> [Case] {
      try JSONDecoder().decode([Case].self, from: data("scikit-image.json"))
    }
  }

  private static func data(_ name: String) throws -> Data {
    try Data(
      contentsOf: Bundle.module.bundleURL.appending(path: "Fixtures/\(name)"))
  }

  private static func image(_ name: String) throws -> Pixels {
    try ImageDecoder.decode([UInt8](data("\(name).png"))).pixels
  }

  private let photo = Pixels.eight(
    TestRasters.noisyGradient(width: 60, height: 150))

  /// The photo with fewer bits a sample, and alpha in stripes.
  private func reduced(alpha: Bool) -> Pixels {
    let raster = photo.rounded()
    var samples: [UInt8] = []
    for (place, sample) in raster.samples.enumerated() {
      samples.append(sample & 0xe0)
      if alpha, place % 3 == 2 {
        samples.append(UInt8(place / 3 % 7 * 42))
      }
    }
    return .eight(
      Raster(
        size: raster.size, channels: alpha ? .rgba : .rgb, samples: samples))
  }

  private func metrics(
    _ image: Pixels, _ original: Pixels, threads: Int = 2
  ) throws -> ImageMetrics {
    try ImageMetrics(
      of: image, against: original, workers: Workers(threads: threads))
  }

  @Test func agreesWithScikitImage() throws {
    let cases = try Case.all()
    #expect(cases.count == 8)
    for expected in cases {
      let found = try metrics(
        Self.image(expected.image), Self.image(expected.original))
      let name = Comment(rawValue: expected.image)
      let distortion = found.distortion
      #expect(
        abs(distortion.meanSquaredError / expected.mse - 1) < 1e-12, name)
      #expect(
        abs(distortion.peakSignalToNoiseRatio - expected.psnr) < 1e-9, name)
      let similarity = try #require(found.structuralSimilarity)
      #expect(abs(similarity - expected.ssim) < 1e-10, name)
      let difference = found.colorDifference
      let exact = expected.deltaE.exact
      #expect(abs(difference.mean - exact.mean) < 1e-9, name)
      // Each pixel's has single precision.
      #expect(abs(difference.percentile95 - exact.p95) < 1e-5, name)
      // With a matrix and a white that are rounded.
      let rounded = expected.deltaE.rounded
      #expect(abs(difference.mean - rounded.mean) < 1e-3, name)
      #expect(abs(difference.percentile95 / rounded.p95 - 1) < 1e-3, name)
      #expect(
        abs(found.oklabMeanSquaredError / expected.oklabMse - 1) < 1e-3, name)
    }
  }

  @Test func equalImagesDifferByNothing() throws {
    for image in [photo, reduced(alpha: true)] {
      let found = try metrics(image, image)
      #expect(found.distortion.meanSquaredError == 0)
      #expect(found.structuralSimilarity == 1)
      #expect(found.colorDifference.mean == 0)
      #expect(found.colorDifference.percentile95 == 0)
      #expect(found.oklabMeanSquaredError == 0)
    }
  }

  @Test(arguments: [false, true])
  func threadsChangeNothing(alpha: Bool) throws {
    let image = reduced(alpha: alpha)
    let found = try metrics(image, photo, threads: 1)
    for threads in [2, 3, 16] {
      #expect(try metrics(image, photo, threads: threads) == found)
    }
    #expect(found.distortion.meanSquaredError > 0)
  }

  @Test func squaredErrorIsThatOfTheRasters() throws {
    let image = reduced(alpha: false)
    #expect(
      try metrics(image, photo).distortion
        == Distortion(of: photo.rounded(), image.rounded()))
  }

  @Test func depthChangesNothing() throws {
    let raster = reduced(alpha: true).rounded()
    let deep = Pixels.sixteen(
      DeepRaster(
        size: raster.size, channels: .rgba,
        samples: raster.samples.map { UInt16($0) * 257 }))
    #expect(
      try metrics(deep, photo) == metrics(.eight(raster), photo))
  }

  @Test func opaqueAlphaIsNoAlpha() throws {
    let raster = reduced(alpha: false).rounded()
    var samples: [UInt8] = []
    for (place, sample) in raster.samples.enumerated() {
      samples.append(sample)
      if place % 3 == 2 { samples.append(255) }
    }
    let found = try metrics(
      .eight(Raster(size: raster.size, channels: .rgba, samples: samples)),
      photo)
    let expected = try metrics(.eight(raster), photo)
    #expect(found.distortion == expected.distortion)
    #expect(found.colorDifference == expected.colorDifference)
    let similarities = try #require(
      found.structuralSimilarity.flatMap { first in
        expected.structuralSimilarity.map { (first, $0) }
      })
    #expect(abs(similarities.0 - similarities.1) < 1e-14)
  }

  @Test func whatCannotBeSeenIsEqual() throws {
    let size = try #require(ImageSize(width: 20, height: 12))
    func transparent(_ sample: UInt8) -> Pixels {
      let pixel = [sample, 200, 255 - sample, 0]
      return .eight(
        Raster(
          size: size, channels: .rgba,
          samples: (0..<size.pixelCount).flatMap { _ in pixel }))
    }
    let found = try metrics(transparent(3), transparent(250))
    #expect(found.distortion.meanSquaredError == 0)
    #expect(found.structuralSimilarity == 1)
    #expect(found.colorDifference.percentile95 == 0)
  }

  /// One row or column: too few for the window. Checked against sorting.
  @Test(arguments: [1, 2, 3, 20, 21, 22, 999])
  func percentileIsThatOfSortedPixels(count: Int) throws {
    var numbers = Generator(seed: UInt64(count))
    let color: (Int, Int) -> UInt32 = { _, _ in
      UInt32(truncatingIfNeeded: numbers.next() >> 33) & 0xffffff
    }
    let first = TestRasters.make(width: count, height: 1, color)
    let second = TestRasters.make(width: count, height: 1, color)
    func lab(_ raster: Raster, _ pixel: Int) -> LabColor {
      LabColor(
        RGBColor(
          red: raster.samples[3 * pixel], green: raster.samples[3 * pixel + 1],
          blue: raster.samples[3 * pixel + 2]))
    }
    let sorted = (0..<count).map { pixel in
      lab(first, pixel).difference(to: lab(second, pixel))
    }.sorted()
    let rank = 0.95 * Double(count - 1)
    let (lower, upper) = (Int(rank), min(Int(rank) + 1, count - 1))
    let expected =
      sorted[lower] + (rank - Double(lower)) * (sorted[upper] - sorted[lower])
    let found = try metrics(.eight(second), .eight(first))
    #expect(abs(found.colorDifference.percentile95 - expected) < 1e-5)
    #expect(
      abs(
        found.colorDifference.mean
          - sorted.reduce(0, +) / Double(count)) < 1e-9)
    #expect(found.structuralSimilarity == nil)
  }

  @Test func windowMustFit() throws {
    for (width, height) in [(10, 11), (11, 10), (11, 11), (12, 11)] {
      let first = TestRasters.noisyGradient(width: width, height: height)
      let second = TestRasters.make(width: width, height: height) { _, _ in
        0x406080
      }
      let similarity = try metrics(.eight(second), .eight(first))
        .structuralSimilarity
      #expect((similarity != nil) == (min(width, height) >= 11))
      if let similarity { #expect(similarity > 0 && similarity < 1) }
    }
  }

  @Test func sizesMustBeEqual() throws {
    let other = Pixels.eight(
      TestRasters.noisyGradient(width: 60, height: 149))
    #expect(throws: MetricsError.sizesDiffer(photo.size, other.size)) {
      _ = try metrics(other, photo)
    }
    let message = MetricsError.sizesDiffer(photo.size, other.size).message
    #expect(message.contains("60 x 149"))
    #expect(message.contains("60 x 150"))
  }
}
