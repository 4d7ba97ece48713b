import ParallelWork

/// Fits a palette to its dithered image.
///
/// With y the image, m_j the mask of the pixels that got entry j and G a small
/// Gaussian, the blur of the eye, the entries p_j that minimise
///
///     |G∗y − Σ_j p_j G∗m_j|²
///
/// solve M p = b, where with g the autocorrelation of G
///
///     M_jl = Σ_x m_j(x) (g∗m_l)(x)    and    b_j = Σ_x m_j(x) (g∗y)(x)
///
/// Here (M + λD) p = b + λD p_old is solved, D the diagonal of counts: entries
/// that hardly appear stay near where they were.
/// docs/guides/dither-aware-palettes.md.
package enum DitherAwarePalette {
  /// λ.
  package static let damping = 0.05

  /// Entries beyond which the equations cost too much.
  static let mostEntries = 1_024

  /// Solves the damped equations.
  ///
  /// - Parameters:
  ///   - pairs: M and b.
  ///   - old: The points of the entries so far.
  ///   - isFixed: Whether an entry stays as it is.
  /// - Returns: New points.
  /// - Complexity: O(entries³).
  package static func solved(
    _ pairs: PairCounts, from old: [SIMD4<Double>], isFixed: [Bool]
  ) -> [SIMD4<Double>] {
    let free = old.indices.filter { !isFixed[$0] && pairs.counts[$0] > 0 }
    guard !free.isEmpty else { return old }
    let entries = old.count
    let count = free.count
    var matrix = [Double](repeating: 0, count: count * count)
    var right: [SIMD4<Double>] = []
    for (row, j) in free.enumerated() {
      let weight = damping * pairs.counts[j]
      var sum = pairs.blurred[j] + old[j] * weight
      for l in old.indices where isFixed[l] {
        sum -= old[l] * pairs.matrix[j * entries + l]
      }
      right.append(sum)
      for (column, l) in free.enumerated() {
        matrix[row * count + column] = pairs.matrix[j * entries + l]
      }
      matrix[row * count + row] += weight
    }
    solve(&matrix, &right)
    var points = old
    for (row, j) in free.enumerated() { points[j] = right[row] }
    return points
  }

  /// Solves a symmetric positive definite system in place by Cholesky's
  /// decomposition.
  private static func solve(
    _ matrix: inout [Double], _ right: inout [SIMD4<Double>]
  ) {
    let count = right.count
    matrix.withUnsafeMutableBufferPointer { matrix in
      for j in 0..<count {
        for l in 0...j {
          var sum = matrix[j * count + l]
          for i in 0..<l {
            sum -= matrix[j * count + i] * matrix[l * count + i]
          }
          // Damping keeps what is on the diagonal above 0 but for rounding.
          matrix[j * count + l] =
            l == j
            ? max(sum, .leastNormalMagnitude).squareRoot()
            : sum / matrix[l * count + l]
        }
      }
      for j in 0..<count {
        for l in 0..<j { right[j] -= right[l] * matrix[j * count + l] }
        right[j] /= matrix[j * count + j]
      }
      for j in (0..<count).reversed() {
        for l in j + 1..<max(count, j + 1) {
          right[j] -= right[l] * matrix[l * count + j]
        }
        right[j] /= matrix[j * count + j]
      }
    }
  }
}
