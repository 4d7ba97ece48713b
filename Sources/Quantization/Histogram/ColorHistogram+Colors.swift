extension ColorHistogram {
  /// Counts given colours; `nil` where they are not as the parameters ask for.
  ///
  /// - Parameters:
  ///   - colors: Red, green, blue and alpha of 16 bits, in any order; at least
  ///     one. A colour may occur more than once.
  ///   - counts: How many pixels have each, at least 1. A sum stops at the
  ///     greatest number that there is room for.
  ///   - weights: How much each counts in a fit, finite and not negative, not
  ///     all 0; `nil` where that is how many pixels have it.
  /// - Complexity: O(colours × log colours).
  public init?(
    colors: [SIMD4<UInt16>], counts: [UInt32], weights: [Double]? = nil
  ) {
    guard !colors.isEmpty, counts.count == colors.count,
      weights.map({ $0.count == colors.count }) ?? true,
      counts.allSatisfy({ $0 > 0 }),
      weights?.allSatisfy({ $0 >= 0 && $0.isFinite }) ?? true,
      weights.map({ $0.reduce(0, +) }).map({ $0 > 0 && $0.isFinite }) ?? true
    else { return nil }
    let isOpaque = colors.allSatisfy { $0.w == .max }
    // Samples of 8 bits are multiplied by 257.
    let areBytes = colors.allSatisfy { $0 % 257 == .zero }
    let layout: ColorLayout =
      !isOpaque ? .rgba16 : areBytes ? .rgb8 : .rgb16
    let codes = colors.map { layout.code(of: $0) }
    var run = CodeCounter.Run(codes: [], counts: [])
    var sums: [Double]? = weights == nil ? nil : []
    var pixels = 0
    // Equal colours keep their order, so that weights are added in it.
    for n in codes.indices.sorted(by: { (codes[$0], $0) < (codes[$1], $1) }) {
      let (total, overflows) = pixels.addingReportingOverflow(Int(counts[n]))
      pixels = overflows ? .max : total
      if run.codes.last == codes[n] {
        let last = run.counts.count - 1
        let (sum, overflows) =
          run.counts[last].addingReportingOverflow(counts[n])
        run.counts[last] = overflows ? .max : sum
        sums?[last] += weights?[n] ?? 0
      } else {
        run.codes.append(codes[n])
        run.counts.append(counts[n])
        sums?.append(weights?[n] ?? 0)
      }
    }
    self.init(run, layout, pixelCount: pixels)
    self.weights = sums
  }
}
