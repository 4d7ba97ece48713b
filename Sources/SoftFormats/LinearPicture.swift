import CLibrary
import Rasters

/// An image as OpenEXR has it: light, premultiplied by alpha.
struct LinearPicture: Sendable {
  private let channelCount: Int
  private let isDeep: Bool

  /// Light by sample.
  private let table: [Float]

  /// Prepares to convert images encoded by the function of sRGB
  /// (IEC 61966-2-1).
  ///
  /// - Parameter pixels: Some pixels of such an image.
  init(_ pixels: Pixels) {
    channelCount = pixels.channels.count
    isDeep =
      switch pixels {
      case .eight: false
      case .sixteen: true
      }
    let most = isDeep ? 65_535 : 255
    table = (0...most).map { sample in
      let value = Double(sample) / Double(most)
      return Float(
        value <= 0.04045 ? value / 12.92 : pow((value + 0.055) / 1.055, 2.4))
    }
  }

  /// The channels that ``planes(of:in:from:)`` gives.
  var channels: [EXRChannel] {
    ["R", "G", "B", "A"].prefix(channelCount).map {
      EXRChannel(name: $0, isHalf: !isDeep)
    }
  }

  /// The samples of some rows, channel after channel.
  ///
  /// - Parameters:
  ///   - rows: Numbers of rows.
  ///   - pixels: Pixels of the image that hold them.
  ///   - first: The number of the first row of those.
  /// - Returns: Light, and alpha.
  /// - Complexity: O(pixels of the rows).
  func planes(
    of rows: Range<Int>, in pixels: Pixels, from first: Int
  ) -> [[Float]] {
    let width = pixels.size.width
    let range =
      (rows.lowerBound - first) * width..<(rows.upperBound - first) * width
    switch pixels {
    case .eight(let raster): return planes(raster.samples, range, most: 255)
    case .sixteen(let raster):
      return planes(raster.samples, range, most: 65_535)
    }
  }

  private func planes<Sample: FixedWidthInteger>(
    _ samples: [Sample], _ range: Range<Int>, most: Float
  ) -> [[Float]] {
    let width = channelCount
    return (0..<width).map { channel in
      range.map { pixel in
        let alpha =
          width == 4 ? Float(samples[pixel * width + 3]) / most : 1
        guard channel < 3 else { return alpha }
        return table[Int(samples[pixel * width + channel])] * alpha
      }
    }
  }
}
