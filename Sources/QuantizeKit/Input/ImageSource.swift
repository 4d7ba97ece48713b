import ImageFormats
import Quantization
import Rasters

/// An image whose rows can be read once or more often, from the first to the
/// last. An image in memory is a source of one strip.
protocol ImageSource: Sendable {
  /// The file.
  var location: FileLocation { get }

  /// Its size in bytes.
  var bytes: Int { get }

  /// Width and height.
  var size: ImageSize { get }

  /// The space of the samples.
  var space: ColorTarget { get }

  /// What the file holds next to the pixels.
  var annotations: Annotations { get }

  /// The frames of an animation that the file has and the pixels have not.
  var omittedFrames: Int { get }

  /// All pixels; `nil` where they are never in memory together.
  var pixels: Pixels? { get }

  /// The distinct colours, in the working space of the options, weighted by
  /// their pixels or the importance of these; many images can be merged.
  ///
  /// - Parameter monitor: Receives the stages.
  /// - Returns: The colours.
  /// - Throws: `QuantizationError`.
  func histogram(
    _ monitor: JobMonitor
  ) throws(QuantizationError) -> ColorHistogram

  /// Fits a palette to the image.
  ///
  /// - Parameters:
  ///   - quantizer: Fits it.
  ///   - monitor: Receives stages, iterations and candidates.
  /// - Returns: The palette and the model.
  /// - Throws: `QuantizationError`.
  func palette(
    _ quantizer: Quantizer, _ monitor: JobMonitor
  ) throws(QuantizationError) -> FittedPalette

  /// Prepares to map the image to a palette.
  ///
  /// - Parameters:
  ///   - fitted: The palette that was fitted to the image.
  ///   - quantizer: Fitted it.
  /// - Returns: A mapper for the strips of ``forEachStrip(for:_:_:)``.
  /// - Throws: `QuantizationError`.
  func mapper(
    for fitted: FittedPalette, _ quantizer: Quantizer
  ) throws(QuantizationError) -> PixelMapper

  /// Reads the image from its first row to its last.
  ///
  /// - Parameters:
  ///   - purpose: The reason, for events.
  ///   - monitor: Receives stages and progress.
  ///   - body: Is given each strip, its alpha treated.
  /// - Throws: `QuantizeError.inputChanged`, and what `body` throws.
  func forEachStrip(
    for purpose: StreamProgress.Pass, _ monitor: JobMonitor,
    _ body: (Pixels) throws(QuantizeError) -> Void
  ) throws(QuantizeError)

  /// Passes the image to a reader of rows.
  ///
  /// - Parameter body: Reads rows, from the top, once or more often.
  /// - Throws: `QuantizeError.inputChanged`, and what `body` throws.
  func withRows(
    _ body: (any PixelRows) throws(QuantizeError) -> Void
  ) throws(QuantizeError)
}
