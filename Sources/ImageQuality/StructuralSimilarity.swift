import CLibrary
import ParallelWork
import Rasters

/// The structural similarity index, SSIM, of two images.
///
/// (Z. Wang, A. C. Bovik, H. R. Sheikh and E. P. Simoncelli, "Image quality
/// assessment: from error visibility to structural similarity", IEEE
/// Transactions on Image Processing 13(4), 2004, doi 10.1109/TIP.2003.819861,
/// section III-B.) Means, variances and the covariance are those under a
/// Gaussian window of 11 x 11 pixels, σ = 1.5; K₁ = 0.01, K₂ = 0.03, L = 255.
/// The index is taken of red, green and blue on their own, at all places where
/// the window is inside the image, and averaged.
enum StructuralSimilarity {
  /// Pixels from the middle of the window to its edge.
  static let radius = 5

  /// The side of the window in pixels.
  static let side = 2 * radius + 1

  /// Rows of a band. Each filters 10 more, which its neighbours do again.
  private static let bandHeight = 64

  /// (K₁ L)² and (K₂ L)².
  static let luminanceConstant = (0.01 * 255) * (0.01 * 255)
  static let contrastConstant = (0.03 * 255) * (0.03 * 255)

  /// The window along one axis from its middle to its edge; symmetric, and its
  /// sum is 1.
  static let window: [Double] = {
    let weights = (0...radius).map { distance in
      exp(-0.5 * Double(distance * distance) / (1.5 * 1.5))
    }
    let sum = weights[0] + 2 * weights[1...].reduce(0, +)
    return weights.map { $0 / sum }
  }()

  /// The mean index.
  ///
  /// - Parameters:
  ///   - first: An image.
  ///   - second: Another of the same size.
  ///   - backdrop: What both are shown on; the mean is over that as well.
  ///   - workers: The threads; the result does not depend on them.
  /// - Returns: −1 to 1, exactly 1 for equal images; `nil` where a side has
  ///   fewer than 11 pixels.
  /// - Complexity: O(pixels), some 40 ns each; a thread needs memory for 11
  ///   rows, 1 kB a column.
  static func mean(
    of first: Pixels, _ second: Pixels, on backdrop: Backdrop, workers: Workers
  ) -> Double? {
    let size = first.size
    guard size.width >= side, size.height >= side else { return nil }
    let bands = RowBands.cut(size.height - side + 1, height: bandHeight)
    let levels = backdrop.levels
    let sums = workers.mapMetered(bands.count * levels.count) { piece in
      var band = SimilarityBand(width: size.width)
      let rows = bands[piece / levels.count]
      return band.sum(
        over: rows, first, second, on: levels[piece % levels.count])
    }
    let places =
      (size.width - side + 1) * (size.height - side + 1) * 3 * levels.count
    return sums.reduce(0, +) / Double(places)
  }
}
