public import ImageQuality
public import TruncatedEM

/// The results of reducing an image to a palette, without its pixels.
public struct QuantizationSummary: Sendable {
  /// The fitted palette and the model that it comes from.
  public let fitted: FittedPalette

  /// The palette of the written image, in its order. Without dithering it is
  /// that of ``fitted``; dithering may change its colours and counts.
  public let palette: Palette

  /// How many rounds of fitting the palette to its dithering were kept; `nil`
  /// without dithering.
  public let ditherRounds: Int?

  /// How far the mapped pixels are from the image's.
  public let distortion: Distortion

  /// The fit: the model, F, J and σ² of each iteration, and
  /// whether it converged.
  public var fit: Fit { fitted.fit }

  /// How the number of colours was chosen, if it was.
  public var selection: ColorCountSelection? { fitted.selection }

  /// J per unit of weight of the fitted means, before they were rounded, in
  /// units of the working space squared; measured when it is asked for.
  public var inertia: Double { fitted.inertia }

  /// The number of different colours of the image.
  public var distinctColors: Int { fitted.histogram.count }

  /// Entries of the palette that are not components of the fit: 1 for fully
  /// transparent pixels next to opaque ones, or else 0.
  public var separateEntries: Int { fitted.histogram.separateEntries }
}
