import ImageFormats
import Rasters
import Segmentation
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
    let locations = [output, overlay, regions, outlines].compactMap(\.self)
    try FileLocation.checkDistinct(locations)
    let bytes = try InputFile.read(input)
    var files: [OutputFile] = []
    for location in locations {
      files.append(try OutputFile(location, replaces: replaces, input: input))
    }
    let decoded: DecodedImage
    do {
      decoded = try ImageDecoder.decode(bytes, threads: options.fit.threads)
    } catch {
      throw .decode(input, error)
    }
    for warning in decoded.warnings { warnings?(warning) }
    let pixels = decoded.pixels.treated(options.alpha)
    let image: SegmentedImage
    do {
      image = try SegmentedImage(pixels, options, observer: observer)
    } catch {
      throw .segment(input, error)
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
    try OutputFile.write(contents, to: &files)
    return image
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
        return try PNGEncoder().encode(
          grey: map.labels.map { UInt16(truncatingIfNeeded: $0) },
          size: map.size)
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
