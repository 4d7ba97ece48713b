package import ParallelWork
import Rasters

/// Bands of an image as the eye sees them, for fitting a palette to them.
package struct BlurredScene: Sendable {
  /// The bands.
  package let samples: [DitherSample]

  let blur = EyeBlur()

  /// For each of them g∗y.
  package let blurred: [[SIMD4<Float>]]

  /// Blurs bands of an image, each for itself.
  ///
  /// - Complexity: O(pixels of the bands); 16 bytes of memory each.
  package init(_ samples: [DitherSample], _ workers: Workers) {
    self.samples = samples
    let blur = blur
    blurred = workers.map(samples.count) { i in
      let field = samples[i].field
      let rows = DitherBands.rows(samples[i].band, field.size)
      return blur.blurred(
        field.points(ofRows: rows), width: field.size.width)
    }
  }
}
