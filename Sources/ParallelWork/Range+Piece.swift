extension Range<Int> {
  /// One of several pieces of about the same length, which follow each other and
  /// cover all of it.
  ///
  /// - Parameters:
  ///   - number: Which, from 0.
  ///   - pieces: How many there are, at least 1; their product with the length
  ///     must not overflow.
  /// - Returns: The piece; empty ones occur only where there are more than
  ///   elements.
  package func piece(_ number: Int, of pieces: Int) -> Range<Int> {
    lowerBound + count * number / pieces..<lowerBound + count * (number + 1)
      / pieces
  }
}
