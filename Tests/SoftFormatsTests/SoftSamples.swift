import Foundation
import ImageFormats
import ParallelWork
import Quantization
import Rasters
import Segmentation
import SoftFormats
import SystemPackage
import TruncatedEM
import _TestSupport

/// Responsibilities of small pictures, and places to write them to.
enum SoftSamples {
  /// An opaque picture of 40 × 30 pixels.
  static let opaque = Pixels.eight(
    TestRasters.noisyGradient(width: 40, height: 30))

  /// The same with all alphas.
  static let translucent: Pixels = {
    let raster = TestRasters.noisyGradient(width: 40, height: 30)
    var samples: [UInt8] = []
    for pixel in 0..<raster.size.pixelCount {
      samples += raster.samples[3 * pixel..<3 * pixel + 3]
      samples.append(UInt8(max(0, pixel % 256 - 20)))
    }
    return .eight(
      Raster(size: raster.size, channels: .rgba, samples: samples))
  }()

  /// Responsibilities of a picture.
  static func image(
    _ pixels: Pixels, components: Int = 6, truncation: Int = 3,
    threads: Int = 1
  ) throws -> SoftImage {
    let histogram = ColorHistogram(of: pixels)
    let truncation = Truncation(truncation)
    let fit = try TruncatedEM().fit(
      histogram.tree(), components: components, pinned: histogram.pinnedMeans(),
      truncation: truncation)
    let map = try ResponsibilityMap(
      pixels, histogram: histogram, model: fit.model, truncation: truncation,
      threads: threads)
    return SoftImage(
      map, freeEnergy: fit.iterations.last?.freeEnergy ?? 0, threads: threads)
  }

  /// Every responsibility of every pixel, those not kept as 0.
  static func dense(_ image: SoftImage) -> [[Double]] {
    let map = image.map
    let strip = map.strip(0..<map.size.height)
    let count = map.truncation.count
    return (0..<strip.pixelCount).map { pixel in
      var row = [Double](repeating: 0, count: map.components)
      for entry in pixel * count..<(pixel + 1) * count {
        row[Int(strip.components[entry])] = Double(
          strip.responsibilities[entry])
      }
      return row
    }
  }

  /// Calls `body` with a path in a folder of its own, which is removed.
  @discardableResult
  static func withPath<Result>(
    _ name: String, _ body: (FilePath) throws -> Result
  ) throws -> Result {
    let folder = FileManager.default.temporaryDirectory
      .appendingPathComponent("soft-formats-\(UUID().uuidString)")
    try FileManager.default.createDirectory(
      at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    return try body(FilePath(folder.path).appending(name))
  }

  static func bytes(_ path: FilePath) throws -> [UInt8] {
    [UInt8](try Data(contentsOf: URL(fileURLWithPath: path.string)))
  }

  /// The samples of a PNG as they are, 0 to 1, red, green, blue (and alpha) of a
  /// pixel.
  static func samples(ofPNG bytes: [UInt8]) throws -> [[Double]] {
    let pixels = try ImageDecoder.decode(bytes, into: .input).pixels
    let width = pixels.channels.count
    let flat: [Double] =
      switch pixels {
      case .eight(let raster): raster.samples.map { Double($0) / 255 }
      case .sixteen(let raster): raster.samples.map { Double($0) / 65_535 }
      }
    return stride(from: 0, to: flat.count, by: width).map {
      Array(flat[$0..<$0 + width])
    }
  }
}
