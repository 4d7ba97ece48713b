import ImageFormats
import JSONFiles
import ParallelWork
import Rasters
import Segmentation
import SoftFormats

/// One image cut into segments, from file to files.
public struct SegmentJob: Sendable {
  /// The image to read.
  public let input: FileLocation

  /// Where the label map goes.
  public let output: FileLocation

  /// How to segment.
  public let options: SegmentOptions

  /// Where the image with boundaries on it goes, if anywhere.
  public var overlay: FileLocation?

  /// Where the list of regions goes, if anywhere; CSV where its name ends in
  /// .csv, else JSON.
  public var regions: FileLocation?

  /// Where the outlines go, if anywhere, as SVG.
  public var outlines: FileLocation?

  /// What is written of the posterior, and where.
  public var soft = SoftOutputs()

  /// How the image is read; its alpha and threads are those of the options.
  public var decoding = DecodeOptions()

  /// Whether existing files may be replaced.
  public var replaces = false

  /// Describes a job.
  public init(
    input: FileLocation, output: FileLocation, options: SegmentOptions
  ) {
    self.input = input
    self.output = output
    self.options = options
  }

  /// Does the job: either all outputs are written or, when an error is thrown,
  /// none.
  ///
  /// - Parameter events: Receives what happens.
  /// - Returns: The segments.
  /// - Throws: A `QuantizeError` that names the file at fault.
  public func run(
    events: @escaping JobEvent.Observer = { _ in }
  ) throws(QuantizeError) -> SegmentedImage {
    try JobMonitor.observing(events, run)
  }

  private func run(
    _ monitor: JobMonitor
  ) throws(QuantizeError) -> SegmentedImage {
    let planned = planned
    try PlannedOutput.checkDistinct(planned)
    var decoding = decoding
    decoding.alpha = options.alpha
    decoding.threads = options.fit.threads
    let bytes = try InputFile.read(input, limits: decoding.limits)
    try soft.loadLibraries()
    let outputs = try OutputSet(
      planned, reading: ReadFiles(image: input), replaces: replaces)
    return try outputs.committing(telling: monitor.tell) {
      outputs throws(QuantizeError) in
      monitor.start(.decode)
      let file = try decoding.decode(bytes, of: input, events: monitor.tell)
      monitor.start(.fit)
      let image: SegmentedImage
      do throws(SegmentationError) {
        image = try SegmentedImage(
          file.pixels, options, isSoft: !soft.isEmpty,
          entering: monitor.start,
          observer: { statistics in
            monitor.tell(.iteration(statistics))
            return .proceed
          })
      } catch {
        throw .segmentation(input, error)
      }
      monitor.start(.encode)
      if let warning = roundingWarning(image, file.pixels) {
        monitor.tell(.warning(input, warning))
      }
      try stage(image, file.pixels, to: outputs, monitor)
      return image
    }
  }

  private var planned: [PlannedOutput] {
    [
      PlannedOutput(.labels, output), PlannedOutput(.overlay, overlay),
      PlannedOutput(.regions, regions), PlannedOutput(.outlines, outlines),
    ].compactMap(\.self) + soft.planned
  }

  /// A line that says how many colours of labels rounding to 8 bits has left, of
  /// pictures of 16 bits; `nil` where all are.
  private func roundingWarning(
    _ image: SegmentedImage, _ pixels: Pixels
  ) -> String? {
    guard case .sixteen = pixels, image.mixture != nil else { return nil }
    let labels = Set(image.map.labels).map { Int($0) }
    let left = Set(labels.map { image.colors[$0] }).count
    return left < labels.count
      ? "\(labels.count) labels, \(left) colour\(left == 1 ? "" : "s") left after "
        + "rounding to 8 bits; their numbers tell them apart" : nil
  }

  private func stage(
    _ image: SegmentedImage, _ pixels: Pixels, to outputs: OutputSet,
    _ monitor: JobMonitor
  ) throws(QuantizeError) {
    let files = planned.count - soft.planned.count
    try outputs.stage(
      .labels,
      try WorkMeter.part(0, of: files) { () throws(QuantizeError) in
        try labels(image)
      })
    if let overlay {
      let raster = image.map.overlay(
        on: pixels.rounded(), color: options.overlayColor)
      try outputs.stage(
        .overlay,
        try encode(overlay) { () throws(EncodeError) in
          try WorkMeter.part(1, of: files) { () throws(EncodeError) in
            try PNGEncoder().encode(raster)
          }
        })
    }
    if regions != nil || outlines != nil {
      let table = image.regions(of: pixels)
      if let regions {
        try outputs.stage(.regions, list(image, table, regions))
      }
      if outlines != nil {
        let outlines = Outlines(
          table.map, tolerance: options.outlineTolerance)
        try outputs.stage(
          .outlines,
          Array(outlines.svg(size: pixels.size, regions: table.regions).utf8))
      }
    }
    guard !soft.isEmpty else { return }
    monitor.start(.soft)
    try soft.stage(try softImage(image, pixels), to: outputs)
  }

  /// The posterior.
  private func softImage(
    _ image: SegmentedImage, _ pixels: Pixels
  ) throws(QuantizeError) -> SoftImage {
    do {
      if let superpixels = image.superpixels {
        var result = SoftImage(
          try ResponsibilityMap(pixels, superpixels),
          freeEnergy: superpixels.freeEnergy, threads: options.fit.threads)
        result.meansSpace = "lab"
        return result
      }
      guard let mixture = image.mixture else {
        preconditionFailure("a segmented image has one or the other")
      }
      return SoftImage(
        try ResponsibilityMap(pixels, mixture), space: mixture.points.space,
        freeEnergy: try mixture.freeEnergy(threads: options.fit.threads),
        threads: options.fit.threads)
    } catch {
      throw .segmentation(input, error)
    }
  }

  /// The label map: a palette image of mean colours, or beyond 256 labels grey of
  /// 16 bits.
  private func labels(
    _ image: SegmentedImage
  ) throws(QuantizeError) -> [UInt8] {
    let map = image.map
    guard map.count <= 65_536 else {
      throw .usage(
        "a label map holds at most 65536 labels, not \(map.count); ask for "
          + "fewer superpixels")
    }
    return try encode(output) { () throws(EncodeError) in
      guard map.count <= 256 else {
        var png = try PNGStream(
          size: map.size, kind: .grey, depth: .sixteen, marksSRGB: false)
        let width = map.size.width
        for row in 0..<map.size.height {
          // Samples of PNG have their high byte first.
          try png.write(
            map.labels[row * width..<(row + 1) * width].flatMap {
              [
                UInt8(truncatingIfNeeded: $0 >> 8),
                UInt8(truncatingIfNeeded: $0),
              ]
            })
          WorkMeter.current?.tell(row + 1, of: map.size.height)
        }
        return try png.finish()
      }
      return try PNGEncoder().encode(
        IndexedImage(
          size: map.size, palette: image.colors,
          indices: map.labels.map { UInt8(truncatingIfNeeded: $0) }))
    }
  }

  private func encode(
    _ location: FileLocation, _ body: () throws(EncodeError) -> [UInt8]
  ) throws(QuantizeError) -> [UInt8] {
    do {
      return try body()
    } catch {
      throw .encode(location, error)
    }
  }

  private func list(
    _ image: SegmentedImage, _ table: RegionTable, _ location: FileLocation
  ) -> [UInt8] {
    let records = table.regions.enumerated().map {
      RegionRecord($0.offset, $0.element)
    }
    if location.pathExtension?.lowercased() == "csv" {
      var table = CSVWriter(columns: RegionRecord.columns)
      for record in records { table.append(record.row) }
      return table.bytes
    }
    return JSONFile.encode(
      RegionFile(
        width: image.map.size.width, height: image.map.size.height,
        components: image.components, sigma2: image.variance,
        freeEnergy: image.freeEnergies, regions: records))
  }
}
