/// How much farther than the nearest entry an opaque pixel's entry may be, so
/// that the pixel stays opaque.
///
/// With d² the squared distance to the nearest entry of any alpha, an opaque
/// entry is near enough if its squared distance is at most 2 d² + c. The
/// constant c is that of a colour that is six 8-bit steps away in each sample.
/// If no opaque entry is near enough, the pixel takes the nearest one of any
/// alpha: it becomes a little translucent instead of a wholly different colour.
struct OpaqueTolerance: Sendable {
  /// The factor of the least squared distance.
  private static let factor = 2.0

  /// c, in squared units of the working space.
  private let constant: Double

  /// The tolerance in a working space.
  init(in space: CompositeSpace) {
    let far = 6 * space.working.step
    // The three samples of greys are one coordinate.
    constant = (space.isGrey ? 1 : 3) * far * far
  }

  /// The largest squared distance that an opaque entry may have.
  ///
  /// - Parameter least: The squared distance of the nearest entry of any alpha.
  /// - Returns: A squared distance, of which more is too far.
  @inline(__always)
  func most(_ least: Double) -> Double { Self.factor * least + constant }
}
