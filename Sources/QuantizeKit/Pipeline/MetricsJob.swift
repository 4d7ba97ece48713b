public import ImageFormats
import Metrics
import ParallelWork
import Rasters

/// Compares images with their original.
public struct MetricsJob: Sendable {
  /// The original.
  public let original: FileLocation

  /// The images to compare with it.
  public let images: [FileLocation]

  /// The most threads to use; the results do not depend on it.
  public var threads = 1

  /// What an image may ask for.
  public var limits = DecodeLimits()

  /// Describes a job.
  public init(original: FileLocation, images: [FileLocation]) {
    self.original = original
    self.images = images
  }

  /// Does the job: reads all images into sRGB, two at a time in memory.
  ///
  /// - Parameter warnings: Gets the file and a line for each thing in it that
  ///   was passed over.
  /// - Returns: The metrics of each image.
  /// - Throws: `QuantizeError.usage`, `.unreadable`, `.inputOutput`, `.decode`
  ///   or `.compare`.
  /// - Complexity: That of `ImageMetrics` for each image.
  public func run(
    warnings: ((FileLocation, String) -> Void)? = nil
  ) throws(QuantizeError) -> MetricsReport {
    let streams = ([original] + images).count { $0 == .standardStream }
    guard streams < 2 else {
      throw .usage("only one of the images can be standard input")
    }
    let reference = try pixels(of: original, warnings)
    let workers = Workers(threads: threads)
    var records: [MetricsReport.Record] = []
    for image in images {
      let other = try pixels(of: image, warnings)
      do {
        let metrics = try ImageMetrics(
          of: other, against: reference, workers: workers)
        records.append(MetricsReport.Record(image, metrics))
      } catch {
        throw .compare(image, error)
      }
    }
    return MetricsReport(original, reference.size, records)
  }

  private func pixels(
    of location: FileLocation, _ warnings: ((FileLocation, String) -> Void)?
  ) throws(QuantizeError) -> Pixels {
    let bytes = try InputFile.read(location, limits: limits)
    do {
      let image = try ImageDecoder.decode(
        bytes, limits: limits, threads: threads)
      for warning in image.warnings { warnings?(location, warning) }
      return image.pixels
    } catch {
      throw .decode(location, error)
    }
  }
}
