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
  ///   - copiesIfLarger: Whether such images are copied.
  ///   - recoloring: How colours are moved, where they are not reduced.
  /// - Returns: Eight hex digits, the same in every process of this version of
  ///   the program.
  /// - Complexity: O(size of the files that options name).
  package static func of(
    _ options: QuantizeOptions, skipsIfLarger: Bool,
    copiesIfLarger: Bool = false, recoloring: BatchRecoloring? = nil
  ) -> String {
    let importance =
      switch options.quantizer.importance {
      case .none: "none"
      case .automatic: "auto"
      case .map(let map): "\(map.size) \(Checksum.of(map.samples))"
      }
    let (quantizer, decoding) = (options.quantizer, options.decoding)
    let parts: [Any] = [
      Version.number, quantizer.start, quantizer.pinned, quantizer.truncation,
      quantizer.seed, quantizer.effort, quantizer.maximumIterations as Any,
      quantizer.tolerance as Any, quantizer.acceleration as Any,
      quantizer.mixing, quantizer.variance,
      quantizer.space.working, quantizer.space.gamut, importance,
      quantizer.balance, quantizer.dither, quantizer.posterization,
      quantizer.order, quantizer.takesImageColors, quantizer.depth,
      quantizer.leastRegion, quantizer.aim,
      decoding.target, decoding.alpha, options.encoding, decoding.keepsGoing,
      decoding.page as Any,
      skipsIfLarger, copiesIfLarger, recoloring?.digest ?? "",
    ]
    let text = parts.map { String(describing: $0) }.joined(separator: "|")
    let digest = String(Checksum.of(Array(text.utf8)), radix: 16)
    return String(repeating: "0", count: 8 - digest.count) + digest
  }
}
