import ParallelWork

extension QuantizerOptions {
  /// Whether the palette is fitted to its dithering. Given palettes are not.
  package var fitsToDithering: Bool {
    !start.isPalette && !takesImageColors && dither.method != .none
      && dither.rounds > 0
  }

  /// Whether the number of colours is chosen by a quality that is measured after
  /// dithering, for which all pixels are needed.
  package var measuresDithering: Bool {
    guard dither.method != .none, case .choose(let choice) = start else {
      return false
    }
    if case .criterion = choice.rule { return false }
    return true
  }

  /// The bits of the palette's samples; without posterization.
  var paletteDepth: PaletteDepth {
    dither.method == .none && !start.isPalette ? depth : .eight
  }

  /// Prepares to dither.
  var ditherPlanner: DitherPlanner {
    var dither = dither
    if !fitsToDithering { dither.rounds = 0 }
    return DitherPlanner(
      dither, posterization: posterization, workers: Workers(threads: threads))
  }

  /// Whether dithering must leave an entry as it is.
  var isPinned: (Palette.Entry) -> Bool {
    let pinned = Set(pinned)
    return { $0.alpha == 255 && pinned.contains($0.color) }
  }

  /// Refuses palettes that are too large to dither with, and small regions that are
  /// to be merged.
  ///
  /// - Throws: `QuantizationError.tooManyToDither` or `.regionsOfDithering`.
  func checkDithering(_ palette: Palette) throws(QuantizationError) {
    guard
      dither.method == .none || palette.entries.count <= Ditherer.mostEntries
    else { throw .tooManyToDither(palette.entries.count) }
    guard dither.method == .none || leastRegion <= 1 else {
      throw .regionsOfDithering
    }
  }
}
