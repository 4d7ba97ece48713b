import Quantization
import TruncatedEM

/// What tells options apart whose outputs may differ.
package enum OptionsDigest {
  /// The digest of options.
  ///
  /// - Parameters:
  ///   - options: How images are quantised; the number of threads does not
  ///     matter.
  ///   - skipsIfLarger: Whether images that grow are not written.
  /// - Returns: Eight hex digits, the same in every process of this version of
  ///   the program.
  /// - Complexity: O(size of the files that options name).
  package static func of(_ options: QuantizeOptions, skipsIfLarger: Bool)
    -> String
  {
    let importance =
      switch options.importance {
      case .none: "none"
      case .automatic: "auto"
      case .map(let map): "\(map.size) \(Checksum.of(map.samples))"
      }
    let parts: [Any] = [
      Version.number, options.start, options.pinned, options.truncation,
      options.seed, options.effort, options.maximumIterations as Any,
      options.tolerance as Any, options.mixing, options.variance,
      options.space.working, options.space.gamut, importance, options.balance,
      options.dither, options.posterization, options.colorTarget,
      options.alpha, options.encoding, options.keepsGoing, skipsIfLarger,
    ]
    let text = parts.map { String(describing: $0) }.joined(separator: "|")
    let digest = String(Checksum.of(Array(text.utf8)), radix: 16)
    return String(repeating: "0", count: 8 - digest.count) + digest
  }
}
