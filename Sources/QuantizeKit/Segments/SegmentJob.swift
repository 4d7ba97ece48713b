public import ImageFormats
import Rasters
import Segmentation
import SoftFormats
public import TruncatedEM

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

  /// What the image may ask for.
  public var limits = DecodeLimits()

  /// Whether the rows before the damage of a damaged file are used.
  public var keepsGoing = false

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
  /// - Parameters:
  ///   - observer: Called after every iteration of a mixture's fit.
  ///   - warnings: Called for everything in the input that was passed over,
  ///     with a line for a person.
  /// - Returns: The segments.
  /// - Throws: A `QuantizeError` that names the file at fault.
  public func run(
    observer: TruncatedEM.Observer? = nil, warnings: ((String) -> Void)? = nil
  ) throws(QuantizeError) -> SegmentedImage {
    let locations = [
      output, overlay, regions, outlines, soft.colors, soft.uncertainty,
    ].compactMap(\.self)
    try FileLocation.checkDistinct(
      locations + soft.responsibilities.map(\.location))
    let bytes = try InputFile.read(input, limits: limits)
    var files: [OutputFile] = []
    for location in locations {
      files.append(try OutputFile(location, replaces: replaces, input: input))
    }
    var softFiles: [SoftFile] = []
    for file in soft.responsibilities {
      softFiles.append(try SoftFile(file, replaces: replaces, input: input))
    }
    let decoded: DecodedImage
    do {
      decoded = try ImageDecoder.decode(
        bytes, limits: limits, keepsGoing: keepsGoing,
        threads: options.fit.threads)
    } catch {
      throw .decode(input, error)
    }
    for warning in decoded.warnings { warnings?(warning) }
    let pixels = decoded.pixels.treated(options.alpha)
    let image: SegmentedImage
    do {
      image = try SegmentedImage(
        pixels, options, isSoft: !soft.isEmpty, observer: observer)
    } catch {
      throw .segmentation(input, error)
    }
    var contents = [try labels(image)]
    if let overlay {
      let raster = image.map.overlay(
        on: pixels.rounded(), color: options.overlayColor)
      contents.append(
        try encode(overlay) { () throws(EncodeError) in
          try PNGEncoder().encode(raster)
        })
    }
    if let regions { contents.append(list(image, regions)) }
    if outlines != nil {
      let outlines = Outlines(
        image.table.map, tolerance: options.outlineTolerance)
      contents.append(
        Array(
          outlines.svg(size: pixels.size, regions: image.table.regions).utf8))
    }
    if !soft.isEmpty {
      let posterior = try softImage(image, pixels)
      contents += try soft.pictures(of: posterior)
      try SoftFile.stage(&softFiles, posterior, soft)
    }
    try OutputFile.write(contents, to: &files, and: &softFiles)
    return image
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
        try ResponsibilityMap(pixels, mixture),
        freeEnergy: mixture.fit.iterations.last?.freeEnergy ?? 0,
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
        // Samples of PNG have their high byte first.
        try png.write(
          map.labels.flatMap {
            [
              UInt8(truncatingIfNeeded: $0 >> 8), UInt8(truncatingIfNeeded: $0),
            ]
          })
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
    _ image: SegmentedImage, _ location: FileLocation
  ) -> [UInt8] {
    let records = image.table.regions.enumerated().map {
      RegionRecord($0.offset, $0.element)
    }
    if location.pathExtension?.lowercased() == "csv" {
      let lines = [RegionRecord.columns] + records.map(\.row)
      return Array((lines.joined(separator: "\r\n") + "\r\n").utf8)
    }
    return JSONFile.encode(
      RegionFile(
        width: image.map.size.width, height: image.map.size.height,
        components: image.components, sigma2: image.variance,
        freeEnergy: image.freeEnergies, regions: records))
  }
}
