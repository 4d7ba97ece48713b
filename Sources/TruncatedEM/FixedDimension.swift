/// A number of dimensions that the compiler knows.
///
/// The kernels are written once, as default implementations of this protocol's
/// requirements, and compiled once for each conforming type, where the loops
/// over coordinates unroll. Calling through `any FixedDimension.Type` then
/// costs one indirect call for a whole range of points.
protocol FixedDimension: SendableMetatype {
  /// D.
  static var count: Int { get }

  /// See the default implementation in `HardExpectation.swift`.
  static func assignNearest(
    _ range: Range<Int>, of points: UnsafePoints, to means: UnsafeMeans,
    statistics: UnsafeMutablePointer<Double>,
    nearest: UnsafeMutablePointer<UInt16>?
  ) -> Double

  /// See the default implementation in `SoftExpectation.swift`.
  static func assignSoftly(
    _ range: Range<Int>, of points: UnsafePoints, to means: UnsafeMeans,
    truncation: Int, precision: Double,
    statistics: UnsafeMutablePointer<Double>
  ) -> SoftSums

  /// See the default implementation in `GreedyKMeansPlusPlus.swift`.
  static func lowerDistances(
    _ range: Range<Int>, of points: UnsafePoints,
    toward mean: UnsafePointer<Double>,
    from current: UnsafePointer<Double>,
    into lowered: UnsafeMutablePointer<Double>
  ) -> Double
}

enum Dimension1: FixedDimension { static var count: Int { 1 } }
enum Dimension2: FixedDimension { static var count: Int { 2 } }
enum Dimension3: FixedDimension { static var count: Int { 3 } }
enum Dimension4: FixedDimension { static var count: Int { 4 } }
enum Dimension5: FixedDimension { static var count: Int { 5 } }
enum Dimension6: FixedDimension { static var count: Int { 6 } }

extension WeightedPoints {
  /// The kernels for points of this dimension.
  var kernels: any FixedDimension.Type {
    switch dimension {
    case 1: Dimension1.self
    case 2: Dimension2.self
    case 3: Dimension3.self
    case 4: Dimension4.self
    case 5: Dimension5.self
    default: Dimension6.self
    }
  }
}
