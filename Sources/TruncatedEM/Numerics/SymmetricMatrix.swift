import CLibrary

/// A small symmetric matrix, as its lower triangle, row by row.
struct SymmetricMatrix {
  /// D.
  let dimension: Int

  /// D (D + 1)/2 numbers.
  var values: [Double]

  /// An entry of the lower triangle.
  subscript(i: Int, j: Int) -> Double {
    get { values[i * (i + 1) / 2 + j] }
    set { values[i * (i + 1) / 2 + j] = newValue }
  }

  /// The lower triangular matrix L with A = L Lᵀ; `nil` where A has an
  /// eigenvalue that is not greater than 0.
  ///
  /// - Complexity: O(D³).
  var choleskyFactor: SymmetricMatrix? {
    var factor = self
    for i in 0..<dimension {
      for j in 0...i {
        var sum = self[i, j]
        for l in 0..<j { sum -= factor[i, l] * factor[j, l] }
        if i == j {
          guard sum > 0, sum.isFinite else { return nil }
          factor[i, i] = sum.squareRoot()
        } else {
          factor[i, j] = sum / factor[j, j]
        }
      }
    }
    return factor
  }

  /// The inverse of a lower triangular matrix without zeros on the diagonal.
  ///
  /// - Complexity: O(D³).
  var lowerInverse: SymmetricMatrix {
    var inverse = self
    for j in 0..<dimension {
      inverse[j, j] = 1 / self[j, j]
      for i in j + 1..<max(dimension, j + 1) {
        var sum = 0.0
        for l in j..<i { sum += self[i, l] * inverse[l, j] }
        inverse[i, j] = -sum / self[i, i]
      }
    }
    return inverse
  }

  /// The matrix with no eigenvalue below a bound: of those that have none, the
  /// one for which −log |A| − tr(A⁻¹ S) is largest, if this is S.
  ///
  /// - Parameter least: The bound, greater than 0.
  /// - Returns: This matrix where it has none; else that with the same
  ///   eigenvectors and greater eigenvalues.
  /// - Complexity: O(D³), several times where an eigenvalue is too small.
  func floored(_ least: Double) -> SymmetricMatrix {
    var shifted = self
    for i in 0..<dimension { shifted[i, i] -= least }
    // All eigenvalues are greater where what is left has a factor.
    if shifted.choleskyFactor != nil { return self }
    let (eigenvalues, vectors) = eigen
    var result = self
    for i in 0..<dimension {
      for j in 0...i {
        result[i, j] = (0..<dimension).reduce(0) { sum, l in
          sum + max(least, eigenvalues[l]) * vectors[l][i] * vectors[l][j]
        }
      }
    }
    return result
  }

  /// Eigenvalues and their vectors of length 1, by Jacobi's rotations (G. Golub
  /// and C. Van Loan, "Matrix computations", 4th edition, section 8.5).
  private var eigen: (values: [Double], vectors: [[Double]]) {
    let n = dimension
    var a = (0..<n).map { i in
      (0..<n).map { j in self[max(i, j), min(i, j)] }
    }
    var vectors = (0..<n).map { i in (0..<n).map { $0 == i ? 1.0 : 0 } }
    let scale = (0..<n).reduce(0) { $0 + abs(a[$1][$1]) }
    for _ in 0..<60 {
      var off = 0.0
      for p in 0..<n { for q in 0..<p { off = max(off, abs(a[p][q])) } }
      guard off > 1e-17 * scale else { break }
      for p in 0..<n {
        for q in p + 1..<max(n, p + 1) where a[p][q] != 0 {
          let theta = (a[q][q] - a[p][p]) / (2 * a[p][q])
          let t =
            (theta >= 0 ? 1 : -1)
            / (abs(theta) + (theta * theta + 1).squareRoot())
          let c = 1 / (t * t + 1).squareRoot()
          let s = t * c
          for l in 0..<n {
            (a[l][p], a[l][q]) = (
              c * a[l][p] - s * a[l][q], s * a[l][p] + c * a[l][q]
            )
          }
          for l in 0..<n {
            (a[p][l], a[q][l]) = (
              c * a[p][l] - s * a[q][l], s * a[p][l] + c * a[q][l]
            )
            (vectors[p][l], vectors[q][l]) = (
              c * vectors[p][l] - s * vectors[q][l],
              s * vectors[p][l] + c * vectors[q][l]
            )
          }
        }
      }
    }
    return ((0..<n).map { a[$0][$0] }, vectors)
  }
}
