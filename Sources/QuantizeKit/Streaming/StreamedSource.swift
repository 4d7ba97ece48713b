import ImageFormats
import ParallelWork
import Quantization
import Rasters

/// An image that was read once for its colours, and can be read again strip by
/// strip.
struct StreamedSource: Sendable {
  /// The image's colours.
  let counted: CountedImage

  /// The space of its samples.
  let space: ColorTarget

  /// What stands beside the pixels.
  let annotations: Annotations

  /// Why the image should have been in memory, if so.
  let obstacle: ImageStream.Obstacle?

  /// What was passed over.
  let warnings: [String]

  /// The image's first row.
  let firstRow: Pixels

  /// The digest of each strip.
  private let digests: [UInt64]

  private let file: StreamedFile
  private let options: QuantizeOptions

  /// Pixels of a strip, where a row has not more.
  private static let pixelsInStrip = 1 << 19

  /// Threads that have bands of their own in a strip of wide rows.
  private static let mostBands = 4

  /// Reads an image for its colours.
  ///
  /// - Parameters:
  ///   - file: The image.
  ///   - options: How it will be quantised.
  ///   - stopwatch: Gets the time of each stage.
  ///   - progress: Called for every strip.
  /// - Throws: `QuantizeError.decode`.
  /// - Complexity: O(pixels); memory for a strip, the colours, and samples of
  ///   about a megapixel where the palette is fitted to its dithering.
  init(
    _ file: StreamedFile, _ options: QuantizeOptions,
    _ stopwatch: inout Stopwatch, _ progress: StreamProgress.Observer?
  ) throws(QuantizeError) {
    var digests: [UInt64] = []
    stopwatch.start(.decode)
    var stream = try file.pass(options)
    var counter = Quantizer(options.quantizer).counter(of: stream.size)
    var firstRow: Pixels?
    while stream.row < stream.size.height {
      stopwatch.start(.decode)
      let pixels = try Self.next(&stream, file, options)
      if firstRow == nil { firstRow = pixels.strip(0..<1) }
      digests.append(StripDigest.of(pixels))
      stopwatch.start(.histogram)
      counter.count(pixels.treated(options.alpha))
      progress?(
        StreamProgress(
          pass: .counting, row: stream.row, rows: stream.size.height))
    }
    stopwatch.start(.decode)
    let end: ImageStream.End
    do {
      end = try stream.finish()
    } catch {
      throw .decode(file.location, error)
    }
    stopwatch.start(.histogram)
    counted = counter.finish()
    space = stream.space
    annotations = end.annotations
    obstacle = end.obstacle
    warnings = end.warnings
    guard let firstRow else { preconditionFailure("images have rows") }
    self.firstRow = Self.treated(firstRow, counted.histogram, options)
    self.digests = digests
    self.file = file
    self.options = options
  }

  /// Width and height.
  var size: ImageSize { counted.size }

  /// Its colours, with the numbers of pixels as their weights.
  var histogram: ColorHistogram { counted.histogram }

  /// Another time through the file.
  struct Pass {
    private let source: StreamedSource
    private var stream: ImageStream
    private var strips = 0

    fileprivate init(_ source: StreamedSource) throws(QuantizeError) {
      self.source = source
      stream = try source.file.pass(source.options)
      guard stream.size == source.size else {
        throw .inputChanged(source.file.location)
      }
    }

    /// The number of the next row.
    var row: Int { stream.row }

    /// The next strip, its alpha treated; `nil` behind the last.
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
      return source.treated(pixels)
    }
  }

  /// Starts to read the file again.
  ///
  /// - Throws: `QuantizeError.inputChanged` or `.decode`.
  func pass() throws(QuantizeError) -> Pass { try Pass(self) }

  /// Reads the file again.
  ///
  /// - Parameters:
  ///   - purpose: What for.
  ///   - stopwatch: Gets the time of decoding.
  ///   - progress: Called for every strip.
  ///   - body: Gets each strip, its alpha treated, and the numbers of its rows.
  /// - Throws: `QuantizeError.inputChanged`, and what `body` throws.
  func forEachStrip(
    for purpose: StreamProgress.Pass, _ stopwatch: inout Stopwatch,
    _ progress: StreamProgress.Observer?,
    _ body: (Pixels, Range<Int>, inout Stopwatch) throws(QuantizeError) -> Void
  ) throws(QuantizeError) {
    stopwatch.start(.decode)
    var pass = try pass()
    var first = 0
    while let pixels = try pass.next() {
      try body(pixels, first..<pass.row, &stopwatch)
      first = pass.row
      progress?(
        StreamProgress(pass: purpose, row: first, rows: size.height))
      stopwatch.start(.decode)
    }
  }

  /// Checks that the file is still the same.
  ///
  /// - Throws: `QuantizeError.inputChanged`.
  func checkUnchanged() throws(QuantizeError) { try file.checkUnchanged() }

  /// Pixels as those of the histogram.
  fileprivate func treated(_ pixels: Pixels) -> Pixels {
    Self.treated(pixels, histogram, options)
  }

  private static func treated(
    _ pixels: Pixels, _ histogram: ColorHistogram, _ options: QuantizeOptions
  ) -> Pixels {
    let pixels = pixels.treated(options.alpha)
    guard histogram.channels == .rgb else { return pixels }
    // Opaque everywhere: any background will do.
    return pixels.treated(.flatten(RGBColor(packed: 0)))
  }

  /// Reads the next strip.
  fileprivate static func next(
    _ stream: inout ImageStream, _ file: StreamedFile,
    _ options: QuantizeOptions
  ) throws(QuantizeError) -> Pixels {
    var rows = max(1, pixelsInStrip / stream.size.width)
    if options.dither.method != .none {
      let bands = max(
        rows / PixelMapper.rowUnit, min(options.threads, mostBands))
      rows = bands * PixelMapper.rowUnit
    }
    do {
      return try stream.read(min(rows, stream.size.height - stream.row))
    } catch {
      throw .decode(file.location, error)
    }
  }
}
