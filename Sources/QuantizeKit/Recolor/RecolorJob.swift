import ImageFormats
import Quantization
import Rasters
public import Segmentation

/// Moves colours of one image, from file to file: decode → histogram → fit →
/// recolour → encode. The result has all its colours and the depth of the input.
public struct RecolorJob: Sendable {
  /// The image to read.
  public let input: FileLocation

  /// The image to write.
  public let output: FileLocation

  /// Which colours are moved.
  public let choice: RecolorChoice

  /// How the mixture is fitted, and how the image is read and written.
  public let options: QuantizeOptions

  /// What becomes of the lightness of what is moved.
  public var lightness = Recoloring.Lightness.move

  /// How far the hue of a shade may be from that of the colour which is moved, in
  /// degrees; 0 moves no shades.
  public var shades = 0.0

  /// Where a strip of small variants goes, as a PNG, if anywhere.
  public var preview: FileLocation?

  /// Whether an existing file may be replaced.
  public var replaces = false

  /// The most memory to use, in bytes; `nil` leaves it to `MemoryAllowance`.
  public var memory: Int?

  /// How the names of temporary files begin.
  var temporaryPrefix = TemporaryFiles.prefix

  /// Less than this of an image is almost nothing.
  private static let leastShare = 0.0005

  /// Describes a job.
  public init(
    input: FileLocation, output: FileLocation, _ choice: RecolorChoice,
    options: QuantizeOptions
  ) {
    self.input = input
    self.output = output
    self.choice = choice
    self.options = options
  }

  /// Does the job.
  ///
  /// - Parameter events: Receives what happens.
  /// - Returns: What was moved.
  /// - Throws: A `QuantizeError` that names the file at fault; then nothing has been
  ///   written.
  public func run(
    events: @escaping JobEvent.Observer = { _ in }
  ) throws(QuantizeError) -> RecolorReport {
    try JobMonitor.observing(events, run)
  }

  private func run(
    _ monitor: JobMonitor
  ) throws(QuantizeError) -> RecolorReport {
    var read = options.files
    if case .matched(let other) = choice { read.append(other) }
    let image = try InputImage(input, options, MemoryBudget(memory))
    try PlannedOutput.checkDistinct(planned)
    try image.check(wholeBecause: obstacle)
    let outputs = try OutputSet(
      planned, reading: ReadFiles(image: input, others: read),
      replaces: replaces, temporaryPrefix: temporaryPrefix)
    return try outputs.committing(telling: monitor.tell) {
      outputs throws(QuantizeError) in
      let source = try image.source(wholeBecause: obstacle, monitor)
      if outputs.replacesImage, let path = input.path ?? output.path,
        source.omittedFrames > 0
      {
        throw .losesFrames(path, source.omittedFrames)
      }
      return try write(source, to: outputs, monitor)
    }
  }

  private var planned: [PlannedOutput] {
    [PlannedOutput(.image, output), PlannedOutput(.preview, preview)]
      .compactMap(\.self)
  }

  /// Why all pixels have to be in memory at once, if they have to.
  private var obstacle: String? {
    if options.encoding.format == .jpeg {
      return "a JPEG is written from memory"
    }
    return options.encoding.optimizes
      ? "--optimize needs all pixels" : options.obstacle
  }

  private func write(
    _ source: any ImageSource, to outputs: OutputSet, _ monitor: JobMonitor
  ) throws(QuantizeError) -> RecolorReport {
    let quantizer = Quantizer(options.quantizer)
    let fitted: FittedPalette
    do {
      fitted = try source.palette(quantizer, monitor)
    } catch {
      throw .quantize(input, error)
    }
    let channels = fitted.histogram.channels
    guard options.encoding.format != .jpeg || channels == .rgb else {
      throw .encode(output, .alphaNotSupported(.jpeg))
    }
    let targets = try targets(fitted, monitor)
    var written = Written()
    func write(_ writer: OutputFile.Writer) throws(QuantizeError) {
      written = try encode(source, fitted, targets, to: writer, monitor)
    }
    if source.pixels == nil {
      try outputs.stream(.image, write)
    } else {
      var file: [UInt8] = []
      try write { bytes in file += bytes }
      try outputs.stage(.image, file)
    }
    if let preview, let drawn = written.preview {
      do {
        try outputs.stage(.preview, try drawn.png())
      } catch let error as EncodeError {
        throw .encode(preview, error)
      } catch let error as QuantizeError {
        throw error
      } catch {
        throw .encode(preview, .outOfMemory)
      }
    }
    monitor.stop()
    return RecolorReport(
      moves: targets.map { target in
        RecolorReport.Move(
          from: target.color, to: target.goal,
          share: written.shares[target.component])
      }, bytes: written.bytes)
  }

  /// What is known once the image is written.
  private struct Written {
    var shares: [Double] = []
    var bytes = 0
    var preview: RecolorPreview?
  }

  /// Recolours the image, strip by strip where it comes so.
  private func encode(
    _ source: any ImageSource, _ fitted: FittedPalette,
    _ targets: [Recoloring.Target], to writer: OutputFile.Writer,
    _ monitor: JobMonitor
  ) throws(QuantizeError) -> Written {
    let encoder = options.encoder(source.annotations)
    var recoloring: Recoloring?
    var sink: ImageSink?
    var drawn: RecolorPreview?
    try source.forEachStrip(for: .writing, monitor) {
      pixels throws(QuantizeError) in
      monitor.start(.map)
      let current: Recoloring
      if let recoloring {
        current = recoloring
      } else {
        // The depth is that of the pixels.
        current = try prepared(targets, fitted, isDeep: pixels.isDeep)
        recoloring = current
        warn(of: targets, current.shares, monitor)
        drawn = try preview(targets, fitted, source.size, pixels, current)
        sink = try ImageSink(
          encoder, source.size, fitted.histogram.channels,
          isDeep: pixels.isDeep, for: output)
      }
      let strip = current.applied(to: pixels)
      drawn?.add(pixels, strip)
      monitor.start(.encode)
      switch strip {
      case .eight(let raster): try sink?.write(.colors(raster), to: writer)
      case .sixteen(let raster):
        guard !options.encoding.optimizes else {
          throw .usage(
            "--optimize writes 8 bits a sample, and \(input.displayName) has 16; "
              + "leave it out")
        }
        try sink?.write(.deep(raster), to: writer)
      }
    }
    try sink?.finish(to: writer)
    return Written(
      shares: recoloring?.shares ?? [], bytes: sink?.bytes ?? 0,
      preview: drawn)
  }

  /// What draws the variants, if they are wanted.
  private func preview(
    _ targets: [Recoloring.Target], _ fitted: FittedPalette, _ size: ImageSize,
    _ pixels: Pixels, _ first: Recoloring
  ) throws(QuantizeError) -> RecolorPreview? {
    guard preview != nil else { return nil }
    var recolorings = [first]
    for turn in RecolorPreview.turns.dropFirst() {
      recolorings.append(
        try prepared(
          targets.map { $0.turned(turn, in: fitted.space.gamut) }, fitted,
          isDeep: pixels.isDeep))
    }
    return RecolorPreview(size, recolorings)
  }

  private func prepared(
    _ targets: [Recoloring.Target], _ fitted: FittedPalette, isDeep: Bool
  ) throws(QuantizeError) -> Recoloring {
    do {
      return try Recoloring(
        targets, fitted, lightness: lightness, isDeep: isDeep,
        threads: options.threads)
    } catch {
      throw .segmentation(input, error)
    }
  }

  /// Says which of the colours that were asked for are hardly there.
  private func warn(
    of targets: [Recoloring.Target], _ shares: [Double], _ monitor: JobMonitor
  ) {
    guard case .moves(let moves) = choice else { return }
    for (n, move) in moves.enumerated() {
      let share = targets.reduce(0) { sum, target in
        sum + (target.move == n ? shares[target.component] : 0)
      }
      guard share < Self.leastShare else { continue }
      monitor.tell(
        .warning(
          input,
          "almost nothing in the image has the colour \(move.from.hex); "
            + "`quantize palette` lists those that it has"))
    }
  }

  /// The components that get other colours.
  private func targets(
    _ fitted: FittedPalette, _ monitor: JobMonitor
  ) throws(QuantizeError) -> [Recoloring.Target] {
    switch choice {
    case .moves(let moves):
      do {
        return try Recoloring.targets(of: moves, fitted, shades: shades)
      } catch {
        throw .segmentation(input, error)
      }
    case .assigned(let colors):
      return RecolorAssignment.targets(fitted, colors)
    case .matched(let other):
      return RecolorAssignment.targets(
        fitted, try colors(of: other, monitor))
    }
  }

  /// The colours that are fitted to another image.
  private func colors(
    of other: FileLocation, _ monitor: JobMonitor
  ) throws(QuantizeError) -> [RGBColor] {
    var options = options
    options.decoding.page = nil
    options.quantizer.pinned = []
    let source = try InputImage(other, options, MemoryBudget(memory))
      .source(wholeBecause: nil, monitor)
    do {
      let fitted = try source.palette(Quantizer(options.quantizer), monitor)
      return RecolorAssignment.colors(of: fitted).map(\.color)
    } catch {
      throw .quantize(other, error)
    }
  }
}
