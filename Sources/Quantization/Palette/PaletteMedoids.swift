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
  /// - Complexity: O(colours × means) distances for each round.
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
      let new = distinct(nearest(to: means, points))
      guard new != medoids else { break }
      medoids = new
      let isOpaque = medoids.map { histogram.color(first + $0).w == .max }
      let entries = try image.nearest(
        of: medoids.map { points[$0] }, isOpaque: isOpaque)
      means = Self.means(of: entries, medoids.map { points[$0] }, points) {
        histogram.weight(first + $0)
      }
    }
    return try FixedPalette(
      medoids.map { n in
        let color = histogram.color(first + n).rounded
        return FixedPalette.Color(
          color: RGBColor(red: color.x, green: color.y, blue: color.z),
          alpha: color.w)
      })
  }

  /// For each mean the number of the nearest point.
  private static func nearest(
    to means: [SIMD4<Double>], _ points: [SIMD4<Double>]
  ) -> [Int] {
    var best = [(number: Int, distance: Double)](
      repeating: (0, .infinity), count: means.count)
    for (n, point) in points.enumerated() {
      for c in means.indices {
        let difference = point - means[c]
        let distance = (difference * difference).sum()
        if distance < best[c].distance { best[c] = (n, distance) }
      }
    }
    return best.map(\.number)
  }

  /// Numbers, each once.
  private static func distinct(_ numbers: [Int]) -> [Int] {
    Array(Set(numbers)).sorted()
  }

  private static func means(
    of entries: [UInt16], _ targets: [SIMD4<Double>],
    _ points: [SIMD4<Double>], _ weight: (Int) -> Double
  ) -> [SIMD4<Double>] {
    var sums = [SIMD4<Double>](repeating: SIMD4(), count: targets.count)
    var weights = [Double](repeating: 0, count: targets.count)
    for (n, entry) in entries.enumerated() {
      let share = weight(n)
      sums[Int(entry)] += points[n] * share
      weights[Int(entry)] += share
    }
    return targets.indices.map {
      weights[$0] > 0 ? sums[$0] / weights[$0] : targets[$0]
    }
  }
}

extension SIMD4<UInt16> {
  /// Samples of 16 bits, rounded to 8.
  fileprivate var rounded: SIMD4<UInt8> {
    let wide = SIMD4<UInt32>(truncatingIfNeeded: self)
    return SIMD4<UInt8>(truncatingIfNeeded: (wide &+ 128) / 257)
  }
}
