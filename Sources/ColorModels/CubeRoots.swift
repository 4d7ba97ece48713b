extension SIMD3<Double> {
  /// The cube roots, three at once: a third of the exponent, then three of
  /// Halley's steps, each of which triples the digits that are right.
  ///
  /// Accurate to one unit in the last place or two. Subnormal numbers count as
  /// 0; infinite ones and NaN give NaN.
  var cubeRoots: SIMD3<Double> {
    let sizes = SIMD3(x.magnitude, y.magnitude, z.magnitude)
    var roots = SIMD3(
      Self.guess(sizes.x), Self.guess(sizes.y), Self.guess(sizes.z))
    for _ in 0..<3 {
      let cubes = roots * roots * roots
      roots += roots * (sizes - cubes) / (2 * cubes + sizes)
    }
    roots.replace(with: 0, where: sizes .< Double.leastNormalMagnitude)
    roots.replace(with: -roots, where: self .< 0)
    return roots
  }

  /// A cube root to some five bits: a third of the number's bits, and two
  /// thirds of the exponent's bias but for what evens out the error.
  private static func guess(_ size: Double) -> Double {
    Double(bitPattern: size.bitPattern / 3 + 0x2a9f_7893_0000_0000)
  }
}
