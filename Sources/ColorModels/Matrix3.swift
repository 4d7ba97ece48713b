/// A linear map of three coordinates.
struct Matrix3: Sendable {
  private let rows: (SIMD3<Double>, SIMD3<Double>, SIMD3<Double>)

  /// Creates a map of its rows.
  init(_ first: SIMD3<Double>, _ second: SIMD3<Double>, _ third: SIMD3<Double>)
  {
    rows = (first, second, third)
  }

  /// Applies a map.
  static func * (map: Self, vector: SIMD3<Double>) -> SIMD3<Double> {
    SIMD3(
      (map.rows.0 * vector).sum(), (map.rows.1 * vector).sum(),
      (map.rows.2 * vector).sum())
  }

  /// The map back, by cofactors; the map must have one.
  var inverse: Matrix3 {
    func cross(_ a: SIMD3<Double>, _ b: SIMD3<Double>) -> SIMD3<Double> {
      SIMD3(
        a.y * b.z - a.z * b.y, a.z * b.x - a.x * b.z, a.x * b.y - a.y * b.x)
    }
    let x = cross(rows.1, rows.2)
    let y = cross(rows.2, rows.0)
    let z = cross(rows.0, rows.1)
    let determinant = (rows.0 * x).sum()
    return Matrix3(
      SIMD3(x.x, y.x, z.x) / determinant, SIMD3(x.y, y.y, z.y) / determinant,
      SIMD3(x.z, y.z, z.z) / determinant)
  }
}
