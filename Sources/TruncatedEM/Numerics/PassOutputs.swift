/// Where a pass writes.
struct PassOutputs: @unchecked Sendable {
  // Sendable: each pass has statistics of its own, and passes over different
  // nodes write different places of `nearest`.

  /// Laid out as `SufficientStatistics.values`; added to.
  let statistics: UnsafeMutablePointer<Double>

  /// For each point of the tree the number of its nearest component, if wanted.
  let nearest: UnsafeMutablePointer<UInt16>?
}
