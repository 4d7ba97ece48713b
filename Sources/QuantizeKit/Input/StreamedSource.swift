import ImageFormats
import ParallelWork
import Quantization
import Rasters

/// An image that was read once for its colours, and can be read again strip by
/// strip.
struct StreamedSource: ImageSource {
  /// The colours, and samples of the image.
  private let counted: CountedImage

  let space: ColorTarget
  let annotations: Annotations
  let omittedFrames: Int

  /// Why the image should have been in memory, if so.
  let obstacle: ImageStream.Obstacle?

  /// The image's first row.
  let firstRow: Pixels

  /// The digest of each strip.
  private let digests: [UInt64]

  private let file: StreamedFile
  private let options: QuantizeOptions

  /// Pixels of a strip, where a row has not more.
  private static let pixelsInStrip = 1 << 19

  /// The most threads that have bands of their own in a strip of wide rows.
  private static let mostBands = 4

  /// Reads an image for its colours.
  ///
  /// - Parameters:
  ///   - file: The image.
  ///   - options: How it will be quantised.
  ///   - monitor: Receives warnings, stages and progress.
  /// - Throws: `QuantizeError.decode`.
  /// - Complexity: O(pixels); memory for a strip, the colours, and samples of
  ///   about a megapixel where the palette is fitted to its dithering.
  init(
    _ file: StreamedFile, _ options: QuantizeOptions, _ monitor: JobMonitor
  ) throws(QuantizeError) {
    var digests: [UInt64] = []
    monitor.start(.decode)
    var stream = try file.pass(options.decoding)
    var counter = Quantizer(options.quantizer).counter(of: stream.size)
    var firstRow: Pixels?
    // How far a pass is is told by its rows.
    try WorkMeter.silently { () throws(QuantizeError) in
      while stream.row < stream.size.height {
        monitor.start(.decode)
        let pixels = try Self.next(&stream, file, options)
        if firstRow == nil { firstRow = pixels.strip(0..<1) }
        digests.append(StripDigest.of(pixels))
        monitor.start(.histogram)
        counter.count(pixels.treated(options.decoding.alpha))
        monitor.tell(
          .strip(
            StreamProgress(
              pass: .counting, row: stream.row, rows: stream.size.height)))
      }
    }
    monitor.start(.decode)
    let end: ImageStream.End
    do {
      end = try stream.finish()
    } catch {
      throw .decode(file.location, error)
    }
    monitor.start(.histogram)
    counted = counter.finish()
    space = stream.space
    annotations = end.annotations
    omittedFrames = end.omittedFrames
    obstacle = end.obstacle
    guard let firstRow else { preconditionFailure("images have rows") }
    self.firstRow = counted.histogram.adapted(
      firstRow.treated(options.decoding.alpha))
    self.digests = digests
    self.file = file
    self.options = options
    guard obstacle == nil else { return }
    for warning in end.warnings {
      monitor.tell(.warning(file.location, warning))
    }
  }

  var location: FileLocation { file.location }
  var bytes: Int { file.bytes }
  var size: ImageSize { counted.size }
  var pixels: Pixels? { nil }

  func histogram(
    _ monitor: JobMonitor
  ) throws(QuantizationError) -> ColorHistogram {
    counted.histogram
  }

  func palette(
    _ quantizer: Quantizer, _ monitor: JobMonitor
  ) throws(QuantizationError) -> FittedPalette {
    try quantizer.palette(
      of: counted.histogram, observer: monitor.quantizerObserver)
  }

  func mapper(
    for fitted: FittedPalette, _ quantizer: Quantizer
  ) throws(QuantizationError) -> PixelMapper {
    try quantizer.mapper(for: fitted, of: counted)
  }

  func forEachStrip(
    for purpose: StreamProgress.Pass, _ monitor: JobMonitor,
    _ body: (Pixels) throws(QuantizeError) -> Void
  ) throws(QuantizeError) {
    monitor.start(.decode)
    var pass = try pass()
    try WorkMeter.silently { () throws(QuantizeError) in
      while let pixels = try pass.next() {
        try body(pixels)
        monitor.tell(
          .strip(
            StreamProgress(pass: purpose, row: pass.row, rows: size.height)))
        monitor.start(.decode)
      }
    }
  }

  func withRows(
    _ body: (any PixelRows) throws(QuantizeError) -> Void
  ) throws(QuantizeError) {
    let reader = RowReader(self)
    try body(reader)
    if let failure = reader.failure { throw failure }
    try file.checkUnchanged()
  }

  /// Starts to read the file again.
  ///
  /// - Throws: `QuantizeError.inputChanged` or `.decode`.
  func pass() throws(QuantizeError) -> Pass { try Pass(self) }

  /// Another time through the file.
  struct Pass {
    private let source: StreamedSource
    private var stream: ImageStream
    private var strips = 0

    fileprivate init(_ source: StreamedSource) throws(QuantizeError) {
      self.source = source
      stream = try source.file.pass(source.options.decoding)
      guard stream.size == source.size else {
        throw .inputChanged(source.file.location)
      }
    }

    /// The number of the next row.
    var row: Int { stream.row }

    /// The next strip, its alpha treated, and without alpha where all pixels
    /// are opaque; `nil` behind the last.
    ///
    /// - Throws: `QuantizeError.inputChanged`.
    mutating func next() throws(QuantizeError) -> Pixels? {
      guard strips < source.digests.count else {
        try source.file.checkUnchanged()
        return nil
      }
      // What could be read once and now cannot has changed as well.
      guard
        let pixels = try? StreamedSource.next(
          &stream, source.file, source.options),
        StripDigest.of(pixels) == source.digests[strips]
      else { throw .inputChanged(source.file.location) }
      strips += 1
      return source.counted.histogram.adapted(
        pixels.treated(source.options.decoding.alpha))
    }
  }

  /// Reads the next strip.
  private static func next(
    _ stream: inout ImageStream, _ file: StreamedFile,
    _ options: QuantizeOptions
  ) throws(QuantizeError) -> Pixels {
    var rows = max(1, pixelsInStrip / stream.size.width)
    if options.quantizer.dither.method != .none {
      let bands = max(
        rows / PixelMapper.rowUnit,
        min(options.quantizer.threads, mostBands))
      rows = bands * PixelMapper.rowUnit
    }
    do {
      return try stream.read(min(rows, stream.size.height - stream.row))
    } catch {
      throw .decode(file.location, error)
    }
  }
}
