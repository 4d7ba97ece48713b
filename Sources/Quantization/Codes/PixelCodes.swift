import Rasters

/// The codes of an image's pixels, for every layout but ``ColorLayout/rgb8``.
struct PixelCodes: Sendable {
  let pixels: Pixels
  let layout: ColorLayout

  /// Numbers the colours of an image; `.rgb16` where all are opaque.
  init(_ pixels: Pixels) {
    self.pixels = pixels
    layout = pixels.channels == .rgba ? .rgba16 : .rgb16
  }

  /// Writes the codes of a range of pixels.
  ///
  /// - Parameters:
  ///   - range: The pixels.
  ///   - codes: Room for as many codes.
  func write(
    _ range: Range<Int>, to codes: UnsafeMutableBufferPointer<UInt64>
  ) {
    precondition(codes.count >= range.count)
    precondition(
      range.lowerBound >= 0 && range.upperBound <= pixels.size.pixelCount)
    switch pixels {
    case .eight(let raster):
      raster.samples.withUnsafeBufferPointer { samples in
        write(range, to: codes) {
          samples[$0]
        } low: {
          samples[$0]
        }
      }
    case .sixteen(let raster):
      raster.samples.withUnsafeBufferPointer { samples in
        write(range, to: codes) {
          UInt8(truncatingIfNeeded: samples[$0] >> 8)
        } low: {
          UInt8(truncatingIfNeeded: samples[$0])
        }
      }
    }
  }

  @inline(__always)
  private func write(
    _ range: Range<Int>, to codes: UnsafeMutableBufferPointer<UInt64>,
    high: (Int) -> UInt8, low: (Int) -> UInt8
  ) {
    if layout == .rgba16 {
      DeepMortonCode.spread4.withUnsafeBufferPointer { spread in
        func bits(_ sample: Int) -> UInt64 {
          spread[Int(high(sample))] << 32 | spread[Int(low(sample))]
        }
        for (n, pixel) in range.enumerated() {
          let first = 4 * pixel
          let isVisible = high(first + 3) | low(first + 3) != 0
          codes[n] =
            isVisible
            ? bits(first + 3) << 3 | bits(first) << 2 | bits(first + 1) << 1
              | bits(first + 2) : 0
        }
      }
    } else {
      DeepMortonCode.spread3.withUnsafeBufferPointer { spread in
        func bits(_ sample: Int) -> UInt64 {
          spread[Int(high(sample))] << 24 | spread[Int(low(sample))]
        }
        for (n, pixel) in range.enumerated() {
          let first = 3 * pixel
          codes[n] =
            bits(first) << 2 | bits(first + 1) << 1 | bits(first + 2)
        }
      }
    }
  }
}
