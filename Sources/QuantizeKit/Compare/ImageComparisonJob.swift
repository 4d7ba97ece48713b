import ImageQuality
import ParallelWork
import Quantization
import Rasters

/// Finished images compared with their original, whoever made them.
public struct ImageComparisonJob: Sendable {
  /// The original.
  public let original: FileLocation

  /// The images to compare with it.
  public let images: [FileLocation]

  /// How the images are read.
  public var decoding = DecodeOptions()

  /// Whether pictures are made.
  public var makesPictures = false

  /// Describes a job.
  public init(original: FileLocation, images: [FileLocation]) {
    self.original = original
    self.images = images
  }

  private struct Image {
    let pixels: Pixels
    let histogram: ColorHistogram
    let bytes: Int
  }

  /// Does the job: reads all images into sRGB, two at a time in memory.
  ///
  /// - Parameter events: Receives what happens.
  /// - Returns: The numbers and pictures.
  /// - Throws: `QuantizeError.usage`, `.unreadable`, `.inputOutput`, `.decode`,
  ///   `.compare` or `.encode`.
  /// - Complexity: That of `ImageMetrics` for each image.
  public func run(
    events: @escaping JobEvent.Observer = { _ in }
  ) throws(QuantizeError) -> Comparison {
    try JobMonitor.observing(events, compare)
  }

  private func compare(
    _ monitor: JobMonitor
  ) throws(QuantizeError) -> Comparison {
    guard ([original] + images).count(where: { $0 == .standardStream }) < 2
    else {
      throw .usage("only one of the images can be standard input")
    }
    guard images.count <= ComparisonGrid.mostCells else {
      throw .usage(
        "at most \(ComparisonGrid.mostCells) images are compared at a time, "
          + "not \(images.count)")
    }
    monitor.start(.decode)
    let reference = try read(original, page: decoding.page, monitor)
    monitor.start(.compare)
    let size = reference.pixels.size
    let scale = PictureScale(
      size, pixels: Comparison.mostPixels(ofEachOf: images.count + 1))
    var rows: [ComparisonReport.Row] = []
    var pictures: [ComparisonPicture] = []
    var first: Int?
    for (number, location) in images.enumerated() {
      monitor.tell(
        .comparison(
          ComparisonProgress(
            done: number, total: images.count, name: location.displayName)))
      let image = try WorkMeter.part(2 * number, of: 2 * images.count) {
        () throws(QuantizeError) in try read(location, page: nil, monitor)
      }
      let row = try WorkMeter.part(2 * number + 1, of: 2 * images.count) {
        () throws(QuantizeError) in
        try self.row(location, image, reference, first ?? number)
      }
      if first == nil, row.palette != nil { first = number }
      rows.append(row)
      if makesPictures {
        pictures.append(
          try WorkMeter.silently { () throws(QuantizeError) in
            try picture(location, image.pixels, scale)
          })
      }
    }
    var report = ComparisonReport(
      tool: Report.Tool(name: Version.name, version: Version.number),
      original: ComparisonReport.Original(
        file: original.displayName, width: size.width, height: size.height,
        bytes: reference.bytes, distinctColors: reference.histogram.count),
      rows: rows)
    report.match()
    guard makesPictures else {
      return Comparison(report: report, pictures: nil)
    }
    return Comparison(
      report: report,
      pictures: Comparison.Pictures(
        original: try picture(original, reference.pixels, scale),
        rows: pictures,
        uncertainties: [ComparisonPicture?](
          repeating: nil, count: pictures.count),
        mostUncertainty: 0,
        recolored: [ComparisonPicture?](repeating: nil, count: pictures.count),
        move: nil, scale: scale))
  }

  private func read(
    _ location: FileLocation, page: Int?, _ monitor: JobMonitor
  ) throws(QuantizeError) -> Image {
    var decoding = decoding
    decoding.page = page
    let file = try WorkMeter.part(0...0.7) { () throws(QuantizeError) in
      try decoding.read(location, events: monitor.tell)
    }
    return Image(
      pixels: file.pixels,
      histogram: WorkMeter.part(0.7...1) {
        ColorHistogram(
          of: file.pixels, workers: Workers(threads: decoding.threads))
      },
      bytes: file.bytes)
  }

  private func picture(
    _ location: FileLocation, _ pixels: Pixels, _ scale: PictureScale
  ) throws(QuantizeError) -> ComparisonPicture {
    do {
      return try ComparisonPicture(of: pixels.rounded(), scale)
    } catch {
      throw .encode(location, error)
    }
  }

  private func row(
    _ location: FileLocation, _ image: Image, _ reference: Image,
    _ alignedTo: Int
  ) throws(QuantizeError) -> ComparisonReport.Row {
    let metrics: ImageMetrics
    do {
      metrics = try ImageMetrics(
        of: image.pixels, against: reference.pixels,
        workers: Workers(threads: decoding.threads))
    } catch {
      throw .compare(location, error)
    }
    let palette = PaletteRecord.all(of: image.histogram)
    return ComparisonReport.Row(
      name: location.displayName, settings: nil, fit: nil,
      mse: metrics.distortion.meanSquaredError,
      psnr: Decibels(metrics.distortion.peakSignalToNoiseRatio),
      ssim: metrics.structuralSimilarity,
      deltaE2000: ColorDifferenceRecord(metrics.colorDifference),
      colors: image.histogram.count, bytes: image.bytes, seconds: nil,
      palette: palette, alignedTo: palette == nil ? nil : alignedTo,
      matches: nil)
  }
}

extension PaletteRecord {
  /// The colours of an image, the most used first; `nil` where they are more
  /// than a palette has.
  static func all(of histogram: ColorHistogram) -> [PaletteRecord]? {
    guard histogram.count <= PaletteSize.mostIndexed else { return nil }
    return (0..<histogram.count).map { n in
      let color = histogram.color(n) &>> 8
      let rgb = RGBColor(
        red: UInt8(truncatingIfNeeded: color.x),
        green: UInt8(truncatingIfNeeded: color.y),
        blue: UInt8(truncatingIfNeeded: color.z))
      return PaletteRecord(
        rgb, alpha: UInt8(truncatingIfNeeded: color.w), component: nil,
        count: Int(histogram.counts[n]), pixels: histogram.pixelCount,
        space: "srgb")
    }.sorted { ($1.count, $0.hex) < ($0.count, $1.hex) }
  }
}
