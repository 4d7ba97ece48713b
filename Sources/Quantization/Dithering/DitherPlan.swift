import ParallelWork

/// A palette's entries and a method that is prepared to dither bands with them.
struct DitherPlan: Sendable {
  private enum Method: Sendable {
    case nearest
    case errorDiffusion(ErrorDiffusion)
    case riemersma(RiemersmaDithering)
    case ordered(OrderedDithering)
  }

  private let method: Method
  private let entries: DitherEntries
  private let search: DirectSearch?
  private let balance: AreaBalance?

  /// Prepares.
  ///
  /// - Parameters:
  ///   - options: How to dither.
  ///   - entries: The entries that pixels may get.
  ///   - colors: The colours of the image.
  ///   - isTrial: Whether the pixels only show what a palette is worth: then
  ///     there are no sweeps, and means need not be kept.
  ///   - workers: The threads to use.
  init(
    _ options: DitherOptions, _ entries: DitherEntries, _ colors: DitherColors,
    isTrial: Bool, _ workers: Workers
  ) {
    self.entries = entries
    var sweeps = isTrial ? 0 : options.sweeps
    // With less strength, means are not meant to be kept.
    let keepsMeans = !isTrial && options.strength == 1
    var limits: ErrorLimits?
    switch options.method {
    case .none:
      method = .nearest
      sweeps = 0
    case .errorDiffusion(let kernel):
      let diffusion = ErrorDiffusion(
        kernel, strength: options.strength, keepsMeans: keepsMeans, colors,
        entries, workers)
      limits = diffusion.limits
      method = .errorDiffusion(diffusion)
    case .riemersma:
      let riemersma = RiemersmaDithering(
        strength: options.strength, keepsMeans: keepsMeans, colors, entries,
        workers)
      limits = riemersma.limits
      method = .riemersma(riemersma)
    case .ordered(let pattern):
      // The place of a pixel decides its entry; exchanging would undo that.
      sweeps = 0
      method = .ordered(
        OrderedDithering(
          pattern, strength: Float(options.strength), colors, entries,
          isTrial: isTrial, workers))
    }
    search = sweeps > 0 ? DirectSearch(sweeps: sweeps) : nil
    balance =
      keepsMeans ? limits.map { AreaBalance($0, in: colors.space) } : nil
  }

  /// Dithers a band.
  ///
  /// - Parameters:
  ///   - band: Its number.
  ///   - field: Its rows, and those above it that the method looks at.
  ///   - indices: Memory for the entries of the field's pixels, of which those
  ///     of the band are written.
  func dither(
    _ band: Int, of field: DitherField, into indices: SharedMemory<UInt16>
  ) {
    guard let search else {
      mix(band, of: field, into: indices)
      balance?.balance(band, of: field, with: entries, indices)
      return
    }
    let rows = DitherBands.rows(band, field.size)
    let first = max(
      field.rows.lowerBound, rows.lowerBound - DitherBands.leadRows)
    let own = field.lookedUp(first..<rows.upperBound)
    let memory = indices.advanced(by: field.place(ofRow: first))
    mix(band, of: own, into: memory)
    search.improve(band, of: own, with: entries, memory)
    balance?.balance(band, of: own, with: entries, memory)
  }

  /// Dithers a band, without what follows.
  private func mix(
    _ band: Int, of field: DitherField, into indices: SharedMemory<UInt16>
  ) {
    switch method {
    case .nearest:
      let rows = DitherBands.rows(band, field.size)
      let start = indices.start + field.place(ofRow: rows.lowerBound)
      for (i, number) in field.numbers(ofRows: rows).enumerated() {
        start[i] = field.nearest[Int(number)]
      }
    case .errorDiffusion(let diffusion):
      diffusion.dither(band, of: field, with: entries, into: indices)
    case .riemersma(let riemersma):
      riemersma.dither(band, of: field, with: entries, into: indices)
    case .ordered(let ordered):
      ordered.dither(band, of: field, into: indices)
    }
  }
}
