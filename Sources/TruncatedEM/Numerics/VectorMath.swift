/// Elementary functions of four numbers at once, for the innermost loops.
///
/// The C library's take one number and cost more than all else that a soft
/// E-step does with a point. Sources/CKernels/vector_math.h has the same for AVX2;
/// a change to one of the two belongs in the other as well: their results are
/// the same bits.
package enum VectorMath {
  /// Adding and subtracting it rounds to a whole number, which then stands in
  /// the lowest bits of the sum.
  private static let rounder = 0x1.8p52

  /// Below its negative, ``exp(_:)`` is 0.
  static var vanishing: Double { 708 }

  /// e to the power of numbers that are not positive.
  ///
  /// Relative error below 2⁻⁵¹ where the result is a normal number; below −708,
  /// where it would not be, the result is 0.
  ///
  /// - Parameter x: Each at most 0; −infinity gives 0.
  /// - Returns: e^x, each at most 1.
  @inline(__always)
  package static func exp(_ x: SIMD4<Double>) -> SIMD4<Double> {
    let vanishes = x .< -vanishing
    let x = x.replacing(with: 0, where: vanishes)
    // x = n log 2 + r with |r| ≤ (log 2)/2.
    let shifted = (x * 1.4426950408889634 + rounder)
    let n = shifted - rounder
    let r = x - n * 0x1.62e42fee00000p-1 - n * 0x1.a39ef35793c76p-33
    // Taylor to r¹³/13!, by Horner; |r|¹⁴/14! is below 2⁻⁵⁷.
    var sum = SIMD4<Double>(repeating: 1.0 / 6_227_020_800)
    sum = sum * r + 1.0 / 479_001_600
    sum = sum * r + 1.0 / 39_916_800
    sum = sum * r + 1.0 / 3_628_800
    sum = sum * r + 1.0 / 362_880
    sum = sum * r + 1.0 / 40_320
    sum = sum * r + 1.0 / 5_040
    sum = sum * r + 1.0 / 720
    sum = sum * r + 1.0 / 120
    sum = sum * r + 1.0 / 24
    sum = sum * r + 1.0 / 6
    sum = sum * r + 0.5
    sum = sum * r + 1
    sum = sum * r + 1
    // Times 2ⁿ, by adding n to the exponents.
    let exponents = unsafeBitCast(shifted, to: SIMD4<UInt64>.self) &<< 52
    let bits = unsafeBitCast(sum, to: SIMD4<UInt64>.self) &+ exponents
    return unsafeBitCast(bits, to: SIMD4<Double>.self)
      .replacing(with: 0, where: vanishes)
  }

  /// The natural logarithm of numbers that are at least 1.
  ///
  /// Absolute error below 2⁻⁵² times the larger of 1 and the result.
  ///
  /// - Parameter x: Each at least 1 and finite.
  /// - Returns: log x, each at least 0.
  @inline(__always)
  package static func log(_ x: SIMD4<Double>) -> SIMD4<Double> {
    // x = 2ⁿ m with m from √½ to √2: the offset moves the cut between
    // exponents from 1 to √½.
    let bits = unsafeBitCast(x, to: SIMD4<UInt64>.self)
    let offset = SIMD4<UInt64>(repeating: 0x0009_5f62_0000_0000)
    let exponent = (bits &+ offset) &>> 52 &- 1_023
    let mantissa = unsafeBitCast(
      bits &- exponent &<< 52, to: SIMD4<Double>.self)
    // A small whole number becomes a Double by standing in the lowest bits of
    // 2⁵².
    let n =
      unsafeBitCast(
        exponent | 0x1p52.bitPattern, to: SIMD4<Double>.self) - 0x1p52
    // log m = 2 artanh s, s = (m − 1)/(m + 1), |s| ≤ 0.1716; the first term
    // left out, s²⁵/25, is below 2⁻⁶⁷.
    let s = (mantissa - 1) / (mantissa + 1)
    let square = s * s
    var sum = SIMD4<Double>(repeating: 1.0 / 23)
    sum = sum * square + 1.0 / 21
    sum = sum * square + 1.0 / 19
    sum = sum * square + 1.0 / 17
    sum = sum * square + 1.0 / 15
    sum = sum * square + 1.0 / 13
    sum = sum * square + 1.0 / 11
    sum = sum * square + 1.0 / 9
    sum = sum * square + 1.0 / 7
    sum = sum * square + 1.0 / 5
    sum = sum * square + 1.0 / 3
    sum = sum * square + 1
    return n * 0x1.62e42fee00000p-1
      + (n * 0x1.a39ef35793c76p-33 + 2 * s * sum)
  }
}
