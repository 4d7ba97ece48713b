import ColorModels
import ImageFormats
import Metrics
public import PaletteFiles
import ParallelWork
import Quantization
import Rasters
import Segmentation
import SoftFormats
public import TruncatedEM

/// One image from file to file: decode → quantise → encode, with a report.
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

  /// What is written of the posterior, and where.
  public var soft = SoftOutputs()

  /// Whether existing files may be replaced.
  public var replaces = false

  /// Whether nothing is written where the image would not be smaller than the
  /// input.
  public var skipsIfLarger = false

  /// How to quantise.
  public let options: QuantizeOptions

  /// The most memory to use, in bytes; `nil` leaves it to `MemoryAllowance`.
  /// An image that would take more is read more than once, strip by strip.
  public var memory: Int?

  /// Whether the metrics that take time are measured although no report is
  /// written.
  var measures = false

  /// Whether the same is wanted for a summary, where the pixels are in memory
  /// anyway.
  public var summarizes = false

  /// How the names of temporary files begin.
  var temporaryPrefix = OutputFile.temporaryPrefix

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
  /// files; nothing of them is visible under its name before it is whole. An
  /// image that is not written for its size is such an error.
  ///
  /// - Parameters:
  ///   - observer: Called after every iteration, but not while the number of
  ///     colours is chosen.
  ///   - candidates: Called for every number of colours tried.
  ///   - warnings: Called for everything in the input that was passed over,
  ///     with a line for a person.
  ///   - stages: Called when a stage begins.
  ///   - progress: Called for every strip of an image that is too large for
  ///     memory.
  /// - Returns: What `--report` would write.
  /// - Throws: A `QuantizeError` that names the file at fault.
  public func run(
    observer: TruncatedEM.Observer? = nil,
    candidates: SelectionRecord.Observer? = nil,
    warnings: ((String) -> Void)? = nil,
    stages: Stopwatch.Observer? = nil,
    progress: StreamProgress.Observer? = nil
  ) throws(QuantizeError) -> Report {
    let stopwatch = Stopwatch(observer: stages)
    try FileLocation.checkDistinct(
      locations + soft.responsibilities.map(\.location))
    if let streamed = try StreamedJob(self, warnings: warnings) {
      let report = try streamed.run(
        stopwatch, observer: observer, candidates: candidates,
        warnings: warnings, progress: progress)
      if let report { return report }
    }
    // An input that is not there is what people want to hear of first.
    let bytes = try InputFile.read(input, limits: options.limits)
    return try run(
      bytes, stopwatch, observer: observer, candidates: candidates,
      warnings: warnings)
  }

  /// Does the job with an input that has been read.
  ///
  /// - Parameters:
  ///   - bytes: The input file.
  ///   - stopwatch: Has run since before the input was read.
  ///   - observer: As that of the public method.
  ///   - candidates: As that of the public method.
  ///   - warnings: As that of the public method.
  /// - Returns: What `--report` would write.
  /// - Throws: A `QuantizeError` that names the file at fault.
  func run(
    _ bytes: [UInt8], _ stopwatch: Stopwatch,
    observer: TruncatedEM.Observer? = nil,
    candidates: SelectionRecord.Observer? = nil,
    warnings: ((String) -> Void)? = nil
  ) throws(QuantizeError) -> Report {
    var stopwatch = stopwatch
    var outputs: [OutputFile] = []
    for location in locations {
      outputs.append(
        try OutputFile(
          location, replaces: replaces, input: input,
          temporaryPrefix: temporaryPrefix))
    }
    var softFiles: [SoftFile] = []
    for file in soft.responsibilities {
      softFiles.append(
        try SoftFile(file, replaces: replaces, input: input))
    }

    stopwatch.start(.decode)
    let decoded = try decode(bytes)
    for warning in decoded.warnings { warnings?(warning) }
    let pixels = decoded.pixels.treated(options.alpha)
    guard options.encoding.format != .jpeg || pixels.channels == .rgb else {
      throw .encode(output, .alphaNotSupported(.jpeg))
    }
    let image: QuantizedImage
    do {
      image = try QuantizedImage(
        pixels, options, stopwatch: &stopwatch, observer: observer,
        candidates: candidates)
    } catch {
      throw .quantize(input, error)
    }
    stopwatch.start(.encode)
    let (encoded, order) = try encode(image, decoded.annotations)
    stopwatch.stop()
    guard !skipsIfLarger || encoded.count < bytes.count else {
      throw .notSmaller(
        output, outputBytes: encoded.count, inputBytes: bytes.count)
    }

    let result = try measured(
      image, encoded, order, pixels, decoded.space, &stopwatch,
      inputBytes: bytes.count)
    var contents = [encoded]
    if report != nil { contents.append(JSONFile.encode(result)) }
    if let palette {
      do {
        contents.append(
          try PaletteRecord.write(
            result.palette, as: paletteFormat, title: input.title))
      } catch {
        throw .paletteFile(palette, error)
      }
    }
    if !soft.isEmpty {
      let posterior = try softImage(
        pixels, image.histogram, image.fit, decoded.space,
        decoded.annotations)
      contents += try soft.pictures(of: posterior)
      try SoftFile.stage(&softFiles, posterior, soft)
    }
    try OutputFile.write(contents, to: &outputs, and: &softFiles)
    return result
  }

  /// The files that are written from memory.
  var locations: [FileLocation] {
    [output, report, palette, soft.colors, soft.uncertainty]
      .compactMap(\.self)
  }

  /// The posterior of the image, and all that is written beside it.
  func softImage(
    _ pixels: any PixelRows, _ histogram: ColorHistogram, _ fit: Fit,
    _ space: ColorTarget, _ annotations: Annotations
  ) throws(QuantizeError) -> SoftImage {
    let map: ResponsibilityMap
    let evaluation: Evaluation
    do {
      map = try ResponsibilityMap(
        pixels, histogram: histogram, model: fit.model,
        truncation: fit.truncation, threads: options.threads)
    } catch {
      throw .segmentation(input, error)
    }
    do {
      var engine = FitOptions()
      engine.threads = options.threads
      let workers = Workers(threads: options.threads)
      evaluation = try TruncatedEM(engine).evaluate(
        histogram.tree(workers: workers), fit.model,
        truncation: fit.truncation)
    } catch {
      throw .segmentation(input, .fit(error))
    }
    var result = SoftImage(
      map, posterization: options.posterization, space: histogram.space,
      target: space, freeEnergy: evaluation.freeEnergy,
      threads: options.threads)
    result.annotations = options.encoding.metadata.kept(annotations)
    result.marksSRGB = options.encoding.metadata != .nothing
    return result
  }

  private func decode(
    _ bytes: [UInt8]
  ) throws(QuantizeError) -> DecodedImage {
    do {
      return try ImageDecoder.decode(
        bytes, into: options.colorTarget, limits: options.limits,
        keepsGoing: options.keepsGoing, threads: options.threads)
    } catch {
      throw .decode(input, error)
    }
  }

  /// The file, and for each entry of its palette the number in the image's.
  private func encode(
    _ image: QuantizedImage, _ annotations: Annotations
  ) throws(QuantizeError) -> (bytes: [UInt8], order: [Int]) {
    let encoding = options.encoding
    let annotations = encoding.metadata.kept(annotations)
    var png = PNGEncoder(compressionLevel: options.pngCompressionLevel)
    png.marksSRGB = encoding.metadata != .nothing
    var optimizer = PNGOptimizer(workers: Workers(threads: options.threads))
    optimizer.marksSRGB = png.marksSRGB
    var jpeg = JPEGEncoder(
      quality: encoding.jpegQuality, subsampling: encoding.chromaSubsampling)
    jpeg.optimizes = encoding.optimizes
    let order = Array(image.palette.entries.indices)
    do {
      switch (encoding.format, image.mapped) {
      case (.png, .indexed(let indexed)) where encoding.optimizes:
        let result = try optimizer.encode(indexed, annotations: annotations)
        return (result.bytes, result.order)
      case (.png, .indexed(let indexed)):
        return (try png.encode(indexed, annotations: annotations), order)
      case (.png, .colors(let raster)) where encoding.optimizes:
        return (try optimizer.encode(raster, annotations: annotations), order)
      case (.png, .colors(let raster)):
        return (try png.encode(raster, annotations: annotations), order)
      case (.jpeg, _):
        return (
          try jpeg.encode(image.raster(), annotations: annotations), order
        )
      }
    } catch {
      throw .encode(output, error)
    }
  }

  /// The report: how far the written pixels are from the input's. The metrics
  /// that take time are only for who asked for a report, and neither their time
  /// nor their memory is that of the job.
  private func measured(
    _ image: QuantizedImage, _ encoded: [UInt8], _ order: [Int],
    _ pixels: Pixels, _ space: ColorTarget, _ stopwatch: inout Stopwatch,
    inputBytes: Int
  ) throws(QuantizeError) -> Report {
    let decoded = try decodedAgain(encoded)
    let distortion =
      decoded.map { Distortion(of: pixels.rounded(), $0) } ?? image.distortion
    let peakMemory = PeakMemory.bytes
    var metrics: ImageMetrics?
    if report != nil || measures || summarizes {
      stopwatch.start(.metrics)
      do {
        metrics = try ImageMetrics(
          of: .eight(decoded ?? image.raster()), against: pixels,
          in: space == .displayP3 ? .displayP3 : .sRGB,
          workers: Workers(threads: options.threads))
      } catch {
        throw .compare(output, error)
      }
      stopwatch.stop()
    }
    return Report(
      self, pixels.size, image.summary, order, distortion, metrics, space,
      stopwatch,
      peakMemory: peakMemory, inputBytes: inputBytes,
      outputBytes: encoded.count)
  }

  /// The pixels of a JPEG, which are not those that were given to the encoder;
  /// `nil` of a PNG.
  private func decodedAgain(
    _ encoded: [UInt8]
  ) throws(QuantizeError) -> Raster? {
    guard options.encoding.format == .jpeg else { return nil }
    do {
      // As it is: nothing is to be converted a second time.
      return try ImageDecoder.decode(encoded, into: .input).raster
    } catch {
      throw .decode(output, error)
    }
  }
}
