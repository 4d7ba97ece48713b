package import ParallelWork
import Rasters

/// Bands of an image as the eye sees them, for fitting a palette to them.
package struct BlurredScene: Sendable {
  let size: ImageSize

  /// The numbers of the bands.
  package let bands: [Int]

  let blur = EyeBlur()

  /// For each of them g∗y.
  package let blurred: [[SIMD4<Float>]]

  /// Blurs bands of an image, each for itself.
  ///
  /// - Complexity: O(pixels of the bands); 16 bytes of memory each.
  package init(_ field: DitherField, bands: [Int], _ workers: Workers) {
    size = field.size
    self.bands = bands
    let blur = blur
    blurred = workers.map(bands.count) { i in
      let numbers = field.numbers(
        ofRows: DitherBands.rows(bands[i], field.size))
      return blur.blurred(
        numbers.map { field.points[Int($0)] }, width: field.size.width)
    }
  }
}
