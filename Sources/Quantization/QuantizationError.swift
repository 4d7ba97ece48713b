public import Rasters
public import TruncatedEM

/// Why an image cannot be reduced to a palette.
public enum QuantizationError: Error, Equatable, Sendable {
  /// The number of colours is outside `PaletteSize.range`.
  case paletteSize(Int)

  /// Fully transparent pixels need a separate entry, and no colour is left
  /// for the others.
  case tooFewColors(Int)

  /// Pinned colours, and the entry of fully transparent pixels where there is
  /// one, are more than the colours allowed.
  case tooFewForPinned(Int, pinned: Int, reserved: Int)

  /// A target is negative, infinite or not a number, or there is none.
  case target

  /// Even the most colours allowed do not reach the target.
  case targetMissed(QualityTarget, by: Quality, colors: Int)

  /// A range of qualities is not within 0 to 100, or upside down.
  case qualityRange(least: Int, most: Int)

  /// Even the most colours allowed are not worth writing.
  case qualityMissed(QualityRange, by: Int, colors: Int)

  /// The number of bits to give up is outside `Posterization.range`.
  case posterization(Int)

  /// This many colours were given, more than `FixedPalette.most`.
  case paletteColors(Int)

  /// A palette in a given order would have this many entries, more than 256.
  case paletteOrder(Int)

  /// None of the given colours is opaque.
  case noOpaqueColor

  /// None of the means given to start from can be a colour of the image.
  case noUsableMean

  /// A mean to start from, counted from 0, is not within 0 to 255.
  case meanOutOfRange(Int)

  /// Dithering was requested with this many entries, more than
  /// `Ditherer.mostEntries`.
  case tooManyToDither(Int)

  /// Small regions are to be merged in an image that is dithered.
  case regionsOfDithering

  /// Small regions are to be merged in an image that comes strip by strip.
  case regionsOfStrips

  /// An importance map is not as large as the image.
  case importanceSize(ImageSize, of: ImageSize)

  /// The mixture cannot be fitted.
  case fit(FitError)

  /// Colours were to be fitted with covariance matrices.
  case covariance(CovarianceType)

  /// The problem and its remedy, in one line.
  public var message: String {
    switch self {
    case .paletteSize(let count):
      "the number of colours must be \(PaletteSize.range.lowerBound) to "
        + "\(PaletteSize.range.upperBound), not \(count)"
    case .tooFewColors(let count):
      "the image has transparent pixels, which need a palette entry; allow "
        + "more colours than \(count), or flatten the image with --background"
    case .tooFewForPinned(let count, let pinned, let reserved):
      "\(pinned) colours are pinned"
        + (reserved > 0 ? " and transparency needs another entry" : "")
        + ", but only \(count) are allowed; allow more or pin fewer"
    case .target:
      "a target must be a finite number, 0 or more"
    case .targetMissed(let target, let quality, let colors):
      "\(target) is out of reach: \(colors) colours, the most allowed, give "
        + "\(target.description(of: quality)); allow more with --k-max, or "
        + "lower the target"
    case .qualityRange(let least, let most):
      "a quality is two numbers from 0 to 100, the smaller one first, not "
        + "\(least) and \(most)"
    case .qualityMissed(let range, let quality, let colors):
      "\(colors) colours, the most allowed, reach quality \(quality), below the "
        + "minimum of \(range.least); nothing was written; allow more colours "
        + "or lower the minimum"
    case .posterization(let bits):
      "posterisation takes \(Posterization.range.lowerBound) to "
        + "\(Posterization.range.upperBound) bits, not \(bits)"
    case .paletteColors(let count):
      "there are \(count) colours, but a palette has at most "
        + "\(FixedPalette.most); reduce them first"
    case .paletteOrder(let count):
      "the palette would have \(count) entries, and an indexed image has at "
        + "most 256; use fewer colours (-k), or leave the order of the palette "
        + "open"
    case .noOpaqueColor:
      "none of its colours is opaque; a palette needs at least one"
    case .noUsableMean:
      "none of the given means can be a colour of this image; give opaque "
        + "ones, [r, g, b]"
    case .meanOutOfRange(let number):
      "colour \(number + 1) is not within 0 to 255"
    case .tooManyToDither(let count):
      "dithering is for at most \(Ditherer.mostEntries) colours, not "
        + "\(count); with this many it is not needed, so leave --dither out"
    case .regionsOfDithering:
      "--min-region merges small regions, and dithering makes them; leave one of "
        + "them out (with --perceptual, add --dither none)"
    case .regionsOfStrips:
      "small regions are merged in whole images only"
    case .importanceSize(let size, let image):
      "the importance map has \(size.width) x \(size.height) pixels, but the "
        + "image has \(image.width) x \(image.height); make them the same size"
    case .covariance(let type):
      "colours are fitted with a shared variance or one per component, not with "
        + "\(type.rawValue) covariances"
    case .fit(let error):
      error.message
    }
  }
}
