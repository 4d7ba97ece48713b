import ParallelWork
import Rasters
import Segmentation

/// The channels of a strip's layers and of its pixels as Photoshop's files have them:
/// each alone, row by row, in runs.
struct PhotoshopPlanes {
  /// A channel of some rows.
  struct Plane: Sendable {
    /// The bytes of all rows.
    var bytes: [UInt8] = []

    /// How many each row has.
    var counts: [Int] = []
  }

  /// The layers, the top one first, and behind them the picture; of each red, green,
  /// blue and alpha.
  let planes: [[Plane]]

  /// Compresses a strip.
  ///
  /// - Complexity: O(pixels × layers).
  init(_ strip: LayerStrip, workers: Workers) {
    planes = WorkMeter.silently {
      workers.map(strip.count + 1) { n in
        guard n < strip.count else {
          return Self.planes(of: strip.pixels.blendedOnWhite())
        }
        let channels = strip.channels.count
        switch strip.samples {
        case .eight(let samples):
          return Self.planes(
            samples[strip.range(of: n)], channels, strip.width)
        case .sixteen(let samples):
          return Self.planes(
            samples[strip.range(of: n)], channels, strip.width)
        }
      }
    }
  }

  private static func planes(of pixels: Pixels) -> [Plane] {
    let (channels, width) = (pixels.channels.count, pixels.size.width)
    switch pixels {
    case .eight(let raster): return planes(raster.samples[...], channels, width)
    case .sixteen(let raster):
      return planes(raster.samples[...], channels, width)
    }
  }

  private static func planes<Sample: FixedWidthInteger>(
    _ samples: ArraySlice<Sample>, _ channels: Int, _ width: Int
  ) -> [Plane] {
    let bytes = Sample.bitWidth / 8
    let rows = samples.count / (channels * width)
    return samples.withUnsafeBufferPointer { samples in
      (0..<4).map { channel in
        var plane = Plane()
        plane.counts.reserveCapacity(rows)
        withUnsafeTemporaryAllocation(of: UInt8.self, capacity: bytes * width) {
          row in
          row.initialize(repeating: 255)
          for y in 0..<rows {
            // What has no alpha is opaque.
            if channel < channels {
              var source = y * width * channels + channel
              for x in 0..<width {
                let sample = samples[source]
                if bytes == 1 {
                  row[x] = UInt8(truncatingIfNeeded: sample)
                } else {
                  row[2 * x] = UInt8(truncatingIfNeeded: sample >> 8)
                  row[2 * x + 1] = UInt8(truncatingIfNeeded: sample)
                }
                source += channels
              }
            }
            let before = plane.bytes.count
            PackBits.append(UnsafeBufferPointer(row), to: &plane.bytes)
            plane.counts.append(plane.bytes.count - before)
          }
        }
        return plane
      }
    }
  }
}

extension Pixels {
  /// The colours as they look on white, beside the alpha: so Photoshop stores a whole
  /// picture that is translucent.
  fileprivate func blendedOnWhite() -> Pixels {
    guard channels == .rgba else { return self }
    switch self {
    case .eight(let raster):
      return .eight(
        Raster(
          size: raster.size, channels: .rgba,
          samples: Self.onWhite(raster.samples)))
    case .sixteen(let raster):
      return .sixteen(
        DeepRaster(
          size: raster.size, channels: .rgba,
          samples: Self.onWhite(raster.samples)))
    }
  }

  private static func onWhite<Sample: FixedWidthInteger>(
    _ samples: [Sample]
  ) -> [Sample] {
    let most = Int(Sample.max)
    var result = samples
    for first in stride(from: 0, to: samples.count, by: 4) {
      let alpha = Int(samples[first + 3])
      for d in first..<first + 3 where alpha < most {
        let sum = alpha * Int(samples[d]) + (most - alpha) * most
        result[d] = Sample(truncatingIfNeeded: (sum + most / 2) / most)
      }
    }
    return result
  }
}
