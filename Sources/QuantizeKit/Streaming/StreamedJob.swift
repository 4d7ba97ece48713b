import ImageFormats
import Metrics
import PaletteFiles
import ParallelWork
import Quantization
import Rasters
import TruncatedEM

/// The job of an image that is too large for memory: it is read strip by strip,
/// once for its colours, once more to be dithered, if it is, and once to be mapped
/// and written.
///
/// The output has the bytes that it would have otherwise.
struct StreamedJob {
  /// Why an image has to be in memory as a whole.
  private struct Obstacle {
    let reason: String
  }

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
    let survey = try file.survey(job.options)
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
    var softFiles: [SoftFile] = []
    for file in job.soft.responsibilities {
      softFiles.append(
        try SoftFile(file, replaces: job.replaces, input: job.input))
    }
    if job.skipsIfLarger, !outputs[0].isFile {
      try Self.meet(
        Obstacle(reason: "--skip-if-larger needs a file to write"), job, bytes,
        budget, warnings)
      return nil
    }
    let source = try StreamedSource(file, options, &stopwatch, progress)
    if let obstacle = source.obstacle {
      try Self.meet(Self.obstacle(obstacle), job, bytes, budget, warnings)
      return nil
    }
    for warning in source.warnings { warnings?(warning) }
    let fitted = try fitted(
      source.histogram, &stopwatch, observer, candidates)
    let mapper = try mapper(source, fitted, &stopwatch, progress)
    do throws(QuantizeError) {
      let written = try write(
        source, mapper, to: &outputs[0], &stopwatch, progress)
      stopwatch.stop()
      guard !job.skipsIfLarger || written < file.bytes else {
        throw QuantizeError.notSmaller(
          job.output, outputBytes: written, inputBytes: file.bytes)
      }
      let report = report(
        source, mapper.summary, stopwatch, outputBytes: written)
      let contents = try others(report)
      for (i, content) in contents.enumerated() {
        try outputs[i + 1].stage(content)
      }
      try stage(&softFiles, source, fitted)
      for i in softFiles.indices { try softFiles[i].commit() }
      for i in outputs.indices {
        try outputs[i].commit(i == 0 ? [] : contents[i - 1])
      }
      return report
    } catch {
      for i in softFiles.indices { softFiles[i].discard() }
      for i in outputs.indices { outputs[i].discard() }
      throw error
    }
  }

  /// Writes the responsibilities where nobody looks yet, reading the image once
  /// more, or twice for an .npz.
  private func stage(
    _ files: inout [SoftFile], _ source: StreamedSource,
    _ fitted: FittedPalette
  ) throws(QuantizeError) {
    guard !files.isEmpty else { return }
    let reader = RowReader(source)
    let image = try job.softImage(
      reader, fitted, source.space, source.annotations)
    try SoftFile.stage(&files, image, job.soft)
    if let failure = reader.failure { throw failure }
    try source.checkUnchanged()
  }

  private func fitted(
    _ histogram: ColorHistogram, _ stopwatch: inout Stopwatch,
    _ observer: TruncatedEM.Observer?,
    _ candidates: SelectionRecord.Observer?
  ) throws(QuantizeError) -> FittedPalette {
    do {
      return try stopwatch.measure(observer, candidates) {
        (observer) throws(QuantizationError) in
        try Quantizer(options.quantizer).palette(
          of: histogram, observer: observer)
      }
    } catch {
      throw .quantize(job.input, error)
    }
  }

  /// What maps the image; reads it once more where it is dithered.
  private func mapper(
    _ source: StreamedSource, _ fitted: FittedPalette,
    _ stopwatch: inout Stopwatch, _ progress: StreamProgress.Observer?
  ) throws(QuantizeError) -> PixelMapper {
    stopwatch.start(.map)
    var mapper: PixelMapper
    do {
      mapper = try Quantizer(options.quantizer).mapper(
        for: fitted, of: source.counted)
    } catch {
      throw .quantize(job.input, error)
    }
    guard mapper.needsCounting else { return mapper }
    try source.forEachStrip(for: .dithering, &stopwatch, progress) {
      (pixels, rows, stopwatch) throws(QuantizeError) in
      stopwatch.start(.map)
      mapper.count(pixels)
    }
    return mapper
  }

  /// Reads the file again, and writes it mapped.
  ///
  /// - Returns: The bytes that were written.
  private func write(
    _ source: StreamedSource, _ mapper: PixelMapper,
    to output: inout OutputFile,
    _ stopwatch: inout Stopwatch, _ progress: StreamProgress.Observer?
  ) throws(QuantizeError) -> Int {
    var mapper = mapper
    var watch = stopwatch
    var written = 0
    try output.stream { (write) throws(QuantizeError) in
      var png = try begin(source, mapper.summary.palette)
      try source.forEachStrip(for: .writing, &watch, progress) {
        (pixels, rows, watch) throws(QuantizeError) in
        watch.start(.map)
        let rows = mapper.map(pixels).bytes
        watch.start(.encode)
        do throws(EncodeError) {
          try png.write(rows)
        } catch {
          throw .encode(job.output, error)
        }
        let bytes = png.takeBytes()
        written += bytes.count
        try write(bytes)
      }
      let rest: [UInt8]
      do throws(EncodeError) {
        rest = try png.finish()
      } catch {
        throw .encode(job.output, error)
      }
      written += rest.count
      try write(rest)
    }
    stopwatch = watch
    return written
  }

  /// Begins the PNG.
  private func begin(
    _ source: StreamedSource, _ palette: Palette
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

  private func report(
    _ source: StreamedSource, _ summary: QuantizationSummary,
    _ stopwatch: Stopwatch, outputBytes: Int
  ) -> Report {
    Report(
      job, source.size, summary, Array(summary.palette.entries.indices),
      summary.distortion, nil, source.space, stopwatch,
      peakMemory: PeakMemory.bytes,
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
      (
        "soft outputs other than .npz and .exr need all pixels",
        !job.soft.canBeStreamed
      ),
      ("metrics need all pixels", job.measures),
      ("--keep-going needs all pixels", options.keepsGoing),
    ]
    return needs.first { $0.1 }.map { Obstacle(reason: $0.0) }
  }
}
