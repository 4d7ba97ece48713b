import CLibrary
import ImageFormats
public import PaletteFiles
import SystemPackage

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

  /// How colours are moved; `nil` reduces them. With it there are no reports, and no
  /// shared palette.
  public var recoloring: BatchRecoloring?

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

  /// Whether an image is copied where its output would not be smaller, not good
  /// enough, or a JPEG that all of its colours would make smaller, so that all images have one; in place it stays as it is.
  public var copiesIfLarger = false

  /// Whether all images get one palette, fitted to the colours of all.
  public var sharesPalette = false

  /// Where that palette goes, as JSON or by its ending; `nil` for `palette.json`
  /// in the output folder.
  public var palette: FileLocation?

  /// Where the palette of all images goes.
  var sharedPalette: FileLocation? {
    palette
      ?? sources.destination.folder.map { .file($0.appending("palette.json")) }
  }

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
    let start = ContinuousClock.now
    let selection = try sources.select()
    guard !selection.items.isEmpty || !selection.failures.isEmpty else {
      if let image = selection.skipped.first(where: \.isOnlyRead) {
        throw .usage("\(image.path.displayName): \(image.reason)")
      }
      throw .usage(
        "no \(InputFormat.list) is among the inputs; add --recursive for "
          + "subfolders")
    }
    observer(
      .selected(
        images: selection.items.count, skipped: selection.skipped.count))
    let run = try BatchRun(self, observer: observer)
    try checkOutputs(selection.items)
    run.tell(selection)
    run.removeTemporaries(of: selection.items)
    try run.process(selection.items)
    run.make(selection.links)
    return try finish(run, selection.items, since: start)
  }

  /// What ``run(observer:)`` would do, found out without changing anything.
  ///
  /// - Returns: A step for each input, in order. Images that fail once they are
  ///   read, and outputs that depend on what the images hold, are not foreseen.
  /// - Throws: As ``run(observer:)``.
  /// - Complexity: O(files); of each the first kilobyte is read.
  public func plan() throws(QuantizeError) -> [BatchPlanStep] {
    let selection = try sources.select()
    let ledger = sources.destination.folder.flatMap {
      BatchLedger(reading: $0)
    }
    let digest = OptionsDigest.of(
      options, skipsIfLarger: skipsIfLarger, copiesIfLarger: copiesIfLarger,
      recoloring: recoloring)
    var steps = selection.items.map { item in
      BatchStep(
        item: item, earlier: sharesPalette ? nil : ledger?.entry(item.key),
        options: digest, job: self
      ).planned
    }
    steps += selection.links.map {
      BatchPlanStep(
        input: $0.input, output: $0.output, action: .link, reason: nil)
    }
    steps += selection.skipped.map {
      BatchPlanStep(
        input: $0.path, output: nil, action: .skip, reason: $0.reason)
    }
    return steps
      + selection.failures.map {
        BatchPlanStep(
          input: $0.input, output: nil, action: .fail, reason: $0.message)
      }
  }

  /// Does the job, and then what appears in the folders among the sources, until
  /// an end is asked for. A folder that goes away is awaited.
  ///
  /// Files are read once nobody writes them any more. One that has changed since
  /// is done again, whatever `resumes` says.
  ///
  /// - Parameters:
  ///   - stop: Asks for the end.
  ///   - observer: Gets what happens.
  /// - Returns: What was done.
  /// - Throws: As ``run(observer:)``; `QuantizeError.usage` where the system
  ///   cannot watch folders or none is among the sources.
  public func watch(
    until stop: BatchStop, observer: @escaping Observer
  ) throws(QuantizeError) -> BatchSummary {
    let start = ContinuousClock.now
    var job = self
    job.resumes = true
    // The output folder has to be there to be told from those that are read.
    if let folder = sources.destination.folder { try FolderMaker.make(folder) }
    let watch = try BatchWatch(sources, until: stop, observer: observer)
    var selection = try watch.start()
    let run = try BatchRun(job, until: stop, observer: observer)
    try checkOutputs(selection.items)
    run.removeTemporaries(of: selection.items)
    var items: [BatchItem] = []
    var skipped = 0
    var isFirst = true
    repeat {
      items += selection.items
      skipped += selection.skipped.count
      observer(.selected(images: items.count, skipped: skipped))
      run.tell(selection)
      try run.process(selection.items)
      run.make(selection.links)
      if isFirst { observer(.watching(folders: watch.folders)) }
      isFirst = false
      guard let next = try watch.next() else { break }
      selection = next
    } while true
    var keys: Set<String> = []
    return try job.finish(
      run, items.filter { keys.insert($0.key).inserted }, since: start)
  }

  /// Writes the reports, and says what was done.
  private func finish(
    _ run: BatchRun, _ items: [BatchItem], since start: ContinuousClock.Instant
  ) throws(QuantizeError) -> BatchSummary {
    if let report {
      try BatchReport(reportFormat).write(
        run.outcomes(of: items), to: report, replaces: replaces || resumes,
        reading: reading(items), events: run.tellOfOutput)
    }
    var summary = run.summary
    summary.seconds = (ContinuousClock.now - start) / .seconds(1)
    return summary
  }

  /// All files that are read. The image of each is checked beside it: here none
  /// is the result of another.
  func reading(_ items: [BatchItem]) -> ReadFiles {
    ReadFiles(
      image: nil, others: options.files + items.map { .file($0.input) })
  }

  /// Refuses a report or a palette that would replace what is read, before any
  /// work is done.
  private func checkOutputs(_ items: [BatchItem]) throws(QuantizeError) {
    let reading = reading(items)
    if let report { try reading.check(.report, report) }
    if sharesPalette, let sharedPalette {
      try reading.check(.palette, sharedPalette)
    }
  }
}
