import ImageFormats
import ImageOutput
import ImageQuality
import JSONFiles
public import PaletteFiles
import ParallelWork
import Quantization
import Rasters
import SoftFormats

/// One image from file to file: decode → histogram → fit → map → encode, with a
/// report.
public struct QuantizeJob: Sendable {
  /// The image to read.
  public let input: FileLocation

  /// The image to write.
  public let output: FileLocation

  /// Where the report goes, if anywhere.
  public var report: FileLocation?

  /// Where the palette goes, if anywhere.
  public var palette: FileLocation?

  /// The format of the palette's file.
  public var paletteFormat = PaletteFormat.json

  /// The outputs of the posterior.
  public var soft = SoftOutputs()

  /// Where the table of the palette's colours goes, as CSV, if anywhere: their
  /// names and how many pixels have them.
  public var paletteReport: FileLocation?

  /// Whether existing files may be replaced.
  public var replaces = false

  /// Whether nothing is written where the image would not be smaller than the
  /// input.
  public var skipsIfLarger = false

  /// Whether nothing is written where a JPEG of fewer colours would be larger
  /// than one of all colours at the same quality, and so larger and worse.
  var skipsIfPointless = false

  /// How to quantise.
  public let options: QuantizeOptions

  /// The most memory to use, in bytes; `nil` leaves it to `MemoryAllowance`.
  /// An image that would take more is read more than once, strip by strip.
  public var memory: Int?

  /// Whether what takes time to measure is measured although no report is
  /// written: J of the fitted means, and where all pixels are in memory, how far
  /// they are from the input's.
  public var measures = false

  /// How the names of temporary files begin.
  var temporaryPrefix = TemporaryFiles.prefix

  /// Describes a job.
  public init(
    input: FileLocation, output: FileLocation, options: QuantizeOptions
  ) {
    self.input = input
    self.output = output
    self.options = options
  }

  /// Does the job.
  ///
  /// Either all outputs are written or, when an error is thrown, none of the
  /// files; no reader sees any of them before it is complete. An image that is
  /// not written for its size is such an error.
  ///
  /// - Parameter events: Receives what happens.
  /// - Returns: The report.
  /// - Throws: A `QuantizeError` that names the file at fault.
  public func run(
    events: @escaping JobEvent.Observer = { _ in }
  ) throws(QuantizeError) -> Report {
    try JobMonitor.observing(events, run)
  }

  private func run(
    _ monitor: JobMonitor
  ) throws(QuantizeError) -> Report {
    let planned = planned
    try PlannedOutput.checkDistinct(planned)
    // An input that is not there is what people want to hear of first.
    let image = try InputImage(
      input, options, MemoryBudget(memory), isSoft: !soft.isEmpty)
    try soft.loadLibraries()
    try image.check(wholeBecause: obstacle(isFile: output.path != nil))
    let outputs = try OutputSet(
      planned, reading: ReadFiles(image: input, others: options.files),
      replaces: replaces, temporaryPrefix: temporaryPrefix)
    return try outputs.committing(telling: monitor.tell) {
      outputs throws(QuantizeError) in
      try write(image, to: outputs, monitor)
    }
  }

  private var planned: [PlannedOutput] {
    [
      PlannedOutput(.image, output), PlannedOutput(.report, report),
      PlannedOutput(.palette, palette),
      PlannedOutput(.paletteReport, paletteReport),
    ].compactMap(\.self) + soft.planned
  }

  /// Why all pixels have to be in memory at once, if they have to.
  ///
  /// - Parameter isFile: Whether the image goes to a file, and not to standard
  ///   output or a device.
  /// - Returns: A clause for messages.
  private func obstacle(isFile: Bool) -> String? {
    let needs: [(String, Bool)] = [
      ("a JPEG is written from memory", options.encoding.format == .jpeg),
      ("--optimize needs all pixels", options.encoding.optimizes),
      (
        "soft outputs other than \(SoftFormat.streamed) need all pixels",
        !soft.canBeStreamed
      ),
      (
        "--skip-if-larger needs a file to write",
        skipsIfLarger && !isFile
      ),
    ]
    return options.obstacle ?? needs.first { $0.1 }?.0
  }

  private func write(
    _ image: InputImage, to outputs: OutputSet, _ monitor: JobMonitor
  ) throws(QuantizeError) -> Report {
    var fitted = try FittedSource(
      image, options,
      wholeBecause: obstacle(isFile: outputs.isStaged(.image)), monitor
    ) { source throws(QuantizeError) in
      guard options.encoding.format != .jpeg || source.pixels?.channels == .rgb
      else { throw .encode(output, .alphaNotSupported(.jpeg)) }
      if outputs.replacesImage, let path = input.path ?? output.path,
        source.omittedFrames > 0
      {
        throw .losesFrames(path, source.omittedFrames)
      }
    }
    let source = fitted.source
    let summary = fitted.mapper.summary
    for warning in fitted.fitted.warnings(remedy: options.canBeDeep) {
      monitor.tell(.warning(input, warning))
    }
    // Standard output may get the image before all is done: what can fail
    // without it fails first.
    _ = try paletteFile(records(summary.palette, nil, source))
    let written = try encode(&fitted, to: outputs, monitor)
    monitor.stop()
    guard !skipsIfLarger || written.bytes < source.bytes else {
      throw .notSmaller(
        output, outputBytes: written.bytes, inputBytes: source.bytes)
    }
    if options.encoding.format == .jpeg, let pixels = source.pixels {
      try compare(written.bytes, source, pixels, monitor)
    }
    var report = try measured(source, summary, written, monitor)
    if let file = try paletteFile(report.palette) {
      try outputs.stage(.palette, file)
    }
    if let palette,
      let loss = PaletteRecord.loss(of: report.palette, as: paletteFormat)
    {
      monitor.tell(.warning(palette, loss))
    }
    if paletteReport != nil {
      try outputs.stage(
        .paletteReport, PaletteRecord.table(of: report.palette))
    }
    if !soft.isEmpty { monitor.start(.soft) }
    report.layers = try fitted.stage(
      soft, options, to: outputs, measuring: self.report != nil, monitor)
    monitor.stop()
    if self.report != nil {
      try outputs.stage(.report, JSONFile.encode(report))
    }
    return report
  }

  /// The image as it was written.
  private struct Written {
    /// The size of the file in bytes.
    let bytes: Int

    /// For each entry of the file's palette the number of the image's.
    let order: [Int]?

    /// The file, where it is in memory.
    let file: [UInt8]?

    /// The pixels, where they are in memory.
    let pixels: QuantizedImage.Mapped?
  }

  /// Maps and encodes the image: pixels that nobody looks at afterwards are mapped
  /// as they are compressed, others strip by strip.
  private func encode(
    _ fitted: inout FittedSource, to outputs: OutputSet, _ monitor: JobMonitor
  ) throws(QuantizeError) -> Written {
    let source = fitted.source
    let encoder = options.encoder(source.annotations)
    var mapper = fitted.mapper
    let indices =
      isMeasured || encoder.needsAllPixels
      ? nil : source.pixels.flatMap { mapper.indices(of: $0) }
    let isWhole = source.pixels != nil && indices == nil
    var sink = try ImageSink(
      encoder, source.size, mapper.summary.palette, isWhole: isWhole,
      for: output)
    var whole: QuantizedImage.Mapped?
    func write(_ writer: OutputFile.Writer) throws(QuantizeError) {
      if let indices {
        monitor.start(.encode)
        try sink.write(indices, to: writer)
      } else {
        try source.forEachStrip(for: .writing, monitor) {
          pixels throws(QuantizeError) in
          monitor.start(.map)
          let strip = mapper.map(pixels)
          monitor.start(.encode)
          try sink.write(strip, to: writer)
          if isWhole { whole = strip }
        }
      }
      monitor.start(.encode)
      try sink.finish(to: writer)
    }
    // Standard output gets nothing before all is done, where that can be.
    guard isWhole || source.pixels != nil && !outputs.isStaged(.image) else {
      try outputs.stream(.image, write)
      return Written(
        bytes: sink.bytes, order: sink.order, file: nil, pixels: nil)
    }
    var file: [UInt8] = []
    try write { bytes in file += bytes }
    monitor.stop()
    try outputs.stage(.image, file)
    return Written(
      bytes: sink.bytes, order: sink.order, file: file, pixels: whole)
  }

  /// Whether what takes time to measure is measured.
  var isMeasured: Bool { report != nil || measures }

  /// Warns where fewer colours have made a JPEG larger: its edges cost more than
  /// its colours.
  ///
  /// - Throws: `QuantizeError.pointless` instead, where that was asked for.
  private func compare(
    _ bytes: Int, _ source: any ImageSource, _ pixels: Pixels,
    _ monitor: JobMonitor
  ) throws(QuantizeError) {
    let plain: Int
    do {
      plain = try options.encoder(source.annotations)
        .encode(.colors(pixels.rounded())).bytes.count
    } catch {
      throw .encode(output, error)
    }
    guard bytes > source.bytes || bytes > plain else { return }
    guard !skipsIfPointless || bytes <= plain else {
      throw .pointless(output, outputBytes: bytes, plainBytes: plain)
    }
    monitor.tell(
      .warning(
        output,
        "the JPEG of fewer colours has \(bytes) bytes, the input "
          + "\(source.bytes), and the input at the same quality with all its "
          + "colours \(plain); write a PNG, or leave the colours as they are"))
  }

  /// Measures how far the written pixels are from the input's, and reports. The
  /// metrics that take time are only measured for a report; neither their time
  /// nor their memory counts as the job's.
  private func measured(
    _ source: any ImageSource, _ summary: QuantizationSummary,
    _ written: Written, _ monitor: JobMonitor
  ) throws(QuantizeError) -> Report {
    let peakMemory = PeakMemory.bytes
    var distortion = summary.distortion
    var metrics: ImageMetrics?
    if let pixels = source.pixels, let mapped = written.pixels {
      let decoded = try decodedAgain(written.file ?? [])
      if let decoded {
        distortion = Distortion(of: pixels, decoded)
      }
      if isMeasured {
        monitor.start(.metrics)
        do throws(MetricsError) {
          metrics = try ImageMetrics(
            of: decoded.map(Pixels.eight) ?? mapped.pixels, against: pixels,
            in: source.space == .displayP3 ? .displayP3 : .sRGB,
            workers: Workers(threads: options.quantizer.threads))
        } catch {
          throw .compare(output, error)
        }
        monitor.stop()
      }
    }
    return Report(
      self, source, summary,
      palette: records(summary.palette, written.order, source), distortion,
      metrics, monitor, peakMemory: peakMemory, outputBytes: written.bytes)
  }

  /// The pixels of a JPEG, which are not those that were given to the encoder;
  /// `nil` of a PNG.
  private func decodedAgain(
    _ encoded: [UInt8]
  ) throws(QuantizeError) -> Raster? {
    guard options.encoding.format == .jpeg else { return nil }
    var decoding = DecodeOptions()
    // As it is: nothing is to be converted a second time.
    decoding.target = .input
    return try decoding.decode(encoded, of: output).pixels.rounded()
  }

  private func records(
    _ palette: Palette, _ order: [Int]?, _ source: any ImageSource
  ) -> [PaletteRecord] {
    (order ?? Array(palette.entries.indices)).map {
      PaletteRecord(
        palette.entries[$0], pixels: source.size.pixelCount,
        space: source.space.rawValue, names: options.names,
        depth: palette.depth)
    }
  }

  /// The bytes of the palette file, if one is wanted.
  private func paletteFile(
    _ records: [PaletteRecord]
  ) throws(QuantizeError) -> [UInt8]? {
    guard let palette else { return nil }
    do {
      return try PaletteRecord.write(
        records, as: paletteFormat, title: input.title)
    } catch {
      throw .paletteFile(palette, error)
    }
  }
}
