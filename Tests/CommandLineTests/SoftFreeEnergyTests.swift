import Foundation
import ImageFormats
import Rasters
import Testing
import _TestSupport

/// F of an .npz, added up from the picture and the arrays of the file.
@Suite struct SoftFreeEnergyTests {
  private static let picture = TestRasters.noisyGradient(width: 32, height: 24)

  /// The same with a hole.
  private static let holed: Raster = {
    var samples: [UInt8] = []
    for pixel in 0..<picture.size.pixelCount {
      samples += picture.samples[3 * pixel..<3 * pixel + 3]
      samples.append(pixel % 32 < 5 ? 0 : 255)
    }
    return Raster(size: picture.size, channels: .rgba, samples: samples)
  }()

  /// Brighter to the right.
  private static let mask = TestRasters.make(width: 32, height: 24) { x, _ in
    UInt32(8 * x) * 0x010101
  }

  private func bench() throws -> Workbench {
    let bench = try Workbench()
    try bench.write(Self.picture, to: "a.png")
    try bench.write(Self.holed, to: "holed.png")
    try bench.write(Self.mask, to: "mask.png")
    return bench
  }

  /// F per pixel by the formula of docs/soft-outputs.md.
  private func freeEnergy(
    _ npz: NPZFile, _ points: [[Double]?]
  ) throws -> Double {
    let indices = try npz.array("indices")
    let kept = indices.shape[2]
    let means = try npz.array("means")
    let live = (0..<means.shape[0]).filter { !means.row($0)[0].isNaN }
    let dimension = Double(means.shape[1])
    let variances =
      npz.has("variances")
      ? try npz.array("variances").values
      : [Double](repeating: try npz.number("sigma2"), count: means.shape[0])
    let proportions =
      npz.has("proportions")
      ? try npz.array("proportions").values
      : [Double](repeating: 1 / Double(live.count), count: means.shape[0])
    var sum = 0.0
    var count = 0
    for (n, point) in points.enumerated() {
      guard let point else { continue }
      count += 1
      var density = 0.0
      for c in indices.values[n * kept..<(n + 1) * kept].map({ Int($0) }) {
        let distance = zip(point, means.row(c)).reduce(0) {
          $0 + ($1.0 - $1.1) * ($1.0 - $1.1)
        }
        density +=
          proportions[c] * pow(2 * .pi * variances[c], -dimension / 2)
          * exp(-distance / (2 * variances[c]))
      }
      sum += log(density)
    }
    return sum / Double(count)
  }

  private func npz(
    _ bench: Workbench, _ arguments: [String]
  ) throws -> NPZFile {
    let run = try bench.run(
      arguments + ["-q", "-o", "b.png", "--responsibilities", "s.npz"])
    #expect(run.status == 0, "\(run.error)")
    return try NPZFile(bench.read("s.npz"))
  }

  private static let colors: [[Double]?] = (0..<picture.size.pixelCount).map {
    picture.samples[3 * $0..<3 * $0 + 3].map(Double.init)
  }

  @Test(arguments: [
    ["-k", "5"], ["-k", "5", "--balance", "0.5"],
    ["-k", "9", "--balance", "0"],
    ["-k", "5", "--importance", "mask.png"],
    ["-k", "5", "--importance", "auto", "--balance", "0.25"],
    ["-k", "5", "--mixing", "learned", "--variance", "per-component"],
    ["-k", "5", "--mixing", "learned", "--balance", "0.5"],
    ["--palette", "mask.png"], ["-k", "5", "--max-iterations", "0"],
    ["-k", "5", "--memory", "1K", "--balance", "0.5"],
  ])
  func isThatOfTheStoredModel(options: [String]) throws {
    let npz = try npz(bench(), ["a.png", "-c", "3"] + options)
    let expected = try freeEnergy(npz, Self.colors)
    let stored = try npz.number("free_energy")
    #expect(abs(stored - expected) < 1e-9 * abs(expected))
  }

  @Test(arguments: [
    [], ["--balance", "0.5"],
    ["--mixing", "learned", "--variance", "per-component"],
  ])
  func transparentPixelsDoNotCount(options: [String]) throws {
    let npz = try npz(bench(), ["holed.png", "-k", "5", "-c", "2"] + options)
    let means = try npz.array("means")
    #expect(means.shape == [5, 3] && means.row(4).allSatisfy(\.isNaN))
    for name in ["variances", "proportions"] where npz.has(name) {
      #expect(try npz.array(name).shape == [5])
    }
    let points = Self.colors.enumerated().map { n, color in
      n % 32 < 5 ? nil : color
    }
    let expected = try freeEnergy(npz, points)
    let stored = try npz.number("free_energy")
    #expect(abs(stored - expected) < 1e-9 * abs(expected))
  }

  @Test(arguments: [0, 0.25, 2.0])
  func segmentsHaveIt(spatial: Double) throws {
    let npz = try npz(
      bench(),
      ["segment", "a.png", "-k", "4", "-c", "2", "--spatial", "\(spatial)"])
    let scale = 255 * spatial / 32
    let points = Self.colors.enumerated().map { n, color in
      color.map {
        spatial == 0
          ? $0 : $0 + [scale * Double(n % 32), scale * Double(n / 32)]
      }
    }
    let expected = try freeEnergy(npz, points)
    let stored = try npz.number("free_energy")
    #expect(abs(stored - expected) < 1e-9 * abs(expected))
  }
}
