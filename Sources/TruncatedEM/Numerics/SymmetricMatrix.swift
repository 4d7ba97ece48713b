import CLibrary

/// A small symmetric matrix, as its lower triangle, row by row.
struct SymmetricMatrix {
  /// D.
  let dimension: Int

  /// D (D + 1)/2 numbers.
  var values: [Double]

  /// A matrix of these numbers.
  init(dimension: Int, values: [Double]) {
    self.dimension = dimension
    self.values = values
  }

  /// The matrix of zeros.
  init(dimension: Int) {
    self.init(
      dimension: dimension,
      values: [Double](repeating: 0, count: dimension * (dimension + 1) / 2))
  }

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

  /// The x with A x = b.
  ///
  /// - Parameter right: b.
  /// - Returns: x; `nil` where A has an eigenvalue that is not greater than 0, or x
  ///   is not finite.
  /// - Complexity: O(D³).
  func solution(_ right: [Double]) -> [Double]? {
    guard let factor = choleskyFactor else { return nil }
    var x = right
    for i in 0..<dimension {
      for l in 0..<i { x[i] -= factor[i, l] * x[l] }
      x[i] /= factor[i, i]
    }
    for i in (0..<dimension).reversed() {
      for l in i + 1..<max(dimension, i + 1) { x[i] -= factor[l, i] * x[l] }
      x[i] /= factor[i, i]
    }
    return x.allSatisfy(\.isFinite) ? x : nil
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
        var sum = 0.0
        for l in 0..<dimension {
          sum += max(least, eigenvalues[l]) * vectors[l][i] * vectors[l][j]
        }
        result[i, j] = sum
      }
    }
    return result
  }

  /// Eigenvalues and their vectors of length 1, by Jacobi's rotations (G. Golub
  /// and C. Van Loan, "Matrix computations", 4th edition, section 8.5).
  private var eigen: (values: [Double], vectors: [[Double]]) {
    let n = dimension
    var matrix = [Double](repeating: 0, count: n * n)
    var vectors = matrix
    for i in 0..<n {
      for j in 0..<n { matrix[i * n + j] = self[max(i, j), min(i, j)] }
      vectors[i * n + i] = 1
    }
    matrix.withUnsafeMutableBufferPointer { a in
      vectors.withUnsafeMutableBufferPointer { v in
        for _ in 0..<Self.mostSweeps {
          guard Self.sweep(a, v, n) else { break }
        }
      }
    }
    return (
      (0..<n).map { matrix[$0 * n + $0] },
      (0..<n).map { Array(vectors[$0 * n..<($0 + 1) * n]) }
    )
  }

  /// Convergence is quadratic; ten are enough.
  private static let mostSweeps = 60

  /// Rotates each pair of coordinates.
  ///
  /// - Returns: Whether there was anything to rotate.
  private static func sweep(
    _ a: UnsafeMutableBufferPointer<Double>,
    _ v: UnsafeMutableBufferPointer<Double>, _ n: Int
  ) -> Bool {
    var isRotated = false
    for p in 0..<n {
      for q in p + 1..<max(n, p + 1) {
        let off = a[p * n + q]
        let scale = abs(a[p * n + p]) + abs(a[q * n + q])
        // What would not change either in double precision.
        guard abs(off) > 1e-17 * scale else { continue }
        isRotated = true
        let theta = (a[q * n + q] - a[p * n + p]) / (2 * off)
        let t =
          (theta >= 0 ? 1 : -1)
          / (abs(theta) + (theta * theta + 1).squareRoot())
        let c = 1 / (t * t + 1).squareRoot()
        let s = t * c
        // Rows first, which lie in one piece; the matrix is symmetric.
        for l in 0..<n {
          let (x, y) = (a[p * n + l], a[q * n + l])
          a[p * n + l] = c * x - s * y
          a[q * n + l] = s * x + c * y
          let (r, w) = (v[p * n + l], v[q * n + l])
          v[p * n + l] = c * r - s * w
          v[q * n + l] = s * r + c * w
        }
        for l in 0..<n {
          let (x, y) = (a[l * n + p], a[l * n + q])
          a[l * n + p] = c * x - s * y
          a[l * n + q] = s * x + c * y
        }
      }
    }
    return isRotated
  }
}
