import CLibrary
import ColorModels
import ImageFormats
import ImageOutput
import ImageQuality
import ParallelWork
import Quantization
import Rasters
import TruncatedEM

/// The work of a ``ComparisonJob``, series by series.
struct ComparisonRun {
  let job: ComparisonJob
  let pixels: Pixels
  let histogram: ColorHistogram
  let events: JobEvent.Observer

  /// How much smaller pictures are; `nil` where none are made.
  let scale: PictureScale?

  private(set) var rows: [ComparisonReport.Row] = []
  private var images: [ComparisonPicture] = []
  private var uncertainties: [ComparisonPicture?] = []
  private var recolored: [ComparisonPicture?] = []

  /// The colour that pictures move; chosen from the first fit.
  private var example: RecoloredExample?
  private let workers: Workers
  private let encoder: ImageEncoder
  private let total: Int

  /// The original's colours as they are seen, once they are looked at.
  private var seen: SeenColors?

  /// The points that the main job fits to in the last space, and all colours.
  private var points: (fitted: ColorPoints, all: PointTree)?

  /// Prepares the work.
  init(
    job: ComparisonJob, pixels: Pixels, histogram: ColorHistogram,
    annotations: Annotations, events: @escaping JobEvent.Observer
  ) {
    self.job = job
    self.pixels = pixels
    self.histogram = histogram
    encoder = job.options.encoder(annotations)
    self.events = events
    workers = Workers(threads: job.options.quantizer.threads)
    total = job.grid.cells.count
    scale =
      job.makesPictures
      ? PictureScale(
        pixels.size, pixels: Comparison.mostPixels(ofEachOf: 3 * total + 1))
      : nil
  }

  /// The pictures, with that of the original.
  func pictures(beside original: ComparisonPicture?) -> Comparison.Pictures? {
    guard let original, let scale else { return nil }
    return Comparison.Pictures(
      original: original, rows: images, uncertainties: uncertainties,
      mostUncertainty: job.grid.mostEntropy, recolored: recolored,
      move: example?.move, scale: scale)
  }

  /// Refuses combinations that the image's colours leave no room for, before
  /// any is done.
  ///
  /// - Throws: `QuantizationError`.
  func check() throws {
    for series in job.grid.series {
      try FittedPalette.check(
        histogram, try options(series, series.k).quantizer)
    }
  }

  /// The options of a combination, but for dithering.
  private func options(
    _ series: ComparisonGrid.Series, _ cprime: Int
  ) throws -> QuantizeOptions {
    var options = job.options
    options.quantizer.start = .search(try PaletteSize(series.k))
    options.quantizer.truncation = Truncation(cprime)
    options.quantizer.seed = series.seed
    options.quantizer.space = CompositeSpace(series.space)
    return options
  }

  /// The points that the main job fits to, and all colours.
  private mutating func prepare(
    _ options: QuantizerOptions
  ) throws -> (fitted: ColorPoints, all: PointTree) {
    let engine = try options.engine(for: histogram)
    let space = options.space(of: histogram)
    if var points, points.fitted.space.working == space.working {
      points.fitted.engine = engine
      return points
    }
    let fitted = ColorPoints(histogram, in: space, engine: engine)
    let made = (fitted, fitted.allColors)
    points = made
    return made
  }

  /// Does the combinations of a series.
  ///
  /// - Throws: `QuantizationError`, `EncodeError` or `MetricsError`.
  mutating func add(_ series: ComparisonGrid.Series) throws {
    let clock = ContinuousClock()
    let first = rows.count
    var start: (model: MixtureModel, seconds: Double)?
    var last: MixtureModel?
    for cprime in series.truncations {
      announce(series, cprime, job.grid.dithers[0])
      let options = try options(series, cprime)
      let (points, all) = try prepare(options.quantizer)
      var seconds = (search: 0.0, fit: 0.0)
      let isWarm = job.warm && last != nil
      let model: MixtureModel
      if job.warm, let last {
        model = last
      } else {
        let found = try start ?? search(series, points)
        start = found
        model = found.model
        seconds.search = found.seconds
      }
      let began = clock.now
      let fit = try part(0.4...0.7) {
        try points.fit(
          found: model, truncation: options.quantizer.truncation)
      }
      let measured: MeasuredFit
      do {
        measured = try WorkMeter.silently { () throws(FitError) in
          try MeasuredFit(
            fit, all, points.engine, withEntropies: scale != nil)
        }
      } catch {
        throw QuantizationError.fit(error)
      }
      seconds.fit = (clock.now - began) / .seconds(1)
      last = fit.model
      let monitor = JobMonitor()
      let fitted = try WorkMeter.silently {
        try FittedPalette(
          fit, nil, points, options.quantizer,
          observer: monitor.quantizerObserver)
      }
      monitor.stop()
      for warning in fitted.warnings() {
        events(.warning(job.input, "C' \(cprime): \(warning)"))
      }
      let mapping = monitor.seconds(.map) + monitor.seconds(.fit)
      let uncertainty = try WorkMeter.silently { try picture(of: measured) }
      let recolored = try WorkMeter.silently { try recoloredPicture(fitted) }
      for dither in job.grid.dithers {
        if dither != job.grid.dithers[0] { announce(series, cprime, dither) }
        try add(
          ComparisonCell(
            k: series.k, cprime: cprime, space: series.space, dither: dither,
            seed: series.seed),
          fitted, measured, options, seconds, mapping, isWarm: isWarm,
          alignedTo: first)
        guard scale != nil else { continue }
        uncertainties.append(uncertainty)
        self.recolored.append(recolored)
      }
    }
  }

  /// Does a part of the work on the next image.
  ///
  /// - Parameters:
  ///   - range: Which part, within 0...1.
  ///   - body: Does it.
  /// - Returns: What `body` returns.
  /// - Throws: What `body` throws.
  private func part<Result>(
    _ range: ClosedRange<Double>, _ body: () throws -> Result
  ) throws -> Result {
    let (done, total) = (Double(rows.count), Double(total))
    return try WorkMeter.part(
      (done + range.lowerBound) / total...(done + range.upperBound) / total,
      body)
  }

  private func announce(
    _ series: ComparisonGrid.Series, _ cprime: Int, _ dither: DitherMethod
  ) {
    let cell = ComparisonCell(
      k: series.k, cprime: cprime, space: series.space, dither: dither,
      seed: series.seed)
    events(
      .comparison(
        ComparisonProgress(
          done: rows.count, total: total, name: job.grid.name(of: cell))))
  }

  /// Searches means as the main job does.
  private func search(
    _ series: ComparisonGrid.Series, _ points: ColorPoints
  ) throws -> (model: MixtureModel, seconds: Double) {
    let clock = ContinuousClock()
    let began = clock.now
    let model = try part(0...0.4) {
      try points.search(
        colors: series.k, keeping: job.options.quantizer.pinned,
        seed: series.seed)
    }
    return (model, (clock.now - began) / .seconds(1))
  }

  /// How undecided pixels are, on the scale that all combinations share.
  private func picture(of fit: MeasuredFit) throws -> ComparisonPicture? {
    guard let scale, fit.truncation > 1, let entropies = fit.entropies,
      let image = UncertaintyMap.image(
        entropies, most: job.grid.mostEntropy, histogram, pixels, workers)
    else { return nil }
    return try ComparisonPicture(ofLevels: image, scale)
  }

  /// The image with one colour moved by the responsibilities of a fit.
  private mutating func recoloredPicture(
    _ fitted: FittedPalette
  ) throws -> ComparisonPicture? {
    guard let scale else { return nil }
    if rows.isEmpty {
      example = RecoloredExample(fitted, pixels: pixels.size.pixelCount)
    }
    guard let example else { return nil }
    return try ComparisonPicture(
      of: example.recolored(
        pixels, fitted, threads: job.options.quantizer.threads), scale)
  }

  /// Maps, encodes and measures.
  private mutating func add(
    _ cell: ComparisonCell, _ fitted: FittedPalette, _ measured: MeasuredFit,
    _ options: QuantizeOptions, _ seconds: (search: Double, fit: Double),
    _ mapping: Double, isWarm: Bool, alignedTo first: Int
  ) throws {
    var options = options
    options.quantizer.dither.method = cell.dither
    let monitor = JobMonitor()
    let image = try part(0.7...0.9) {
      try Quantizer(options.quantizer).mapped(
        pixels, fitted, observer: monitor.quantizerObserver)
    }
    monitor.stop()
    let (file, difference, encoding) = try part(0.9...1) {
      try finished(image, fitted, options)
    }
    if let scale {
      images.append(
        try WorkMeter.silently {
          try ComparisonPicture(of: image.raster(), scale, file: file)
        })
    }
    let place = job.grid.dithers.firstIndex(of: cell.dither) ?? 0
    rows.append(
      ComparisonReport.Row(
        name: job.grid.name(of: cell),
        settings: ComparisonReport.Settings(
          k: cell.k, cprime: cell.cprime, space: cell.space.rawValue,
          dither: cell.dither.name, seed: cell.seed, warm: isWarm,
          sweeps: cell.dither == .none ? 0 : options.quantizer.dither.sweeps,
          importance: options.quantizer.importance.name,
          balance: options.quantizer.balance,
          minRegion: options.quantizer.leastRegion,
          pinned: options.quantizer.pinned.map(\.hex)),
        fit: measured.record(inertia: fitted.inertia),
        mse: image.distortion.meanSquaredError,
        psnr: Decibels(image.distortion.peakSignalToNoiseRatio),
        ssim: nil, deltaE2000: ColorDifferenceRecord(difference),
        colors: image.palette.entries.count, bytes: file.count,
        seconds: ComparisonReport.Seconds(
          search: seconds.search, fit: seconds.fit,
          map: mapping + monitor.seconds(.map),
          encode: encoding),
        palette: image.palette.entries.map {
          PaletteRecord(
            $0, pixels: pixels.size.pixelCount, space: "srgb",
            names: options.names)
        },
        alignedTo: first + place, matches: nil))
  }

  /// What is done with a mapped image.
  private enum Finish: Sendable {
    case file(Result<[UInt8], EncodeError>, seconds: Double)
    case difference(Result<ColorDifference, MetricsError>)
  }

  /// Encodes an image on one thread, and measures it on the others.
  ///
  /// - Returns: The file, ΔE₀₀, and the seconds that the file took.
  private mutating func finished(
    _ image: QuantizedImage, _ fitted: FittedPalette,
    _ options: QuantizeOptions
  ) throws -> ([UInt8], ColorDifference, Double) {
    let isMapped = options.quantizer.dither.method == .none
    let seen = isMapped ? seenColors() : nil
    let (encoder, pixels, workers) = (encoder, pixels, workers)
    let assignment = fitted.assignment
    let done = workers.mapMetered(2) { piece -> Finish in
      guard piece == 1 else {
        let clock = ContinuousClock()
        let began = clock.now
        let file = Result { () throws(EncodeError) in
          try encoder.encode(image.mapped).bytes
        }
        return .file(file, seconds: (clock.now - began) / .seconds(1))
      }
      if let seen {
        return .difference(
          .success(
            seen.difference(
              to: assignment.palette.entries.map(\.samples),
              entries: assignment.entries)))
      }
      return .difference(
        Result { () throws(MetricsError) in
          try ColorDifference(
            of: .eight(image.raster()), against: pixels, workers: workers)
        })
    }
    guard case .file(let file, let seconds) = done[0],
      case .difference(let difference) = done[1]
    else { preconditionFailure("pieces have an order") }
    return (try file.get(), try difference.get(), seconds)
  }

  private mutating func seenColors() -> SeenColors {
    if let seen { return seen }
    let made = SeenColors(
      of: pixels, colors: (0..<histogram.count).map { histogram.color($0) },
      numbers: ColorRanks(histogram).all(of: pixels, workers: workers),
      workers: workers)
    seen = made
    return made
  }
}

extension Palette.Entry {
  /// Red, green, blue and alpha of 16 bits.
  fileprivate var samples: SIMD4<UInt16> {
    257
      &* SIMD4(
        UInt16(color.red), UInt16(color.green), UInt16(color.blue),
        UInt16(alpha))
  }
}
