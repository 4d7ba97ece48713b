import CLibrary
import ParallelWork
import Quantization
import SystemPackage

/// A batch while it runs.
final class BatchRun: Sendable {
  let ledger: BatchLedger
  private let job: BatchJob
  private let observer: BatchJob.Observer
  private let stop: BatchStop?
  private let tally = Monitor(BatchSummary())

  /// Opens the ledger.
  ///
  /// - Parameters:
  ///   - job: What is to be done.
  ///   - stop: Ends it before all is done.
  ///   - observer: Gets what happens.
  /// - Throws: What `BatchLedger` throws.
  init(
    _ job: BatchJob, until stop: BatchStop? = nil,
    observer: @escaping BatchJob.Observer
  ) throws(QuantizeError) {
    self.job = job
    self.stop = stop
    self.observer = observer
    ledger = try BatchLedger(in: job.sources.output)
  }

  /// What has been done.
  var summary: BatchSummary { tally.withLock(\.self) }

  /// Tells what happens, and counts it.
  func tell(_ event: BatchEvent) {
    tally.withLock { tally in
      switch event {
      case .selected, .watching, .counted, .warning, .outputWarning, .kept:
        break
      case .skipped: tally.skipped += 1
      case .failed: tally.failed += 1
      case .done(_, let inputBytes, let outputBytes):
        tally.done += 1
        tally.inputBytes += inputBytes
        tally.outputBytes += outputBytes
      }
    }
    observer(event)
  }

  /// Removes what a batch that was killed has left; nobody else has files of
  /// such names while the ledger is locked.
  func removeTemporaries(of items: [BatchItem]) {
    let prefix = BatchLedger.temporaryPrefix
    let folders = Set(items.map(\.output.folder))
      .union([job.sources.output])
    for folder in folders {
      let names = try? FolderListing.names(in: folder, beginningWith: prefix)
      for name in names ?? [] {
        folder.appending(name).withPlatformString { _ = unlink($0) }
      }
    }
  }

  /// Tells what was found beside images.
  func tell(_ selection: BatchSelection) {
    for file in selection.skipped {
      tell(.skipped(file.path, reason: file.reason))
    }
    for error in selection.failures { tell(.failed(error)) }
  }

  /// Makes the outputs of images.
  ///
  /// - Throws: `QuantizeError` where no palette can be found for all.
  func process(_ items: [BatchItem]) throws(QuantizeError) {
    let memory = job.memory.map { max(0, $0 - MemoryBudget.process) } ?? .max
    var images = items.map { (item: $0, bytes: min(memory, estimate($0))) }
    var options = job.options
    if job.sharesPalette {
      guard let palette = try sharedPalette(&images, memory) else { return }
      options.quantizer.start = .palette(palette)
      options.quantizer.pinned = []
    }
    let digest = OptionsDigest.of(options, skipsIfLarger: job.skipsIfLarger)
    let queue = BatchQueue(
      images.enumerated().map { ($0.offset, $0.element.bytes) },
      memory: memory, jobs: job.jobs, threads: job.options.quantizer.threads)
    let (list, given) = (images, options)
    Workers(threads: job.jobs).forEach(job.jobs) { _ in
      while self.stop?.isRequested != true, let ticket = queue.next() {
        defer { queue.finish(ticket) }
        var options = given
        options.threads = ticket.threads
        self.process(list[ticket.number].item, options, digest)
      }
    }
  }

  /// The memory that the pixels of an image need, in bytes: those of one that
  /// is too large for the budget are read strip by strip. An image whose header
  /// cannot be read fails before it needs any.
  private func estimate(_ item: BatchItem) -> Int {
    guard job.memory != nil else { return 0 }
    let budget = MemoryBudget(job.memory)
    let image = try? InputImage(.file(item.input), job.options, budget)
    guard let need = image?.need else { return item.state.bytes }
    return (need <= budget.bytes ? need : MemoryBudget.streamed)
      - MemoryBudget.process
  }

  /// Fits and writes the palette of all images, and takes those out that cannot
  /// be read.
  private func sharedPalette(
    _ images: inout [(item: BatchItem, bytes: Int)], _ memory: Int
  ) throws(QuantizeError) -> FixedPalette? {
    let location = job.sharedPalette
    var unreadable: Set<BatchItem> = []
    let fit = SharedPaletteFit(
      options: job.options, jobs: job.jobs, memory: memory,
      budget: MemoryBudget(job.memory))
    let result = try fit.run(
      images, .file(job.sources.output),
      counted: { tell(.counted($0, $1)) },
      cannot: { item, error in
        unreadable.insert(item)
        tell(.failed(error))
      })
    images.removeAll { unreadable.contains($0.item) }
    guard let result else { return nil }
    let bytes: [UInt8]
    do {
      bytes = try PaletteRecord.write(
        result.records, as: job.paletteFormat, title: location.title)
    } catch {
      throw .paletteFile(location, error)
    }
    // One that an earlier run wrote is as good as a new one.
    if let path = location.path, FileState(path) != nil,
      let old = try? InputFile.read(location), old == bytes
    {
      return result.palette
    }
    let file = try OutputFile(
      .palette, location, replaces: job.replaces || job.resumes,
      reading: job.reading(images.map(\.item)),
      temporaryPrefix: BatchLedger.temporaryPrefix)
    try file.write(bytes, telling: tellOfOutput)
    return result.palette
  }

  /// Tells what happens to an output that is not the image of one input.
  func tellOfOutput(_ event: JobEvent) {
    if case .warning(let file, let text) = event {
      tell(.outputWarning(file, text))
    }
  }

  /// Makes one output, if it is not there.
  private func process(
    _ item: BatchItem, _ options: QuantizeOptions, _ digest: String
  ) {
    let earlier = ledger.entry(item.key)
    let step = BatchStep(
      item: item, earlier: earlier, options: digest, job: job)
    var entry = LedgerEntry(.started, item, options: digest)
    do {
      switch try step.decide() {
      case .keep(let bytes):
        tally.withLock { tally in
          tally.kept += 1
          tally.inputBytes += item.state.bytes
          tally.outputBytes += bytes
        }
        tell(.kept(item))
        return
      case .skip(let reason):
        tell(.skipped(item.input, reason: reason))
        return
      case .make(let replaces):
        try make(item, options, replaces, &entry)
      }
    } catch .notSmaller(_, let outputBytes, let inputBytes) {
      entry.stage = .skipped
      entry.reason =
        "would have \(outputBytes) bytes, and the input has \(inputBytes)"
      try? ledger.append(entry)
      tell(.skipped(item.input, reason: entry.reason ?? ""))
    } catch {
      if entry.inputChecksum != nil {
        entry.stage = .failed
        entry.reason = error.message
        try? ledger.append(entry)
      }
      tell(.failed(error))
    }
  }

  private func make(
    _ item: BatchItem, _ options: QuantizeOptions, _ replaces: Bool,
    _ entry: inout LedgerEntry
  ) throws(QuantizeError) {
    let input = FileLocation.file(item.input)
    let checksum = try Checksum.of(input)
    try FolderMaker.make(item.output.folder)
    var single = QuantizeJob(
      input: input, output: .file(item.output), options: options)
    single.replaces = replaces
    single.skipsIfLarger = job.skipsIfLarger
    single.memory = job.memory
    single.measures = job.report != nil
    single.temporaryPrefix = BatchLedger.temporaryPrefix
    // From the line on, a file of this name is ours; so there must be none.
    _ = try OutputFile(
      .image, .file(item.output), replaces: replaces,
      reading: ReadFiles(image: input, others: options.files))
    entry.inputChecksum = checksum
    try ledger.append(entry)
    let report = try single.run { event in
      if case .warning(_, let text) = event { self.tell(.warning(item, text)) }
    }
    entry.stage = .done
    entry.outputBytes = report.outputBytes
    if job.report != nil { entry.report = report }
    try ledger.append(entry)
    tell(
      .done(
        item, inputBytes: report.inputBytes, outputBytes: report.outputBytes))
  }
}
