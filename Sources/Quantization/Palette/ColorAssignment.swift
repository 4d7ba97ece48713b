import Rasters
public import TruncatedEM

/// A palette, and which of its entries each distinct colour is mapped to.
public struct ColorAssignment: Sendable {
  /// The distinct colours.
  public let histogram: ColorHistogram

  /// The space in which entries are near.
  public let space: CompositeSpace

  /// The colours that they are mapped to.
  public let palette: Palette

  /// For each colour of the histogram, in its order, the number of the entry
  /// that is nearest; of entries at the same distance the one whose
  /// `0xRRGGBBAA` is lowest. Opaque colours have the nearest opaque entry if it
  /// is near enough (`OpaqueTolerance`), and fully transparent pixels have a
  /// separate entry.
  public let entries: [UInt16]

  /// The summed squared distance of all pixels from their entries in encoded
  /// samples, whatever the working space: for opaque images the squared error
  /// over the three channels, in 8-bit units.
  public let squaredError: Double

  /// How many fitted means became equal when they were rounded to 8 bits, and
  /// would not have with 16.
  public let mergedMeans: Int

  /// Rounds the means of a model to a palette and maps the distinct colours to
  /// it. Pinned means are kept, but the one of complete transparency only where
  /// pixels have it.
  ///
  /// - Parameters:
  ///   - model: Means in the working space; values outside are clamped.
  ///   - colors: The colours of the image.
  ///   - posterization: The bits that the samples of the palette have.
  ///   - depth: The bits that they have without that.
  ///   - isGiven: Whether the means were given by the user: then none is
  ///     moved to become opaque or not, as long as one of them is opaque.
  /// - Throws: `QuantizationError.fit`.
  /// - Complexity: O(colours × components) distances.
  public init(
    rounding model: MixtureModel, of colors: ColorPoints,
    posterization: Posterization = .none, depth: PaletteDepth = .eight,
    isGiven: Bool = false
  ) throws(QuantizationError) {
    try self.init(
      PaletteCandidates(
        model, colors, posterization,
        posterization == .none ? depth : .eight, isGiven: isGiven), colors)
  }

  /// Maps the distinct colours to given ones.
  ///
  /// - Parameters:
  ///   - given: The colours.
  ///   - colors: The colours of the image.
  ///   - keepsUnused: Whether colours that nothing is mapped to are entries all
  ///     the same, as dithering may need them.
  /// - Throws: `QuantizationError.fit`.
  /// - Complexity: O(colours × given colours) distances.
  public init(
    _ given: FixedPalette, of colors: ColorPoints, keepsUnused: Bool = false
  ) throws(QuantizationError) {
    let histogram = colors.histogram
    try self.init(
      PaletteCandidates(
        given.colors(withAlpha: histogram.hasTranslucent),
        isTransparent: histogram.hasTransparentComponent,
        keepsUnused: keepsUnused, in: colors.space), colors)
  }

  private init(
    _ candidates: PaletteCandidates, _ colors: ColorPoints
  ) throws(QuantizationError) {
    let histogram = colors.histogram
    self.histogram = histogram
    space = colors.space
    mergedMeans = candidates.distinctMeans - candidates.colors.count
    let unseen = histogram.hasTransparent ? Int(histogram.counts[0]) : 0
    let transparent = Palette.Entry(
      color: RGBColor(packed: 0), alpha: 0, component: nil, count: unseen)
    guard !histogram.visible.isEmpty else {
      // Nothing is mapped to pinned colours, and they stay nevertheless.
      palette = Palette(
        entries: [transparent]
          + candidates.entries(counts: nil).map(\.entry),
        depth: candidates.depth)
      entries = [0]
      squaredError = 0
      return
    }
    var nearest = try candidates.nearest(to: colors)
    var (counts, squaredError) = histogram.tally(
      nearest, candidates, colors.workers)
    if let shared = candidates.alphas.firstIndex(of: 0) {
      counts[shared] += unseen
    }

    let found = candidates.entries(counts: counts)
    let isShared = found.first?.entry.alpha == 0
    let first = unseen > 0 && !isShared ? 1 : 0
    var places = [UInt16](repeating: 0, count: candidates.colors.count)
    for (place, element) in found.enumerated() {
      places[element.candidate] = UInt16(truncatingIfNeeded: first + place)
    }
    palette = Palette(
      entries: (first > 0 ? [transparent] : []) + found.map(\.entry),
      depth: candidates.depth)
    nearest.withUnsafeMutableBufferPointer { nearest in
      places.withUnsafeBufferPointer { places in
        for n in nearest.indices { nearest[n] = places[Int(nearest[n])] }
      }
    }
    if unseen > 0 { nearest.insert(0, at: 0) }
    entries = nearest
    self.squaredError = squaredError
  }
}

extension PaletteCandidates {
  /// The candidates of a fitted model.
  fileprivate init(
    _ model: MixtureModel, _ image: ColorPoints,
    _ posterization: Posterization, _ depth: PaletteDepth, isGiven: Bool
  ) throws(QuantizationError) {
    let space = image.space
    // A model without pinned means may have none for transparency either.
    let transparent =
      model.pinned > 0 && image.histogram.hasTransparentComponent ? 1 : 0
    let pinned = transparent..<model.pinned
    if space.hasAlpha(dimension: model.dimension) {
      let given =
        isGiven ? OpaqueMeans.asGiven(model, in: space) : nil
      let (means, isOpaque): ([SIMD4<Double>], [Bool])
      if let given {
        (means, isOpaque) = given
      } else {
        (means, isOpaque) = try OpaqueMeans.settle(
          model, opaque: pinned, image)
      }
      self.init(
        rounding: means, isOpaque: isOpaque, isTransparent: transparent > 0,
        pinned: pinned, posterization, depth, in: space)
    } else {
      self.init(
        rounding: (0..<model.components).map { c in
          space.point(ofMean: model.mean(c))
        }, isOpaque: [Bool](repeating: true, count: model.components),
        pinned: pinned, posterization, depth, in: space)
    }
  }

  /// The candidates that become entries of the palette, in its order: those
  /// that pixels have, and pinned ones.
  ///
  /// - Parameter counts: How many pixels each has; `nil` where there are none.
  /// - Returns: The entries, each with the number of its candidate.
  fileprivate func entries(
    counts: [Int]?
  ) -> [(candidate: Int, entry: Palette.Entry)] {
    colors.indices.filter { (counts?[$0] ?? 0) > 0 || isPinned[$0] }.map {
      (
        candidate: $0,
        entry: Palette.Entry(
          color: colors[$0], alpha: alphas[$0], component: components[$0],
          count: counts?[$0] ?? 0, deep: deep[$0])
      )
    }.sorted { $0.entry.isBefore($1.entry) }
  }
}

extension Palette.Entry {
  /// The transparent entry first, then translucent ones, so that the alphas of
  /// a file are few; then the most used; then by colour.
  func isBefore(_ other: Palette.Entry) -> Bool {
    if (alpha == 0) != (other.alpha == 0) { return alpha == 0 }
    if (alpha < 255) != (other.alpha < 255) { return alpha < 255 }
    if count != other.count { return count > other.count }
    return (deep.x, deep.y, deep.z, deep.w)
      < (other.deep.x, other.deep.y, other.deep.z, other.deep.w)
  }
}
