/// The pixels of a decoded image, in the depth that its file has.
public enum Pixels: Sendable {
  /// 8 bits a sample.
  case eight(Raster)

  /// 16 bits a sample.
  case sixteen(DeepRaster)

  /// Width and height.
  public var size: ImageSize {
    switch self {
    case .eight(let raster): raster.size
    case .sixteen(let raster): raster.size
    }
  }

  /// The image in 8 bits a sample, rounded where it has more.
  ///
  /// - Complexity: O(pixels) where it has more, O(1) otherwise.
  public func rounded() -> Raster {
    switch self {
    case .eight(let raster): raster
    case .sixteen(let raster): raster.rounded()
    }
  }

  /// Which samples a pixel has.
  public var channels: Raster.Channels {
    switch self {
    case .eight(let raster): raster.channels
    case .sixteen(let raster): raster.channels
    }
  }
}

extension Pixels {
  /// The samples as image files have them, the higher byte of each first.
  ///
  /// - Parameter hasAlpha: Whether alpha is among them; opaque where there is none.
  /// - Returns: The bytes, row by row.
  /// - Complexity: O(pixels).
  package func fileBytes(hasAlpha: Bool) -> [UInt8] {
    guard hasAlpha, channels == .rgb else {
      let count = hasAlpha ? 4 : 3
      switch self {
      case .eight(let raster) where raster.channels.count == count:
        return raster.samples
      case .eight(let raster):
        return raster.samples.enumerated().compactMap { n, sample in
          n % 4 < 3 ? sample : nil
        }
      case .sixteen(let raster):
        return raster.fileBytes(samplesOfPixel: count)
      }
    }
    let bytes = fileBytes(hasAlpha: false)
    var depth = 1
    if case .sixteen = self { depth = 2 }
    var result: [UInt8] = []
    result.reserveCapacity(bytes.count / 3 * 4)
    for first in stride(from: 0, to: bytes.count, by: 3 * depth) {
      result += bytes[first..<first + 3 * depth]
      for _ in 0..<depth { result.append(255) }
    }
    return result
  }

  /// Whether no pixel has less than the full alpha.
  ///
  /// - Complexity: O(pixels) with alpha, O(1) without.
  package var isOpaque: Bool {
    func isOpaque<Sample: FixedWidthInteger>(_ samples: [Sample]) -> Bool {
      stride(from: 3, to: samples.count, by: 4).allSatisfy {
        samples[$0] == .max
      }
    }
    guard channels == .rgba else { return true }
    return switch self {
    case .eight(let raster): isOpaque(raster.samples)
    case .sixteen(let raster): isOpaque(raster.samples)
    }
  }
}
