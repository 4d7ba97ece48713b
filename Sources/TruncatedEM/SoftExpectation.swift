#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// What a soft E-step adds up besides the statistics of the components.
struct SoftSums: Sendable {
  /// Σ w log Σ_{c∈K} exp(−|y − μ_c|²/2σ²): F without its constant part.
  var freeEnergy = 0.0

  /// Σ w min_c |y − μ_c|².
  var inertia = 0.0
}

extension FixedDimension {
  /// The E-step of C' > 1: shares each point of a range among its C' nearest
  /// components, and adds up what the M-step needs.
  ///
  ///     q_n(c) = exp(-|y_n-μ_c|²/2σ²) / Σ_{c'∈K_n} exp(-|y_n-μ_c'|²/2σ²)
  ///
  /// The exponents are taken relative to the nearest component's, so nothing
  /// overflows and the sum is at least 1 however small σ² is. K_n holds the
  /// lower number of components that are equally far.
  ///
  /// - Parameters:
  ///   - range: As for `assignNearest`.
  ///   - points: The points' storage.
  ///   - means: At least `truncation` means.
  ///   - truncation: C', at least 1.
  ///   - precision: 1/2σ².
  ///   - statistics: Laid out as `SufficientStatistics.values`; added to.
  /// - Returns: The range's part of F and of the inertia.
  /// - Complexity: O(points × (components × D + C')) on average.
  static func assignSoftly(
    _ range: Range<Int>, of points: UnsafePoints, to means: UnsafeMeans,
    truncation: Int, precision: Double,
    statistics: UnsafeMutablePointer<Double>
  ) -> SoftSums {
    var sums = SoftSums()
    var selection = NearestSelection(truncation, of: means.count)
    defer { selection.deallocate() }
    let distances = UnsafeMutablePointer<SIMD4<Double>>.allocate(
      capacity: means.count)
    defer { distances.deallocate() }

    var n = range.lowerBound
    while n < range.upperBound {
      for c in 0..<means.count {
        var distance = SIMD4<Double>.zero
        for d in 0..<Self.count {
          let difference =
            points.lanes(n, d)
            - SIMD4(repeating: means.values[c * Self.count + d])
          distance += difference * difference
        }
        distances[c] = distance
      }
      for lane in 0..<WeightedPoints.lanes where points.weights[n + lane] > 0 {
        selection.select { distances[$0][lane] }
        share(
          n + lane, of: points, among: selection, precision: precision,
          statistics: statistics, sums: &sums)
      }
      n += WeightedPoints.lanes
    }
    return sums
  }

  /// Adds one point, with its responsibilities, to the statistics.
  @inline(__always)
  private static func share(
    _ n: Int, of points: UnsafePoints, among selection: NearestSelection,
    precision: Double, statistics: UnsafeMutablePointer<Double>,
    sums: inout SoftSums
  ) {
    let width = Self.count + 2
    let nearest = selection.least
    var total = 0.0
    for i in 0..<selection.count {
      let q = exp((nearest - selection.distances[i]) * precision)
      selection.responsibilities[i] = q
      total += q
    }
    let weight = points.weights[n]
    sums.freeEnergy += weight * (log(total) - nearest * precision)
    sums.inertia += weight * nearest
    let scale = weight / total
    for i in 0..<selection.count {
      let share = scale * selection.responsibilities[i]
      let row = statistics + selection.components[i] * width
      row[0] += share
      row[1] += share * selection.distances[i]
      for d in 0..<Self.count {
        row[2 + d] += share * points.coordinate(n, d)
      }
    }
  }
}
