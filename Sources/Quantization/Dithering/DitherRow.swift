/// Room for what dithering looks at of some pixels of a row.
///
/// It is read ahead: to look a colour up waits for memory, and the pixels of a
/// row, which do not depend on each other for that, wait together.
struct DitherRow {
  /// The points of their colours.
  let points: UnsafeMutablePointer<SIMD4<Float>>

  /// The squared limit of the error that each receives.
  let limits: UnsafeMutablePointer<Float>

  /// An entry that is near to each.
  let known: UnsafeMutablePointer<UInt16>

  /// The class of each colour.
  let classes: UnsafeMutablePointer<UInt8>

  /// Calls `body` with room that must not outlive the call.
  ///
  /// - Parameters:
  ///   - count: How many pixels it is for.
  ///   - body: Gets the room.
  /// - Returns: What `body` returned.
  static func with<Result>(_ count: Int, _ body: (DitherRow) -> Result)
    -> Result
  {
    withUnsafeTemporaryAllocation(of: SIMD4<Float>.self, capacity: count) {
      points in
      withUnsafeTemporaryAllocation(of: Float.self, capacity: count) {
        limits in
        withUnsafeTemporaryAllocation(of: UInt16.self, capacity: count) {
          known in
          withUnsafeTemporaryAllocation(of: UInt8.self, capacity: count) {
            classes in
            body(
              DitherRow(
                points: points.baseAddress.unsafelyUnwrapped,
                limits: limits.baseAddress.unsafelyUnwrapped,
                known: known.baseAddress.unsafelyUnwrapped,
                classes: classes.baseAddress.unsafelyUnwrapped))
          }
        }
      }
    }
  }

  /// The room from a pixel on.
  func advanced(by count: Int) -> DitherRow {
    DitherRow(
      points: points + count, limits: limits + count, known: known + count,
      classes: classes + count)
  }
}
