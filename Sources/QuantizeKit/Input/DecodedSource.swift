import ImageFormats
import Quantization
import Rasters

/// An image in memory: a source of one strip.
struct DecodedSource: ImageSource {
  private let file: ImageFile
  private let options: QuantizeOptions
  private let whole: Pixels

  /// The colours, where they were counted while the image was read.
  private let counted: ColorHistogram?

  /// A source for an image that was read.
  init(
    _ file: ImageFile, _ options: QuantizeOptions,
    counted: ColorHistogram? = nil
  ) {
    self.file = file
    self.options = options
    self.counted = counted
    whole = file.pixels
  }

  var location: FileLocation { file.location }
  var bytes: Int { file.bytes }
  var size: ImageSize { whole.size }
  var space: ColorTarget { file.space }
  var annotations: Annotations { file.annotations }
  var omittedFrames: Int { file.omittedFrames }
  var pixels: Pixels? { whole }

  func histogram(
    _ monitor: JobMonitor
  ) throws(QuantizationError) -> ColorHistogram {
    try Quantizer(options.quantizer).histogram(
      of: whole, counted: counted, observer: monitor.quantizerObserver)
  }

  func palette(
    _ quantizer: Quantizer, _ monitor: JobMonitor
  ) throws(QuantizationError) -> FittedPalette {
    try quantizer.palette(
      of: whole, counted: counted, observer: monitor.quantizerObserver)
  }

  func mapper(
    for fitted: FittedPalette, _ quantizer: Quantizer
  ) throws(QuantizationError) -> PixelMapper {
    try quantizer.mapper(for: fitted, of: whole)
  }

  func forEachStrip(
    for purpose: StreamProgress.Pass, _ monitor: JobMonitor,
    _ body: (Pixels) throws(QuantizeError) -> Void
  ) throws(QuantizeError) {
    try body(whole)
  }

  func withRows(
    _ body: (any PixelRows) throws(QuantizeError) -> Void
  ) throws(QuantizeError) {
    try body(whole)
  }
}
