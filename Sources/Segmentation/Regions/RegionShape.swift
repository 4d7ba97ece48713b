import CLibrary

/// How the pixels of a region lie about their centroid: the ellipse that has the
/// same second moments.
public struct RegionShape: Hashable, Sendable {
  /// The length of the ellipse, in pixels.
  public let majorAxis: Double

  /// Its width.
  public let minorAxis: Double

  /// 0 of a circle, 1 of a line.
  public let eccentricity: Double

  /// The angle from the vertical to the longer axis, −π/2 to π/2, in radians;
  /// it grows towards the right as y points down.
  public let orientation: Double

  /// The ellipse of a region.
  ///
  /// - Parameters:
  ///   - xx: The variance of its columns.
  ///   - yy: That of its rows.
  ///   - xy: Their covariance.
  /// - Complexity: O(1).
  init(xx: Double, yy: Double, xy: Double) {
    let middle = (xx + yy) / 2
    let reach =
      ((xx - yy) * (xx - yy) / 4 + xy * xy).squareRoot()
    let (greater, less) = (middle + reach, max(0, middle - reach))
    majorAxis = 4 * greater.squareRoot()
    minorAxis = 4 * less.squareRoot()
    eccentricity = greater > 0 ? (1 - less / greater).squareRoot() : 0
    if xx == yy {
      orientation = xy > 0 ? .pi / 4 : xy < 0 ? -.pi / 4 : .pi / 4
    } else {
      orientation = 0.5 * atan2(2 * xy, yy - xx)
    }
  }
}
