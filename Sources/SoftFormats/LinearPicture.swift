import Rasters

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// An image as OpenEXR has it: light, premultiplied by alpha.
struct LinearPicture: Sendable {
  private let pixels: Pixels

  /// Light by sample.
  private let table: [Float]

  /// Prepares to convert an image encoded by the function of sRGB
  /// (IEC 61966-2-1).
  init(_ pixels: Pixels) {
    self.pixels = pixels
    let most =
      switch pixels {
      case .eight: 255
      case .sixteen: 65_535
      }
    table = (0...most).map { sample in
      let value = Double(sample) / Double(most)
      return Float(
        value <= 0.04045 ? value / 12.92 : pow((value + 0.055) / 1.055, 2.4))
    }
  }

  /// The channels that ``planes(of:)`` gives.
  var channels: [EXRChannel] {
    let isHalf =
      switch pixels {
      case .eight: true
      case .sixteen: false
      }
    return ["R", "G", "B", "A"].prefix(pixels.channels.count).map {
      EXRChannel(name: $0, isHalf: isHalf)
    }
  }

  /// The samples of some rows, channel after channel.
  ///
  /// - Complexity: O(pixels).
  func planes(of rows: Range<Int>) -> [[Float]] {
    let range =
      rows.lowerBound * pixels.size.width..<rows.upperBound * pixels.size.width
    switch pixels {
    case .eight(let raster): return planes(raster.samples, range, most: 255)
    case .sixteen(let raster):
      return planes(raster.samples, range, most: 65_535)
    }
  }

  private func planes<Sample: FixedWidthInteger>(
    _ samples: [Sample], _ range: Range<Int>, most: Float
  ) -> [[Float]] {
    let width = pixels.channels.count
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
