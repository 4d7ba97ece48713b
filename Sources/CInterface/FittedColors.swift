import Quantization

/// A palette with the fit that it comes from.
struct FittedColors {
  /// The fit.
  let fitted: FittedPalette

  /// The palette: that of the fit, or of an image that was mapped to it.
  let palette: Palette
}
