import ImageQuality
import ParallelWork
import Rasters

/// Compares images with their original.
public struct MetricsJob: Sendable {
  /// The original.
  public let original: FileLocation

  /// The images to compare with it.
  public let images: [FileLocation]

  /// How the images are read; a page is that of the original.
  public var decoding = DecodeOptions()

  /// Describes a job.
  public init(original: FileLocation, images: [FileLocation]) {
    self.original = original
    self.images = images
  }

  /// Does the job: reads all images into sRGB, two at a time in memory.
  ///
  /// - Parameter events: Receives what happens.
  /// - Returns: The metrics of each image.
  /// - Throws: `QuantizeError.usage`, `.unreadable`, `.inputOutput`, `.decode`
  ///   or `.compare`.
  /// - Complexity: That of `ImageMetrics` for each image.
  public func run(
    events: @escaping JobEvent.Observer = { _ in }
  ) throws(QuantizeError) -> MetricsReport {
    try JobMonitor.observing(events, run)
  }

  private func run(
    _ monitor: JobMonitor
  ) throws(QuantizeError) -> MetricsReport {
    let streams = ([original] + images).count { $0 == .standardStream }
    guard streams < 2 else {
      throw .usage("only one of the images can be standard input")
    }
    func read(
      _ location: FileLocation, page: Int?
    ) throws(QuantizeError) -> Pixels {
      monitor.start(.decode)
      // The next image begins the stage again.
      defer { monitor.stop() }
      var decoding = decoding
      decoding.page = page
      return try decoding.read(location, events: monitor.tell).pixels
    }
    let reference = try read(original, page: decoding.page)
    let workers = Workers(threads: decoding.threads)
    var records: [MetricsReport.Record] = []
    for image in images {
      let other = try read(image, page: nil)
      monitor.start(.metrics)
      do throws(MetricsError) {
        let metrics = try ImageMetrics(
          of: other, against: reference, workers: workers)
        records.append(MetricsReport.Record(image, metrics))
      } catch {
        throw .compare(image, error)
      }
    }
    return MetricsReport(original, reference.size, records)
  }
}
