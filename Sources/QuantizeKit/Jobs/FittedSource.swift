import ImageFormats
import Quantization
import Rasters

/// An image with the palette that is fitted to it: decode → histogram → fit, and
/// ready to be mapped. All jobs on one image are made of it.
struct FittedSource {
  /// The image.
  let source: any ImageSource

  /// The palette and the model.
  let fitted: FittedPalette

  /// Maps the image, strip by strip.
  var mapper: PixelMapper

  /// Reads an image and fits a palette.
  ///
  /// - Parameters:
  ///   - image: The image file.
  ///   - options: How.
  ///   - obstacle: Why all pixels have to be in memory at once, if they have to.
  ///   - monitor: Receives what happens.
  ///   - check: Refuses images that are not wanted before anything is fitted.
  /// - Throws: A `QuantizeError` that names the file.
  /// - Complexity: O(pixels) + O(colours × components) an iteration.
  init(
    _ image: InputImage, _ options: QuantizeOptions,
    wholeBecause obstacle: String?, _ monitor: JobMonitor,
    check: (any ImageSource) throws(QuantizeError) -> Void = { _ in }
  ) throws(QuantizeError) {
    source = try image.source(wholeBecause: obstacle, monitor)
    try check(source)
    let quantizer = Quantizer(options.quantizer)
    do {
      fitted = try source.palette(quantizer, monitor)
      monitor.start(.map)
      mapper = try source.mapper(for: fitted, quantizer)
    } catch {
      throw .quantize(image.location, error)
    }
    try Self.check(fitted, options.quantizer)
    // Dithering orders the palette by its pixels, which takes another pass.
    guard mapper.needsCounting else { return }
    var counting = mapper
    try source.forEachStrip(for: .dithering, monitor) { pixels in
      monitor.start(.map)
      counting.count(pixels)
    }
    mapper = counting
  }

  /// Refuses a C' beyond the given means: only an image's transparency is one more.
  private static func check(
    _ fitted: FittedPalette, _ options: QuantizerOptions
  ) throws(QuantizeError) {
    // Given means that the image cannot use count as well.
    let count = max(fitted.fit.model.components, options.components)
    let asked = options.truncation.count
    guard !options.start.isMeans || asked <= count else {
      throw .usage(
        "--cprime must be 1 to the number of colours (\(count)), not \(asked)")
    }
  }
}
