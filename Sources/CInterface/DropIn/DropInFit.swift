import CQuantize
import ParallelWork
import Quantization
import Rasters
import TruncatedEM

/// Fits palettes with the settings of the drop-in.
struct DropInFit {
  let attributes: DropInAttributes

  /// Fits a palette to an image, or to colours of several.
  ///
  /// - Parameters:
  ///   - image: The image, where it is one.
  ///   - counted: The colours, where there is none.
  ///   - fixed: Opaque colours that the palette is to have.
  ///   - addsTransparency: Whether it is to have complete transparency.
  /// - Returns: The result.
  /// - Throws: `Failure`.
  func result(
    _ image: DropInImage?, _ counted: ColorHistogram?, fixed: [RGBColor],
    addsTransparency: Bool
  ) throws(Failure) -> DropInResult {
    let options = try options(
      fixed, hasTransparency: addsTransparency, importance: image?.importance)
    let quantizer = Quantizer(options)
    return try observed { observer throws(Failure) in
      if let image {
        let quantized = try quantizing { () throws(QuantizationError) in
          try quantizer.quantize(.eight(image.raster), observer: observer)
        }
        try check(quantized.distortion.meanSquaredError)
        return DropInResult(
          quantized.summary.fitted, (image, quantized), options, attributes,
          addsTransparency: addsTransparency)
      }
      guard let counted else {
        throw .notPossible("the histogram has no colours")
      }
      let fitted = try quantizing { () throws(QuantizationError) in
        try quantizer.palette(of: counted, observer: observer)
      }
      return DropInResult(
        fitted, nil, options, attributes, addsTransparency: addsTransparency)
    }
  }

  private func options(
    _ fixed: [RGBColor], hasTransparency: Bool, importance: Raster?
  ) throws(Failure) -> QuantizerOptions {
    let count = max(1, attributes.colors - (hasTransparency ? 1 : 0))
    let size = try quantizing { () throws(QuantizationError) in
      try PaletteSize(count)
    }
    var start = QuantizerOptions.Start.search(size)
    if attributes.quality.upperBound < 100 {
      let range = try quantizing { () throws(QuantizationError) in
        try QualityRange(
          least: attributes.quality.lowerBound,
          most: attributes.quality.upperBound)
      }
      start = .choose(ColorCountChoice(.quality(range), upTo: size))
    }
    var options = QuantizerOptions(start: start)
    options.effort = try fitting { () throws(FitError) in
      try Effort(attributes.effort)
    }
    options.threads = processors
    options.pinned = Array(fixed.prefix(count))
    options.posterization = try quantizing { () throws(QuantizationError) in
      try Posterization(bits: attributes.posterization)
    }
    if let importance { options.importance = .map(importance) }
    return options
  }

  /// Refuses a palette that is not worth its bytes; a choice of colours has done
  /// so itself.
  private func check(_ error: Double) throws(Failure) {
    let least = attributes.quality.lowerBound
    guard error <= QualityScale.error(of: least) else {
      throw .notPossible("the quality is below \(least)")
    }
  }

  private func observed<Result>(
    _ body: (Quantizer.Observer?) throws(Failure) -> Result
  ) throws(Failure) -> Result {
    guard let progress = attributes.progress else { return try body(nil) }
    return try CInterface.observed(
      { stage, fraction in
        // Fitting is most of it.
        let percent =
          switch stage {
          case .histogram: 20 * fraction
          case .fit: 20 + 60 * fraction
          case .map: 80 + 20 * fraction
          }
        return progress.function(Float(percent), progress.context) != 0
      }, body)
  }
}
