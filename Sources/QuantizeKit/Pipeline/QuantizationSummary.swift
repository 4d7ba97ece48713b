import Quantization
import TruncatedEM

/// What was found while an image was reduced to a palette, without its pixels.
struct QuantizationSummary: Sendable {
  /// What was fitted, and how.
  let fit: Fit

  /// How the number of colours was chosen, if it was.
  let selection: SelectionRecord?

  /// J per pixel of the fitted means, before they were rounded.
  let inertia: Double

  /// The palette, in its order.
  let palette: Palette

  /// How many rounds of fitting the palette to its dithering were kept.
  let ditherRounds: Int?

  /// The number of different colours of the image.
  let distinctColors: Int

  /// Entries of the palette that are not components of the fit.
  let reservedEntries: Int
}

extension ColorHistogram {
  /// Reserved entries of the palette that are not components of a fit.
  var ownEntries: Int { reservedEntries - (pinnedMeans?.components ?? 0) }
}
