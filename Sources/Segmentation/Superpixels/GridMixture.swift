import CLibrary

/// A Gaussian mixture over colour and position with a component for each cell
/// of a ``SuperpixelGrid``, equal priors and one variance.
///
/// A pixel is y = (0.7 L*, a*, b*, w x, w y), D = 5, or of grey pictures y =
/// (0.7 L*, w x, w y), D = 3, with the weight of positions w = compactness /
/// side of a cell, as in SLIC (R. Achanta et al., "SLIC superpixels compared to
/// state-of-the-art superpixel methods", TPAMI 34(11), 2012, doi
/// 10.1109/TPAMI.2012.120). K_n is the C' closest of the components
/// of the nine cells around a pixel: a partial E-step, which raises F as the
/// exact one does (arXiv 1704.04812, section 3).
package struct GridMixture: Sendable {
  /// The coordinates of colours: 0.7 L*, a*, b*, w x and w y.
  package static let dimension = 5

  /// Which of them the points of pictures have.
  ///
  /// - Parameter isGrey: Whether the picture is grey: a* and b* are 0 then.
  /// - Returns: D places.
  static func places(ofGreys isGrey: Bool) -> [Int] {
    isGrey ? [0, 3, 4] : Array(0..<dimension)
  }

  /// D.
  package let dimension: Int

  /// The cells.
  package let grid: SuperpixelGrid

  /// w, the weight of positions.
  package let positionWeight: Double

  /// Means: L*, a*, b* (as ``LabPlanes`` has them), then x and y in pixels, one
  /// array a coordinate.
  package private(set) var means: [[Double]]

  /// σ², in the units of y.
  package private(set) var variance = 0.0

  /// J, the sum of squared distances that belongs to the variance.
  package private(set) var inertia = 0.0

  /// Creates a mixture without means; the first M-step sets them.
  ///
  /// - Parameters:
  ///   - grid: The cells.
  ///   - compactness: The weight of positions, as in SLIC.
  ///   - isGrey: Whether the picture is grey.
  package init(
    _ grid: SuperpixelGrid, compactness: Double, isGrey: Bool = false
  ) {
    self.grid = grid
    dimension = Self.places(ofGreys: isGrey).count
    positionWeight = compactness / grid.side
    means = [[Double]](
      repeating: [Double](repeating: 0, count: grid.count),
      count: Self.dimension)
  }

  /// The M-step. Components without weight keep their means.
  ///
  /// - Parameters:
  ///   - statistics: Of all components.
  ///   - scatter: Σ |y|² over all pixels.
  ///   - pixels: N.
  package mutating func maximize(
    _ statistics: GridStatistics, scatter: Double, pixels: Int
  ) {
    let squaredWeight = positionWeight * positionWeight
    // Σ q |y − μ|² = Σ |y|² − Σ_c |Σ_n q y|² / Σ_n q, for every C'.
    var explained = 0.0
    for c in 0..<grid.count {
      let sums = statistics.sums
      let first = c * GridStatistics.width
      let weight = sums[first]
      guard weight > 0 else { continue }
      for d in 0..<Self.dimension {
        let sum = sums[first + 1 + d]
        means[d][c] = sum / weight
        explained += (d < 3 ? 1 : squaredWeight) * sum * sum / weight
      }
    }
    inertia = max(0, scatter - explained)
    variance = max(
      1e-12, inertia / (Double(dimension) * Double(pixels)))
  }

  /// F per pixel for C' = 1, just after an M-step: docs/theory.md.
  package func hardFreeEnergy() -> Double {
    -log(Double(grid.count))
      - Double(dimension) / 2 * log(2 * .pi * M_E * variance)
  }

  /// F per pixel of an E-step.
  ///
  /// - Parameters:
  ///   - logShares: Σ_n log Σ_{c∈K_n} exp(−|y_n−μ_c|²/2σ²) with the variance of
  ///     now.
  ///   - pixels: N.
  /// - Returns: F/N in nats.
  package func freeEnergy(logShares: Double, pixels: Int) -> Double {
    logShares / Double(pixels) - log(Double(grid.count))
      - Double(dimension) / 2 * log(2 * .pi * variance)
  }
}
