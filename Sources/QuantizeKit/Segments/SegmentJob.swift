import ImageFormats
import JSONFiles
import ParallelWork
import Quantization
import Rasters
import Segmentation
public import SoftFormats

/// One image cut into segments, from file to files.
public struct SegmentJob: Sendable {
  /// The image to read.
  public let input: FileLocation

  /// Where the label map goes.
  public let output: FileLocation

  /// What it is there.
  public var format = LabelFormat.png

  /// Where the label map in colours goes, if anywhere: a palette PNG whose entry
  /// i is the mean colour of label i.
  public var labelColors: FileLocation?

  /// Where the report goes, if anywhere, as JSON.
  public var report: FileLocation?

  /// How to segment.
  public let options: SegmentOptions

  /// Where the image with boundaries on it goes, if anywhere.
  public var overlay: FileLocation?

  /// Where the list of regions goes, if anywhere; CSV where its name ends in
  /// .csv, else JSON.
  public var regions: FileLocation?

  /// Where the outlines go, if anywhere, as SVG.
  public var outlines: FileLocation?

  /// The names of ``SegmentOptions/pinned``, as outlines show them.
  public var paintNames = ColorNames()

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
    guard options.mask == nil || soft.isEmpty else {
      throw .usage(
        "--mask and soft outputs contradict each other: outside the mask no "
          + "superpixel is responsible; give one of them")
    }
    let planned = planned
    try PlannedOutput.checkDistinct(planned)
    var decoding = decoding
    decoding.alpha = options.alpha
    decoding.threads = options.fit.threads
    var bytes = try InputFile.readChannels(input, limits: decoding.limits)
    try soft.loadLibraries()
    if format == .tiff { try loadTIFF() }
    let outputs = try OutputSet(
      planned, reading: ReadFiles(image: input, others: options.files),
      replaces: replaces)
    return try outputs.committing(telling: monitor.tell) {
      outputs throws(QuantizeError) in
      monitor.start(.decode)
      let source = try source(bytes, decoding, monitor)
      // The file may be as large as the pixels.
      bytes = []
      monitor.start(.fit)
      let image: SegmentedImage
      do throws(SegmentationError) {
        image = try SegmentedImage(
          source, options, isSoft: !soft.isEmpty,
          entering: monitor.start,
          observer: { statistics in
            monitor.tell(.iteration(statistics))
            return .proceed
          })
      } catch {
        throw .segmentation(input, error)
      }
      monitor.start(.encode)
      try stage(image, source, to: outputs, monitor)
      return image
    }
  }

  /// Reads the image: a picture, or channels where they are asked for or the file
  /// has no picture.
  private func source(
    _ bytes: [UInt8], _ decoding: DecodeOptions, _ monitor: JobMonitor
  ) throws(QuantizeError) -> SegmentSource {
    guard options.channels.isAsked || ChannelDecoder.isNeeded(for: bytes) else {
      var decoding = decoding
      decoding.page = options.channels.pages.single
      var source = SegmentSource(
        try decoding.decode(bytes, of: input, events: monitor.tell).pixels)
      source.georeference = ChannelDecoder.georeference(of: bytes)
      return source
    }
    let channels: SegmentSource
    do throws(DecodeError) {
      let file = try ChannelDecoder.decode(
        bytes, pages: options.channels.pages, limits: decoding.limits)
      for warning in file.warnings { monitor.tell(.warning(input, warning)) }
      let source = try SegmentSource(file, options.channels)
      channels = source
    } catch {
      throw .decode(input, error)
    }
    guard soft.layers.isEmpty else {
      throw .usage(
        "--layers are of a picture, and \(input.displayName) has channels of "
          + "numbers; leave it out")
    }
    try check(channels)
    return channels
  }

  /// Refuses what channels or pages do not have.
  private func check(_ source: SegmentSource) throws(QuantizeError) {
    guard options.pinned.isEmpty else {
      throw .usage(
        "--palette and --pin are colours, and \(input.displayName) has "
          + "channels of numbers; leave them out")
    }
    guard source.pages > 1 else { return }
    var isSuperpixels = false
    if case .superpixels = options.method { isSuperpixels = true }
    let single: [(String, Bool)] = [
      ("--superpixels", isSuperpixels), ("--overlay", overlay != nil),
      ("--label-colors", labelColors != nil), ("--outlines", outlines != nil),
      ("--soft-output", soft.colors != nil),
      ("--uncertainty", soft.uncertainty != nil),
    ]
    for (option, isGiven) in single where isGiven {
      throw .usage(
        "\(option) is for one page, and \(input.displayName) has "
          + "\(source.pages); choose one with --page")
    }
  }

  private func loadTIFF() throws(QuantizeError) {
    do {
      try SoftFormat.tiff.loadLibrary()
    } catch {
      throw .softOutput(output, error)
    }
  }

  private var planned: [PlannedOutput] {
    [
      PlannedOutput(
        .labels, output, format == .tiff ? .seekableFile : .file),
      PlannedOutput(.labelColors, labelColors),
      PlannedOutput(.overlay, overlay), PlannedOutput(.regions, regions),
      PlannedOutput(.outlines, outlines), PlannedOutput(.report, report),
    ].compactMap(\.self) + soft.planned
  }

  private func stage(
    _ image: SegmentedImage, _ source: SegmentSource, to outputs: OutputSet,
    _ monitor: JobMonitor
  ) throws(QuantizeError) {
    let files = planned.count - soft.planned.count
    try WorkMeter.part(0, of: files) { () throws(QuantizeError) in
      try stageLabels(image, source, to: outputs)
    }
    if let labelColors {
      if let warning = roundingWarning(image, source.pixels) {
        monitor.tell(.warning(labelColors, warning))
      }
      try outputs.stage(.labelColors, try colors(image, labelColors))
    }
    if let overlay {
      let raster = image.map.overlay(
        on: source.pixels.rounded(), color: options.overlayColor)
      try outputs.stage(
        .overlay,
        try encode(overlay) { () throws(EncodeError) in
          try WorkMeter.part(1, of: files) { () throws(EncodeError) in
            try PNGEncoder().encode(raster)
          }
        })
    }
    if regions != nil || outlines != nil {
      let table = image.regions(of: source)
      if let regions {
        try outputs.stage(.regions, list(image, source, table, regions))
      }
      if outlines != nil {
        try outputs.stage(.outlines, svg(image, table))
      }
    }
    var layers: LayersRecord?
    if !soft.isEmpty {
      monitor.start(.soft)
      layers = try soft.stage(
        try softImage(image, source), of: input, to: outputs,
        measuring: report != nil, monitor)
    }
    if report != nil {
      monitor.stop()
      var record = SegmentReport(self, source, image, monitor)
      record.layers = layers
      try outputs.stage(.report, JSONFile.encode(record))
    }
  }

  /// The posterior.
  private func softImage(
    _ image: SegmentedImage, _ source: SegmentSource
  ) throws(QuantizeError) -> SoftImage {
    let threads = options.fit.threads
    do {
      var result: SoftImage
      if let superpixels = image.superpixels {
        result = SoftImage(
          try ResponsibilityMap(source.pixels, superpixels),
          freeEnergy: superpixels.freeEnergy, threads: threads)
        result.meansSpace = "lab"
      } else {
        guard let mixture = image.mixture else {
          preconditionFailure("a segmented image has one or the other")
        }
        result = SoftImage(
          try ResponsibilityMap(source.pixels, mixture),
          space: source.channels == nil ? mixture.points.space : .encoded,
          freeEnergy: try mixture.freeEnergy(threads: threads),
          threads: threads)
        if let channels = source.channels, let scales = mixture.points.scales {
          result.meansSpace = "channels"
          result.channels = ChannelRecord(names: channels.names, scales: scales)
          result.pages = source.pages
        }
      }
      result.georeference = source.georeference
      return result
    } catch {
      throw .segmentation(input, error)
    }
  }

  /// Stages the map of numbers.
  private func stageLabels(
    _ image: SegmentedImage, _ source: SegmentSource, to outputs: OutputSet
  ) throws(QuantizeError) {
    var file = LabelFile(image.map)
    file.georeference = source.georeference
    func failing<Result>(
      _ body: () throws(SoftFormatError) -> Result
    ) throws(QuantizeError) -> Result {
      do {
        return try body()
      } catch {
        throw .softOutput(output, error)
      }
    }
    switch format {
    case .png:
      try outputs.stage(
        .labels,
        try failing { () throws(SoftFormatError) in try file.png() })
    case .npy:
      try outputs.stage(.labels, file.npy())
    case .tiff:
      try outputs.stage(.labels) { path throws(QuantizeError) in
        try failing { () throws(SoftFormatError) in
          try file.writeTIFF(to: path)
        }
      }
    }
  }

  /// The map as a palette image of mean colours.
  private func colors(
    _ image: SegmentedImage, _ location: FileLocation
  ) throws(QuantizeError) -> [UInt8] {
    let map = image.map
    return try encode(location) { () throws(EncodeError) in
      guard map.count <= 256 else {
        return try PNGEncoder().encode(
          Raster(
            size: map.size, channels: .rgb,
            samples: map.labels.flatMap { label in
              let color = image.colors[Int(label)]
              return [color.red, color.green, color.blue]
            }))
      }
      return try PNGEncoder().encode(
        IndexedImage(
          size: map.size, palette: image.colors,
          indices: map.labels.map { UInt8(truncatingIfNeeded: $0) }))
    }
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

  private func encode(
    _ location: FileLocation, _ body: () throws(EncodeError) -> [UInt8]
  ) throws(QuantizeError) -> [UInt8] {
    do {
      return try body()
    } catch {
      throw .encode(location, error)
    }
  }

  private func svg(_ image: SegmentedImage, _ table: RegionTable) -> [UInt8] {
    var style = options.outlines
    style.paints = image.colors
    style.leavesOutFirst = options.mask != nil
    let given = image.mixture?.given ?? []
    style.names = given.map { color in
      color.flatMap { paintNames[FixedPalette.Color(color: $0)] } ?? ""
    }
    let outlines = Outlines(
      table.map, tolerance: options.outlineTolerance, curves: style.curves)
    return Array(
      outlines.svg(table.map, regions: table.regions, style: style).utf8)
  }

  private func list(
    _ image: SegmentedImage, _ source: SegmentSource, _ table: RegionTable,
    _ location: FileLocation
  ) -> [UInt8] {
    let isPicture = source.channels == nil
    let hasPages = source.pages > 1
    let names = source.samples.names
    let records = table.regions.enumerated().filter {
      options.mask == nil || $0.element.label > 0
    }.map {
      RegionRecord(
        $0.offset, $0.element, isPicture: isPicture, hasPages: hasPages)
    }
    if location.pathExtension?.lowercased() == "csv" {
      var table = CSVWriter(
        columns: RegionRecord.columns(
          names, isPicture: isPicture, hasPages: hasPages))
      for record in records { table.append(record.row) }
      return table.bytes
    }
    return JSONFile.encode(
      RegionFile(
        width: image.map.size.width, height: image.map.pageHeight,
        pages: hasPages ? source.pages : nil,
        channels: isPicture ? nil : names, components: image.components,
        sigma2: image.variance, freeEnergy: image.freeEnergies,
        regions: records))
  }
}
