import ParallelWork
import Rasters

/// What dithering looks at: the points of an image's pixels, and for each the
/// entries it may get.
struct DitherField: Sendable {
  let size: ImageSize

  /// The colours' numbers of pixels.
  let numbers: ColorNumbers

  /// The point of each colour.
  let points: [SIMD4<Float>]

  /// The entry nearest to each colour.
  let nearest: [UInt16]

  /// Looks at an image.
  ///
  /// - Parameters:
  ///   - pixels: The image.
  ///   - histogram: Its colours.
  ///   - nearest: The entry nearest to each colour.
  ///   - workers: The threads to use.
  init(
    _ pixels: Pixels, _ histogram: ColorHistogram, nearest: [UInt16],
    _ workers: Workers
  ) {
    size = pixels.size
    numbers = ColorNumbers(pixels, histogram)
    self.nearest = nearest
    let count = histogram.count
    let pieces = max(1, min(16, count / 16_384))
    points = [SIMD4<Float>](unsafeUninitializedCapacity: count) {
      buffer, filled in
      let points = SharedMemory(buffer)
      workers.forEach(pieces) { piece in
        for n in count * piece / pieces..<count * (piece + 1) / pieces {
          points.start[n] = SIMD4<Float>(
            histogram.space.point(histogram.color(n)))
        }
      }
      filled = count
    }
  }
}
