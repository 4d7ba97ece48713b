internal import CKernels

extension DitherChooser {
  /// Calls `body` with the entries for C, which must not outlive the call.
  ///
  /// - Parameter body: Gets the entries.
  /// - Returns: What `body` returned.
  func withEntries<Result>(
    _ body: (UnsafePointer<qk_entries>) -> Result
  ) -> Result {
    withUnsafePointer(to: self) { context in
      var entries = qk_entries(
        points: .floats(all.points.baseAddress.unsafelyUnwrapped),
        grid: grid?.grid, first_opaque: Int32(truncatingIfNeeded: firstOpaque),
        search: { context, point, known, kind in
          guard let context, let point else { return Int32(known) }
          let chooser = context.assumingMemoryBound(to: DitherChooser.self)
          return Int32(
            truncatingIfNeeded: chooser.pointee.nearest(
              to: UnsafeRawPointer(point).loadUnaligned(
                as: SIMD4<Float>.self), from: Int(known),
              isOpaque: kind == DitherColors.Class.opaque.rawValue))
        }, context: context)
      return body(&entries)
    }
  }
}

extension UnsafePointer<Float> {
  /// The coordinates of points.
  static func floats(_ points: UnsafePointer<SIMD4<Float>>) -> Self {
    UnsafeRawPointer(points).assumingMemoryBound(to: Float.self)
  }
}

extension UnsafeMutablePointer<Float> {
  /// The coordinates of points.
  static func floats(_ points: UnsafeMutablePointer<SIMD4<Float>>) -> Self {
    UnsafeMutableRawPointer(points).assumingMemoryBound(to: Float.self)
  }
}
