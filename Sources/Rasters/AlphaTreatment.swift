/// What becomes of an image's alpha before anything else.
///
/// Whatever it is, fully transparent pixels lose their red, green and blue:
/// what cannot be seen counts nowhere.
public enum AlphaTreatment: Hashable, Sendable {
  /// It stays.
  case keep

  /// The image is shown on a colour, in the encoding of its samples, as browsers
  /// do; no alpha is left.
  case flatten(RGBColor)

  /// Alpha becomes 255 where it is at least this, 1 to 255, and 0 elsewhere.
  case threshold(UInt8)
}

extension Pixels {
  /// The image with its alpha treated.
  ///
  /// - Parameter treatment: What to do; images without alpha stay as they are.
  /// - Returns: `.rgb` where no alpha is left.
  /// - Complexity: O(pixels).
  public func treated(_ treatment: AlphaTreatment) -> Pixels {
    guard channels == .rgba else { return self }
    switch treatment {
    case .keep: return withoutUnseen()
    case .flatten(let color): return flattened(onto: color)
    case .threshold(let least):
      return thresholded(at: least).withoutUnseen()
    }
  }

  /// The image with black in place of the colours of fully transparent pixels.
  private func withoutUnseen() -> Pixels {
    switch self {
    case .eight(let raster):
      return Self.seen(raster.samples).map {
        .eight(Raster(size: raster.size, channels: .rgba, samples: $0))
      } ?? self
    case .sixteen(let raster):
      return Self.seen(raster.samples).map {
        .sixteen(DeepRaster(size: raster.size, channels: .rgba, samples: $0))
      } ?? self
    }
  }

  /// Samples without unseen colours; `nil` where there are none.
  @inline(__always)
  private static func seen<Sample: FixedWidthInteger>(
    _ samples: [Sample]
  ) -> [Sample]? {
    func isUnseen(_ first: Int) -> Bool {
      samples[first + 3] == 0
        && samples[first] | samples[first + 1] | samples[first + 2] != 0
    }
    let pixels = stride(from: 0, to: samples.count, by: 4)
    guard let found = pixels.first(where: isUnseen) else { return nil }
    var seen = samples
    for first in stride(from: found, to: samples.count, by: 4)
    where samples[first + 3] == 0 {
      for d in 0..<3 { seen[first + d] = 0 }
    }
    return seen
  }

  private func flattened(onto color: RGBColor) -> Pixels {
    switch self {
    case .eight(let raster):
      let background = [Int(color.red), Int(color.green), Int(color.blue)]
      return .eight(
        Raster(
          size: raster.size, channels: .rgb,
          samples: Self.blend(raster.samples, background, opaque: 255)))
    case .sixteen(let raster):
      let background = [color.red, color.green, color.blue].map {
        Int($0) * 257
      }
      return .sixteen(
        DeepRaster(
          size: raster.size, channels: .rgb,
          samples: Self.blend(raster.samples, background, opaque: 65_535)))
    }
  }

  @inline(__always)
  private static func blend<Sample: FixedWidthInteger>(
    _ samples: [Sample], _ background: [Int], opaque: Int
  ) -> [Sample] {
    var result: [Sample] = []
    result.reserveCapacity(samples.count / 4 * 3)
    for first in stride(from: 0, to: samples.count, by: 4) {
      let alpha = Int(samples[first + 3])
      for d in 0..<3 {
        let sum =
          alpha * Int(samples[first + d]) + (opaque - alpha) * background[d]
        result.append(Sample(truncatingIfNeeded: (sum + opaque / 2) / opaque))
      }
    }
    return result
  }

  private func thresholded(at least: UInt8) -> Pixels {
    switch self {
    case .eight(let raster):
      var samples = raster.samples
      for alpha in stride(from: 3, to: samples.count, by: 4) {
        samples[alpha] = samples[alpha] >= least ? .max : 0
      }
      return .eight(
        Raster(size: raster.size, channels: .rgba, samples: samples))
    case .sixteen(let raster):
      var samples = raster.samples
      for alpha in stride(from: 3, to: samples.count, by: 4) {
        samples[alpha] = samples[alpha] >= UInt16(least) * 257 ? .max : 0
      }
      return .sixteen(
        DeepRaster(size: raster.size, channels: .rgba, samples: samples))
    }
  }
}
