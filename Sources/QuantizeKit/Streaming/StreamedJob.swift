import ImageFormats
import Metrics
import PaletteFiles
import ParallelWork
import Quantization
import Rasters
import TruncatedEM

/// The job of an image that is too large for memory: it is read strip by strip,
/// once for its colours and once to be mapped, and written as it is mapped.
///
/// The output has the bytes that it would have otherwise.
struct StreamedJob {
  /// Why an image has to be in memory as a whole.
  private struct Obstacle {
    let reason: String
  }

  /// Pixels of a strip, where a row has not more.
  private static let pixelsInStrip = 1 << 19

  /// What the process and the fit of a picture take beside its pixels.
  private static let base = 64 << 20

  private let job: QuantizeJob
  private let file: StreamedFile
  private let bytes: Int
  private let budget: Int

  private var options: QuantizeOptions { job.options }

  /// Looks whether a job is one of these; `nil` where the image fits, or has to
  /// be in memory and may.
  ///
  /// - Parameters:
  ///   - job: The job.
  ///   - warnings: Called where more memory will be taken than usual.
  /// - Throws: `QuantizeError.decode` for a file whose header is refused, or
  ///   `.cannotStream`.
  /// - Complexity: Reads what stands before the image data.
  init?(
    _ job: QuantizeJob, warnings: ((String) -> Void)?
  ) throws(QuantizeError) {
    guard let file = StreamedFile(job.input) else { return nil }
    let survey = try file.survey(job.options.limits)
    let bytes =
      file.bytes + survey.sampleBytes + 4 * survey.size.pixelCount + Self.base
    let budget = job.memory ?? MemoryAllowance.standard
    guard bytes > budget else { return nil }
    self.job = job
    self.file = file
    self.bytes = bytes
    self.budget = budget
    if let obstacle = Self.obstacle(job)
      ?? survey.obstacle.map({ Self.obstacle($0) })
    {
      try Self.meet(obstacle, job, bytes, budget, warnings)
      return nil
    }
  }

  /// Does the job.
  ///
  /// - Parameters:
  ///   - stopwatch: Has run since the beginning.
  ///   - observer: Called after every iteration.
  ///   - candidates: Called for every number of colours tried.
  ///   - warnings: Called for everything that was passed over.
  ///   - progress: Called for every strip.
  /// - Returns: What `--report` would write; `nil` where the image turned out to
  ///   have to be in memory.
  /// - Throws: A `QuantizeError`.
  func run(
    _ stopwatch: Stopwatch, observer: TruncatedEM.Observer?,
    candidates: SelectionRecord.Observer?, warnings: ((String) -> Void)?,
    progress: StreamProgress.Observer?
  ) throws(QuantizeError) -> Report? {
    var stopwatch = stopwatch
    var outputs: [OutputFile] = []
    for location in job.locations {
      outputs.append(
        try OutputFile(
          location, replaces: job.replaces, input: job.input,
          temporaryPrefix: job.temporaryPrefix))
    }
    if job.skipsIfLarger, !outputs[0].isFile {
      try Self.meet(
        Obstacle(reason: "--skip-if-larger needs a file to write"), job, bytes,
        budget, warnings)
      return nil
    }
    guard
      let source = try counted(&stopwatch, warnings, progress)
    else { return nil }
    let fitted = try fitted(
      source.histogram, &stopwatch, observer, candidates)
    do throws(QuantizeError) {
      let written = try write(
        source, fitted, to: &outputs[0], &stopwatch, progress)
      stopwatch.stop()
      guard !job.skipsIfLarger || written < file.bytes else {
        throw QuantizeError.notSmaller(
          job.output, outputBytes: written, inputBytes: file.bytes)
      }
      let report = report(source, fitted, stopwatch, outputBytes: written)
      let contents = try others(report)
      for (i, content) in contents.enumerated() {
        try outputs[i + 1].stage(content)
      }
      for i in outputs.indices {
        try outputs[i].commit(i == 0 ? [] : contents[i - 1])
      }
      return report
    } catch {
      for i in outputs.indices { outputs[i].discard() }
      throw error
    }
  }

  /// What is known after the file was read once.
  private struct Source {
    let histogram: ColorHistogram
    let size: ImageSize
    let space: ColorTarget
    let annotations: Annotations

    /// The digest of each strip.
    let digests: [UInt64]
  }

  /// Reads the file for its colours.
  private func counted(
    _ stopwatch: inout Stopwatch, _ warnings: ((String) -> Void)?,
    _ progress: StreamProgress.Observer?
  ) throws(QuantizeError) -> Source? {
    let workers = Workers(threads: options.threads)
    var accumulator = HistogramAccumulator()
    var digests: [UInt64] = []
    var stream = try file.pass(options)
    while stream.row < stream.size.height {
      let pixels = try next(&stream, &stopwatch)
      digests.append(StripDigest.of(pixels))
      stopwatch.start(.histogram)
      accumulator.add(pixels.treated(options.alpha), workers: workers)
      progress?(
        StreamProgress(
          pass: .counting, row: stream.row, rows: stream.size.height))
    }
    stopwatch.start(.decode)
    let end: ImageStream.End
    do {
      end = try stream.finish()
    } catch {
      throw .decode(job.input, error)
    }
    if let obstacle = end.obstacle {
      try Self.meet(
        Self.obstacle(obstacle), job, bytes, budget, warnings)
      return nil
    }
    for warning in end.warnings { warnings?(warning) }
    stopwatch.start(.histogram)
    var histogram = accumulator.histogram()
    histogram.space = options.space
    return Source(
      histogram: histogram, size: stream.size, space: stream.space,
      annotations: end.annotations, digests: digests)
  }

  private func fitted(
    _ histogram: ColorHistogram, _ stopwatch: inout Stopwatch,
    _ observer: TruncatedEM.Observer?,
    _ candidates: SelectionRecord.Observer?
  ) throws(QuantizeError) -> FittedPalette {
    do {
      try FittedPalette.check(histogram, options)
      var histogram = histogram
      histogram.balance(options.balance)
      return try FittedPalette(
        histogram, options, stopwatch: &stopwatch, observer: observer,
        candidates: candidates)
    } catch {
      throw .quantize(job.input, error)
    }
  }

  /// Reads the file again, and writes it mapped.
  ///
  /// - Returns: The bytes that were written.
  private func write(
    _ source: Source, _ fitted: FittedPalette, to output: inout OutputFile,
    _ stopwatch: inout Stopwatch, _ progress: StreamProgress.Observer?
  ) throws(QuantizeError) -> Int {
    let workers = Workers(threads: options.threads)
    let map = ColorMap(source.histogram, fitted.assignment)
    var stream = try file.pass(options)
    guard stream.size == source.size else { throw .inputChanged(job.input) }
    var watch = stopwatch
    var written = 0
    try output.stream { (write) throws(QuantizeError) in
      var png = try begin(source, fitted.assignment.palette)
      for digest in source.digests {
        // What could be read once and now cannot has changed as well.
        guard var pixels = try? next(&stream, &watch),
          StripDigest.of(pixels) == digest
        else { throw .inputChanged(job.input) }
        watch.start(.map)
        pixels = pixels.treated(options.alpha)
        if source.histogram.channels == .rgb {
          // Opaque everywhere: any background will do.
          pixels = pixels.treated(.flatten(RGBColor(packed: 0)))
        }
        let rows =
          map.indexed(pixels, workers: workers)?.indices
          ?? map.mapped(pixels, workers: workers).samples
        watch.start(.encode)
        do throws(EncodeError) {
          try png.write(rows)
        } catch {
          throw .encode(job.output, error)
        }
        let bytes = png.takeBytes()
        written += bytes.count
        try write(bytes)
        progress?(
          StreamProgress(
            pass: .writing, row: stream.row, rows: stream.size.height))
      }
      let rest: [UInt8]
      do throws(EncodeError) {
        rest = try png.finish()
      } catch {
        throw .encode(job.output, error)
      }
      written += rest.count
      try file.checkUnchanged()
      try write(rest)
    }
    stopwatch = watch
    return written
  }

  /// Begins the PNG.
  private func begin(
    _ source: Source, _ palette: Palette
  ) throws(QuantizeError) -> PNGStream {
    let metadata = options.encoding.metadata
    let annotations = metadata.kept(source.annotations)
    let marksSRGB = metadata != .nothing
    do {
      guard palette.entries.count > PaletteSize.mostIndexed else {
        return try PNGStream(
          size: source.size, palette: palette.colors, alphas: palette.alphas,
          compressionLevel: options.pngCompressionLevel, marksSRGB: marksSRGB,
          annotations: annotations)
      }
      return try PNGStream(
        size: source.size, kind: palette.alphas.isEmpty ? .rgb : .rgba,
        depth: .eight, compressionLevel: options.pngCompressionLevel,
        marksSRGB: marksSRGB, annotations: annotations)
    } catch {
      throw .encode(job.output, error)
    }
  }

  /// Reads the next strip.
  private func next(
    _ stream: inout ImageStream, _ stopwatch: inout Stopwatch
  ) throws(QuantizeError) -> Pixels {
    stopwatch.start(.decode)
    let rows = max(1, Self.pixelsInStrip / stream.size.width)
    do {
      return try stream.read(min(rows, stream.size.height - stream.row))
    } catch {
      throw .decode(job.input, error)
    }
  }

  private func report(
    _ source: Source, _ fitted: FittedPalette, _ stopwatch: Stopwatch,
    outputBytes: Int
  ) -> Report {
    let assignment = fitted.assignment
    let summary = QuantizationSummary(
      fit: fitted.fit, selection: fitted.selection, inertia: fitted.inertia,
      palette: assignment.palette, ditherRounds: nil,
      distinctColors: source.histogram.count,
      reservedEntries: source.histogram.ownEntries)
    return Report(
      job, source.size, summary, Array(assignment.palette.entries.indices),
      Distortion(
        squaredError: assignment.squaredError, pixels: source.size.pixelCount),
      nil, source.space, stopwatch, peakMemory: PeakMemory.bytes,
      inputBytes: file.bytes, outputBytes: outputBytes)
  }

  /// The files beside the image.
  private func others(
    _ report: Report
  ) throws(QuantizeError) -> [[UInt8]] {
    var contents: [[UInt8]] = []
    if job.report != nil { contents.append(JSONFile.encode(report)) }
    guard let palette = job.palette else { return contents }
    do {
      contents.append(
        try PaletteRecord.write(
          report.palette, as: job.paletteFormat, title: job.input.title))
    } catch {
      throw .paletteFile(palette, error)
    }
    return contents
  }
}

extension StreamedJob {
  /// Refuses an image that has to be in memory and may not, or says what it
  /// takes.
  private static func meet(
    _ obstacle: Obstacle, _ job: QuantizeJob, _ bytes: Int, _ budget: Int,
    _ warnings: ((String) -> Void)?
  ) throws(QuantizeError) {
    guard job.memory == nil else {
      throw .cannotStream(
        job.input, reason: obstacle.reason, bytes: bytes, budget: budget)
    }
    warnings?(
      "\(obstacle.reason), so that the image takes some \(bytes >> 20) MiB of "
        + "memory")
  }

  private static func obstacle(_ obstacle: ImageStream.Obstacle) -> Obstacle {
    switch obstacle {
    case .interlaced:
      Obstacle(reason: "the PNG is interlaced")
    case .severalScans:
      Obstacle(reason: "the JPEG is progressive or has several scans")
    case .turned:
      Obstacle(reason: "the image is stored turned or mirrored")
    }
  }

  /// What of a job needs all pixels at once.
  private static func obstacle(_ job: QuantizeJob) -> Obstacle? {
    let options = job.options
    let needs: [(String, Bool)] = [
      ("a JPEG is written from memory", options.encoding.format == .jpeg),
      ("--optimize needs all pixels", options.encoding.optimizes),
      (
        "--importance needs all pixels",
        options.importance.name != Importance.none.name
      ),
      ("dithering needs all pixels", options.dither.method != .none),
      ("soft outputs need all pixels", !job.soft.isEmpty),
      ("metrics need all pixels", job.measures),
      ("--keep-going needs all pixels", options.keepsGoing),
    ]
    return needs.first { $0.1 }.map { Obstacle(reason: $0.0) }
  }
}
