/// The numbers that the M-step needs of one component, as they lie in memory:
/// weight, scatter, then a sum for each dimension (see `SufficientStatistics`).
/// The nodes of a `PointTree` and the kernels in C have the same rows
/// (Sources/CKernels/statistics_row.h).
struct StatisticsRow<Number> {
  /// Where the weight is.
  static var weight: Int { 0 }

  /// Where the scatter is.
  static var scatter: Int { 1 }

  /// Where the first of the sums is.
  static var sums: Int { 2 }

  /// The numbers in a row.
  @inline(__always)
  static func width(_ dimension: Int) -> Int { sums + dimension }

  private let start: UnsafeMutablePointer<Number>

  /// A row that starts somewhere.
  @inline(__always)
  init(at start: UnsafeMutablePointer<Number>) {
    self.start = start
  }

  /// One of the rows that stand one after the other.
  @inline(__always)
  init(
    _ number: Int, of rows: UnsafeMutablePointer<Number>, dimension: Int
  ) {
    start = rows + number * Self.width(dimension)
  }

  /// Σ w q.
  var weight: Number {
    @inline(__always) get { start[Self.weight] }
    @inline(__always) nonmutating set { start[Self.weight] = newValue }
  }

  /// Σ w q |y − μ|².
  var scatter: Number {
    @inline(__always) get { start[Self.scatter] }
    @inline(__always) nonmutating set { start[Self.scatter] = newValue }
  }

  /// Σ w q y_d.
  subscript(d: Int) -> Number {
    @inline(__always) get { start[Self.sums + d] }
    @inline(__always) nonmutating set { start[Self.sums + d] = newValue }
  }

  /// Where Σ w q y is, D numbers.
  var sums: UnsafeMutablePointer<Number> {
    @inline(__always) get { start + Self.sums }
  }
}
