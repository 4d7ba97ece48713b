/// A seeded source of random numbers whose sequence is the same on every
/// machine and with every version of Swift: SplitMix64 (Steele, Lea & Flood
/// 2014, doi 10.1145/2660193.2660195).
///
/// The standard library promises no fixed sequence for
/// `Double.random(in:using:)`, so the conversion to `Double` is here as well.
package struct SeededGenerator: Sendable {
  private var state: UInt64

  /// Starts the sequence that belongs to `seed`.
  package init(seed: UInt64) {
    state = seed
  }

  /// The next 64 random bits.
  package mutating func next() -> UInt64 {
    state &+= 0x9e37_79b9_7f4a_7c15
    var mixed = state
    mixed = (mixed ^ (mixed >> 30)) &* 0xbf58_476d_1ce4_e5b9
    mixed = (mixed ^ (mixed >> 27)) &* 0x94d0_49bb_1331_11eb
    return mixed ^ (mixed >> 31)
  }

  /// A number that is uniform in 0 ≤ x < 1, a multiple of 2⁻⁵³.
  mutating func nextUnit() -> Double {
    Double(next() >> 11) * 0x1p-53
  }
}
