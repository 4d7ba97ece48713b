public import PaletteFiles
import SystemPackage

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// Many images from files to files.
///
/// One that fails never stops the others. What has become of each stands in a
/// ledger in the output folder, so that a batch that was ended, by whatever
/// means, goes on where it was.
public struct BatchJob: Sendable {
  /// Gets what happens, from any thread.
  public typealias Observer = @Sendable (BatchEvent) -> Void

  /// What is read, and where outputs go.
  public let sources: BatchSources

  /// How to quantise; `threads` is the most for all images together.
  public let options: QuantizeOptions

  /// The most images at once; outputs do not depend on it.
  public var jobs = 1

  /// The most memory in use, in bytes; `nil` for no bound.
  public var memory: Int?

  /// Whether existing files may be replaced; nothing of earlier runs is kept
  /// then.
  public var replaces = false

  /// Whether outputs of earlier runs whose input or options have changed since
  /// are made again.
  public var resumes = false

  /// Whether an image is passed over where its output would not be smaller.
  public var skipsIfLarger = false

  /// Whether all images get one palette, fitted to the colours of all.
  public var sharesPalette = false

  /// Where that palette goes, as JSON or by its ending; `nil` for `palette.json`
  /// in the output folder.
  public var palette: FileLocation?

  /// The format of the palette's file.
  public var paletteFormat = PaletteFormat.json

  /// Where the reports of all images go, if anywhere.
  public var report: FileLocation?

  /// What they are written as.
  public var reportFormat = BatchReport.Format.jsonLines

  /// Describes a batch.
  public init(sources: BatchSources, options: QuantizeOptions) {
    self.sources = sources
    self.options = options
  }

  /// Does the job.
  ///
  /// - Parameter observer: Gets what happens.
  /// - Returns: What was done.
  /// - Throws: A `QuantizeError` where nothing can be done at all; what is wrong
  ///   with single inputs is told the observer.
  public func run(observer: @escaping Observer) throws(QuantizeError)
    -> BatchSummary
  {
    let clock = ContinuousClock()
    let start = clock.now
    let selection = try sources.select()
    guard !selection.items.isEmpty || !selection.failures.isEmpty else {
      throw .usage(
        "no PNG or JPEG is among the inputs; add --recursive for folders in "
          + "folders")
    }
    observer(
      .selected(
        images: selection.items.count, skipped: selection.skipped.count))
    let run = try BatchRun(self, observer: observer)
    for file in selection.skipped {
      run.tell(.skipped(file.path, reason: file.reason))
    }
    for error in selection.failures { run.tell(.failed(error)) }
    run.removeTemporaries(of: selection.items)
    try run.process(selection.items)
    if let report {
      try BatchReport(reportFormat).write(
        selection.items, run.ledger, to: report, replaces: replaces || resumes)
    }
    var summary = run.summary
    summary.seconds = (clock.now - start) / .seconds(1)
    return summary
  }
}
