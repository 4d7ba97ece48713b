/// How the rows of a PNG are filtered before they are compressed
/// (PNG specification, third edition, section 9).
enum RowFilter: Int, CaseIterable, Sendable {
  /// Type 0, the bytes themselves.
  case none

  /// Type 1, the difference to the pixel on the left.
  case sub

  /// Type 2, the difference to the pixel above.
  case up

  /// Type 3, the difference to the mean of both.
  case average

  /// Type 4, the difference to the nearest of left, above and above left.
  case paeth

  /// Each row as its bytes, taken as signed, have the least sum of magnitudes.
  case leastSum

  /// Each row as its bytes have the least entropy.
  case leastEntropy

  /// Each row as the fewest different pairs of bytes follow each other in it.
  case fewestPairs
}
