import ParallelWork
import Quantization
import Rasters

/// Maps an image that is read strip by strip to its palette.
struct StripMapper {
  private enum Method {
    case plain(ColorMap)
    case dithered(StripDitherer)
  }

  /// The palette, in its order.
  let palette: Palette

  /// The summed squared distance of all pixels from their entries in encoded
  /// samples.
  let squaredError: Double

  /// How many rounds of fitting the palette to its dithering were kept; `nil`
  /// without dithering.
  let ditherRounds: Int?

  private let method: Method
  private let workers: Workers

  /// The strip that was mapped last, of which dithering looks at some rows.
  private var last: DitherStrip?

  /// Prepares to map; reads the image once more where it is dithered.
  ///
  /// - Parameters:
  ///   - source: The image.
  ///   - fitted: The palette.
  ///   - options: How.
  ///   - stopwatch: Gets the time of each stage.
  ///   - progress: Called for every strip.
  /// - Throws: `QuantizeError.inputChanged`.
  init(
    _ source: StreamedSource, _ fitted: FittedPalette,
    _ options: QuantizeOptions, _ stopwatch: inout Stopwatch,
    _ progress: StreamProgress.Observer?
  ) throws(QuantizeError) {
    let assignment = fitted.assignment
    workers = Workers(threads: options.threads)
    stopwatch.start(.map)
    guard options.dither.method != .none else {
      palette = assignment.palette
      squaredError = assignment.squaredError
      ditherRounds = nil
      method = .plain(ColorMap(source.histogram, assignment))
      return
    }
    var ditherer = StripDitherer(
      options.ditherer, source.histogram, assignment, samples: source.samples,
      isFixed: options.isPinned)
    var last: DitherStrip?
    try source.forEachStrip(for: .dithering, &stopwatch, progress) {
      (pixels, rows, stopwatch) throws(QuantizeError) in
      stopwatch.start(.map)
      let strip = DitherStrip(rows, pixels, of: source.size, below: last)
      ditherer.count(strip)
      last = strip
    }
    ditherer.finish()
    palette = ditherer.palette
    squaredError = ditherer.squaredError
    ditherRounds = ditherer.rounds
    method = .dithered(ditherer)
  }

  /// Maps the next strip.
  ///
  /// - Parameters:
  ///   - pixels: The strip.
  ///   - rows: The numbers of its rows.
  ///   - size: The size of the image.
  /// - Returns: For each pixel the number of its entry, or its samples where
  ///   there are more than 256 entries.
  /// - Complexity: O(pixels).
  mutating func rows(
    _ pixels: Pixels, _ rows: Range<Int>, of size: ImageSize
  ) -> [UInt8] {
    switch method {
    case .plain(let map):
      return map.indexed(pixels, workers: workers)?.indices
        ?? map.mapped(pixels, workers: workers).samples
    case .dithered(let ditherer):
      let strip = DitherStrip(rows, pixels, of: size, below: last)
      last = strip
      return samples(ditherer.indices(strip))
    }
  }

  /// Entries as they are written.
  private func samples(_ indices: [UInt16]) -> [UInt8] {
    guard palette.entries.count > PaletteSize.mostIndexed else {
      return indices.map { UInt8(truncatingIfNeeded: $0) }
    }
    let colors = palette.entries.map {
      SIMD4($0.color.red, $0.color.green, $0.color.blue, $0.alpha)
    }
    let width = palette.alphas.isEmpty ? 3 : 4
    var samples: [UInt8] = []
    samples.reserveCapacity(indices.count * width)
    for index in indices {
      for d in 0..<width { samples.append(colors[Int(index)][d]) }
    }
    return samples
  }
}
