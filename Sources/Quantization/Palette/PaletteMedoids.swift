import Rasters
import TruncatedEM

/// Colours of an image in place of means: of each cluster the one that stands for
/// it best, its medoid.
///
/// For squared distances the medoid of a cluster is the colour nearest to its
/// mean, so assignment and choice alternate as in k-means; neither can raise the
/// error (L. Kaufman and P. J. Rousseeuw, "Clustering by means of medoids",
/// 1987).
enum PaletteMedoids {
  private static let mostRounds = 50

  /// Chooses colours.
  ///
  /// - Parameters:
  ///   - model: Means to start from.
  ///   - image: The colours of the image.
  /// - Returns: At most as many colours as there are means, all of them the
  ///   image's, rounded to 8 bits a sample.
  /// - Throws: `QuantizationError`.
  /// - Complexity: That of an E-step for each round.
  static func palette(
    near model: MixtureModel, of image: ColorPoints
  ) throws(QuantizationError) -> FixedPalette {
    let histogram = image.histogram
    let first = histogram.visible.lowerBound
    let points = histogram.visible.map { histogram.point($0, in: image.space) }
    // Complete transparency is no colour of the palette.
    var means = (0..<model.components).filter {
      $0 > 0 || model.pinned == 0 || !histogram.hasTransparentComponent
    }.map { image.space.point(ofMean: model.mean($0)) }
    var medoids: [Int] = []
    for _ in 0..<mostRounds {
      let entries = try image.nearest(
        of: means,
        isOpaque: means.map {
          CompositeSpace.isOpaque(alpha: 255 * $0.w / image.space.opaqueAlpha)
        })
      means = Self.means(of: entries, means.count, points) {
        histogram.weight(first + $0)
      }
      let new = Self.medoids(of: entries, means, points)
      guard new != medoids else { break }
      medoids = new
      means = medoids.map { points[$0] }
    }
    return FixedPalette(
      fitted: medoids.map { n in
        let color = histogram.color(first + n).rounded
        return FixedPalette.Color(
          color: RGBColor(red: color.x, green: color.y, blue: color.z),
          alpha: color.w)
      })
  }

  /// The weighted means of clusters.
  private static func means(
    of entries: [UInt16], _ count: Int, _ points: [SIMD4<Double>],
    _ weight: (Int) -> Double
  ) -> [SIMD4<Double>] {
    var sums = [SIMD4<Double>](repeating: SIMD4(), count: count)
    var weights = [Double](repeating: 0, count: count)
    for (n, entry) in entries.enumerated() {
      // A weight of 0 would leave a cluster without a mean.
      let share = max(weight(n), .leastNormalMagnitude)
      sums[Int(entry)] += points[n] * share
      weights[Int(entry)] += share
    }
    return zip(sums, weights).map { $1 > 0 ? $0 / $1 : $0 }
  }

  /// For each cluster that has points the number of the one nearest to its mean.
  private static func medoids(
    of entries: [UInt16], _ means: [SIMD4<Double>], _ points: [SIMD4<Double>]
  ) -> [Int] {
    var best = [(number: Int, distance: Double)](
      repeating: (-1, .infinity), count: means.count)
    for (n, entry) in entries.enumerated() {
      let difference = points[n] - means[Int(entry)]
      let distance = (difference * difference).sum()
      if distance < best[Int(entry)].distance {
        best[Int(entry)] = (n, distance)
      }
    }
    return best.map(\.number).filter { $0 >= 0 }
  }
}

extension SIMD4<UInt16> {
  /// Samples of 16 bits, rounded to 8.
  fileprivate var rounded: SIMD4<UInt8> {
    let wide = SIMD4<UInt32>(truncatingIfNeeded: self)
    return SIMD4<UInt8>(truncatingIfNeeded: (wide &+ 128) / 257)
  }
}
