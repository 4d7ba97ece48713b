public import Rasters

/// The layers of some rows of an image.
public struct LayerStrip: Sendable {
  /// The samples of all layers, the top one first, one layer after the other.
  public enum Samples: Sendable {
    /// 8 bits each.
    case eight([UInt8])

    /// 16 bits each.
    case sixteen([UInt16])
  }

  /// The rows of the image.
  public let rows: Range<Int>

  /// Pixels in a row.
  public let width: Int

  /// The number of layers.
  public let count: Int

  /// Red, green, blue and alpha that is not premultiplied; without alpha where layers
  /// add up.
  public let channels: Raster.Channels

  /// The samples.
  public let samples: Samples

  /// The pixels that the layers make.
  public let pixels: Pixels

  /// The number of pixels.
  public var pixelCount: Int { rows.count * width }

  /// Where the samples of a layer are.
  public func range(of layer: Int) -> Range<Int> {
    let length = pixelCount * channels.count
    return layer * length..<(layer + 1) * length
  }

  /// A layer's samples as image files have them, the higher byte of each first.
  ///
  /// - Complexity: O(pixels).
  package func fileBytes(of layer: Int) -> [UInt8] {
    switch samples {
    case .eight(let samples): return Array(samples[range(of: layer)])
    case .sixteen(let samples):
      let range = range(of: layer)
      return [UInt8](unsafeUninitializedCapacity: 2 * range.count) {
        bytes, filled in
        var place = 0
        for sample in samples[range] {
          bytes[place] = UInt8(truncatingIfNeeded: sample >> 8)
          bytes[place + 1] = UInt8(truncatingIfNeeded: sample)
          place += 2
        }
        filled = place
      }
    }
  }
}
