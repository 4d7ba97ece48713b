package import ParallelWork

/// A band that a palette is fitted to, with the field that holds its rows and
/// memory for the entries of the field's pixels.
package struct DitherSample: Sendable {
  let band: Int
  let field: DitherField
  let indices: SharedMemory<UInt16>

  /// A band.
  ///
  /// - Parameters:
  ///   - band: Its number.
  ///   - field: Its rows, and those above that ``DitherBands/leadRows`` asks
  ///     for.
  ///   - indices: Memory for the field's pixels; several bands of a field may
  ///     share it.
  package init(
    _ band: Int, of field: DitherField, _ indices: SharedMemory<UInt16>
  ) {
    self.band = band
    self.field = field
    self.indices = indices
  }
}
