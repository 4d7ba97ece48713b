import ColorModels
import ImageFormats
import ImageQuality
import Quantization
import Rasters
import Segmentation

/// One image quantised with every combination of settings: decoded and counted
/// once, and searched once for all C'.
public struct ComparisonJob: Sendable {
  /// The image to read.
  public let input: FileLocation

  /// The combinations.
  public let grid: ComparisonGrid

  /// How to quantise, but for what the grid says.
  public let options: QuantizeOptions

  /// Whether each C' starts from the means of the one before. Otherwise all
  /// start where the search ended, and each image is that of a run of its own.
  public var warm = false

  /// Whether pictures are made.
  public var makesPictures = false

  /// Describes a job.
  public init(
    input: FileLocation, grid: ComparisonGrid, options: QuantizeOptions
  ) {
    self.input = input
    self.grid = grid
    self.options = options
  }

  /// Does the job.
  ///
  /// - Parameter events: Receives what happens.
  /// - Returns: The numbers and pictures.
  /// - Throws: A `QuantizeError` that names the file at fault.
  /// - Complexity: That of a run of the main job for each combination, less
  ///   decoding, counting and searching, which are done once a series.
  public func run(
    events: @escaping JobEvent.Observer = { _ in }
  ) throws(QuantizeError) -> Comparison {
    try JobMonitor.observing(events, compare)
  }

  private func compare(
    _ monitor: JobMonitor
  ) throws(QuantizeError) -> Comparison {
    monitor.start(.decode)
    let file = try options.decoding.read(input, events: monitor.tell)
    let pixels = file.pixels
    let histogram: ColorHistogram
    var run: ComparisonRun
    do {
      histogram = try Quantizer(options.quantizer).weightedHistogram(
        of: pixels, observer: monitor.quantizerObserver)
      monitor.start(.compare)
      run = ComparisonRun(
        job: self, pixels: pixels, histogram: histogram,
        annotations: file.annotations, events: monitor.tell)
      try run.check()
      for series in grid.series { try run.add(series) }
    } catch let error as QuantizationError {
      throw .quantize(input, error)
    } catch let error as EncodeError {
      throw .encode(input, error)
    } catch let error as MetricsError {
      throw .compare(input, error)
    } catch let error as SegmentationError {
      throw .segmentation(input, error)
    } catch {
      throw .inputOutput(input, reason: "\(error)")
    }
    var report = ComparisonReport(
      tool: Report.Tool(name: Version.name, version: Version.number),
      original: ComparisonReport.Original(
        file: input.displayName, width: pixels.size.width,
        height: pixels.size.height, bytes: file.bytes,
        distinctColors: histogram.count),
      rows: run.rows)
    report.match()
    let original: ComparisonPicture?
    do {
      original = try run.scale.map { scale throws(EncodeError) in
        try ComparisonPicture(of: pixels.rounded(), scale)
      }
    } catch {
      throw .encode(input, error)
    }
    return Comparison(
      report: report, pictures: run.pictures(beside: original))
  }
}
