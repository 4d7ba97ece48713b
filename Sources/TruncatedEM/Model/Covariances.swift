/// The covariance matrices Σ_c of a mixture's components, symmetric and with no
/// negative eigenvalue.
public struct Covariances: Hashable, Sendable {
  /// How many numbers of a matrix are stored.
  public enum Shape: String, Hashable, Sendable {
    /// The diagonal, D numbers; the others are 0.
    case diagonal

    /// The lower triangle, row by row, D (D + 1)/2 numbers.
    case full
  }

  /// How matrices are stored.
  public let shape: Shape

  /// D.
  public let dimension: Int

  /// The stored numbers of all matrices, component after component.
  public internal(set) var values: [Double]

  /// Takes matrices.
  ///
  /// - Parameters:
  ///   - values: The stored numbers, component after component.
  ///   - shape: How they are stored.
  ///   - dimension: D.
  init(unchecked values: [Double], _ shape: Shape, dimension: Int) {
    self.values = values
    self.shape = shape
    self.dimension = dimension
  }

  /// As many multiples of the identity.
  init(
    _ variance: Double, _ shape: Shape, components: Int, dimension: Int
  ) {
    self.init(
      unchecked: [Double](
        repeating: 0, count: components * shape.width(dimension)),
      shape, dimension: dimension)
    for c in 0..<components { replace(c, by: variance) }
  }

  /// The numbers that are stored of one matrix.
  public var width: Int { shape.width(dimension) }

  /// The number of matrices.
  public var components: Int { values.count / width }

  /// An entry of Σ_c.
  ///
  /// - Parameters:
  ///   - component: 0 to C − 1.
  ///   - i: The row, 0 to D − 1.
  ///   - j: The column, 0 to D − 1.
  /// - Complexity: O(1).
  public subscript(component: Int, i: Int, j: Int) -> Double {
    let first = component * width
    switch shape {
    case .diagonal: return i == j ? values[first + i] : 0
    case .full:
      let (row, column) = (max(i, j), min(i, j))
      return values[first + row * (row + 1) / 2 + column]
    }
  }

  /// Makes Σ_c a multiple of the identity.
  mutating func replace(_ component: Int, by variance: Double) {
    let first = component * width
    for i in first..<first + width { values[i] = 0 }
    for i in 0..<dimension {
      values[first + shape.place(i, i)] = variance
    }
  }

  /// The average of the variances of Σ_c's coordinates.
  func meanVariance(_ component: Int) -> Double {
    (0..<dimension).reduce(0) { $0 + self[component, $1, $1] }
      / Double(dimension)
  }
}

extension Covariances.Shape {
  /// The numbers that are stored of a matrix.
  func width(_ dimension: Int) -> Int {
    self == .diagonal ? dimension : dimension * (dimension + 1) / 2
  }

  /// Where an entry of the lower triangle is; of a diagonal matrix i = j.
  @inline(__always)
  func place(_ i: Int, _ j: Int) -> Int {
    self == .diagonal ? i : i * (i + 1) / 2 + j
  }
}

extension CovarianceType {
  /// How matrices are stored, where components have them.
  var shape: Covariances.Shape? {
    switch self {
    case .tied, .spherical: nil
    case .diagonal: .diagonal
    case .full: .full
    }
  }
}
