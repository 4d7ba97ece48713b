/// A number of dimensions that the compiler knows.
protocol FixedDimension: PointDimension {
  /// Holds the coordinates of a point; lanes beyond the dimension are 0.
  associatedtype Vector: SIMD where Vector.Scalar == Double

  /// D.
  static var count: Int { get }
}

extension FixedDimension {
  var count: Int { Self.count }
  var vectorWidth: Int { Vector.scalarCount }
  static var hasKernels: Bool { true }

  /// From five dimensions on the corners of a box may be as far as other components,
  /// whatever its size: then narrowing costs more than what it leaves out.
  @inline(__always)
  func isHopeless(
    points: Int, candidates: Int, narrowedInVain steps: Int
  ) -> Bool {
    Self.count >= 5 && candidates > 8 && steps >= 3 && points <= 512
  }
}

struct Dimension1: FixedDimension {
  typealias Vector = SIMD4<Double>
  static var count: Int { 1 }
}

struct Dimension2: FixedDimension {
  typealias Vector = SIMD4<Double>
  static var count: Int { 2 }
}

struct Dimension3: FixedDimension {
  typealias Vector = SIMD4<Double>
  static var count: Int { 3 }
}

struct Dimension4: FixedDimension {
  typealias Vector = SIMD4<Double>
  static var count: Int { 4 }
}

struct Dimension5: FixedDimension {
  typealias Vector = SIMD8<Double>
  static var count: Int { 5 }
}

struct Dimension6: FixedDimension {
  typealias Vector = SIMD8<Double>
  static var count: Int { 6 }
}
