public import ImageQuality
public import Rasters
public import TruncatedEM

/// An image reduced to a palette, in memory, with the fit and its figures.
///
///     let image = try Quantizer(colors: 16).quantize(pixels)
///     image.palette.colors            // at most 16 colours, most used first
///     image.distortion.peakSignalToNoiseRatio
///     image.fit.iterations.last?.freeEnergy
///     if case .indexed(let indexed) = image.mapped { … }
public struct QuantizedImage: Sendable {
  /// The mapped pixels.
  public enum Mapped: Sendable {
    /// Numbers of palette entries.
    case indexed(IndexedImage)

    /// Colours, where the palette has more than 256.
    case colors(Raster)

    /// Colours of 16 bits a sample, where the palette has such.
    case deep(DeepRaster)
  }

  /// The mapped pixels.
  public let mapped: Mapped

  /// The results without the pixels.
  public let summary: QuantizationSummary

  /// The palette, in its order: the most used colours first.
  public var palette: Palette { summary.palette }

  /// How far the mapped pixels are from the image's.
  public var distortion: Distortion { summary.distortion }

  /// The fit: the model, F, J and σ² of each iteration, and
  /// whether it converged.
  public var fit: Fit { summary.fit }

  /// J per unit of weight of the fitted means, before they were rounded, in
  /// units of the working space squared; measured when it is asked for.
  public var inertia: Double { summary.inertia }

  /// How the number of colours was chosen, if it was.
  public var selection: ColorCountSelection? { summary.selection }

  /// The colours of the image, with the weights that they were fitted with.
  public var histogram: ColorHistogram { summary.fitted.histogram }

  /// Maps an image to the palette that is fitted to it.
  ///
  /// - Parameters:
  ///   - pixels: The image.
  ///   - fitted: The palette.
  ///   - options: How.
  /// - Throws: `QuantizationError.tooManyToDither`.
  /// - Complexity: O(pixels).
  init(
    _ pixels: Pixels, _ fitted: FittedPalette, _ options: QuantizerOptions
  ) throws(QuantizationError) {
    var mapper = try PixelMapper(fitted, options, whole: pixels)
    mapped = mapper.map(pixels)
    summary = mapper.summary
  }

  /// The mapped pixels as colours.
  ///
  /// - Returns: An image with alpha where the palette has any.
  /// - Complexity: O(pixels).
  public func raster() -> Raster { mapped.raster() }
}
