extension DitherChooser {
  /// The most steps that ``isMixture(_:from:isOpaque:within:)`` takes.
  private static let mostSteps = 256

  /// The most entries that its steps look at together, beyond the least.
  private static let mostLooks = 2_048

  /// The least steps that it takes if it has to.
  private static let leastSteps = 12

  /// Whether a mixture of entries can have a colour.
  ///
  /// From the nearest entry on, each step gives the entry that is farthest in
  /// the direction of the colour a share of that which is farthest behind, so
  /// that the mixture gets as near to the colour as it can (the pairwise
  /// Frank–Wolfe method: S. Lacoste-Julien and M. Jaggi, "On the global linear
  /// convergence of Frank-Wolfe optimization variants", NIPS 2015, arXiv
  /// 1511.05932).
  ///
  /// - Parameters:
  ///   - point: The colour.
  ///   - entry: The nearest entry.
  ///   - isOpaque: Whether entries must be opaque.
  ///   - reach: How far from the colour the mixture may be.
  /// - Returns: Whether a mixture was found.
  /// - Complexity: O(entries) a step.
  func isMixture(
    _ point: SIMD4<Float>, from entry: Int, isOpaque: Bool, within reach: Float
  ) -> Bool {
    let points = all.points
    let allowed = allowed(isOpaque: isOpaque)
    var mixture = points[entry]
    var parts = [(entry: entry, share: Float(1))]
    let steps = min(
      Self.mostSteps, max(Self.leastSteps, Self.mostLooks / allowed.count))
    for _ in 0..<steps {
      let missing = point - mixture
      guard (missing * missing).sum() > reach * reach else { return true }
      var (ahead, most) = (entry, -Float.infinity)
      for other in allowed {
        let distance = (points[other] * missing).sum()
        if distance > most { (ahead, most) = (other, distance) }
      }
      // A plane with all entries behind it.
      guard most >= (point * missing).sum() - reach * reach else {
        return false
      }
      var (behind, least) = (0, Float.infinity)
      for (n, part) in parts.enumerated() {
        let distance = (points[part.entry] * missing).sum()
        if distance < least { (behind, least) = (n, distance) }
      }
      let way = points[ahead] - points[parts[behind].entry]
      let length = (way * way).sum()
      guard length > 0, most > least else { return false }
      let share = min(parts[behind].share, (most - least) / length)
      mixture += way * share
      parts[behind].share -= share
      if let known = parts.firstIndex(where: { $0.entry == ahead }) {
        parts[known].share += share
      } else {
        parts.append((entry: ahead, share: share))
      }
      parts.removeAll { $0.share <= 0 }
    }
    return false
  }
}
