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

  /// What became of inputs that have no report.
  private let others = Monitor<[BatchOutcome]>([])

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
    ledger =
      if let folder = job.sources.destination.folder {
        try BatchLedger(in: folder)
      } else {
        try BatchLedger()
      }
  }

  /// How the names of temporary files begin. Those in the output folder are
  /// known to be a batch's own, and removed by the next one.
  private var temporaryPrefix: String {
    job.sources.destination.folder == nil
      ? TemporaryFiles.prefix : BatchLedger.temporaryPrefix
  }

  /// What has been done.
  var summary: BatchSummary { tally.withLock(\.self) }

  /// Tells what happens, and counts it.
  func tell(_ event: BatchEvent) {
    tally.withLock { tally in
      switch event {
      case .selected, .watching, .lost, .found, .counted, .warning,
        .outputWarning, .kept:
        break
      case .skipped: tally.skipped += 1
      case .failed: tally.failed += 1
      case .linked: tally.linked += 1
      case .done(_, let inputBytes, let outputBytes):
        tally.done += 1
        tally.larger += outputBytes > inputBytes ? 1 : 0
        tally.inputBytes += inputBytes
        tally.outputBytes += outputBytes
      case .copied(_, let bytes, _):
        tally.copied += 1
        tally.inputBytes += bytes
        tally.outputBytes += bytes
      }
    }
    if job.report != nil, let outcome = BatchOutcome(event) {
      others.withLock { $0.append(outcome) }
    }
    observer(event)
  }

  /// The reports of images, in their order, and what became of all other
  /// inputs.
  func outcomes(of items: [BatchItem]) -> [BatchReport.Line] {
    let others = others.withLock(\.self)
    let latest = Dictionary(
      others.map { ($0.input, $0) }, uniquingKeysWith: { $1 })
    let names = Set(items.map(\.input.displayName))
    let images = items.compactMap { item -> BatchReport.Line? in
      guard let entry = ledger.entry(item.key), entry.stage == .done,
        let report = entry.report
      else { return latest[item.input.displayName].map { .other($0) } }
      return .report(report)
    }
    return images
      + others.filter { !names.contains($0.input) }.map { .other($0) }
  }

  /// Makes the outputs of links.
  func make(_ links: [BatchLink]) {
    for link in links {
      do throws(QuantizeError) {
        guard
          let outcome = try link.make(replaces: job.replaces || job.resumes)
        else {
          tell(.skipped(link.input, reason: "its target has no output"))
          continue
        }
        if outcome == .made {
          tell(.linked(link.input, output: link.output))
        } else {
          tally.withLock { $0.kept += 1 }
        }
      } catch {
        tell(.failed(BatchFailure(input: link.input, error: error)))
      }
    }
  }

  /// Removes what a batch that was killed has left; nobody else has files of
  /// such names while the ledger is locked.
  func removeTemporaries(of items: [BatchItem]) {
    guard let folder = job.sources.destination.folder else { return }
    let prefix = BatchLedger.temporaryPrefix
    let folders = Set(items.map(\.output.folder)).union([folder])
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
    for failure in selection.failures { tell(.failed(failure)) }
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
      options.quantizer.start = .palette(palette.palette)
      // Frames have one table of colours.
      if options.quantizer.order.isOfUse, !options.encoding.optimizes {
        options.quantizer.order.first = palette.entries
      }
      options.quantizer.pinned = []
    }
    let digest = OptionsDigest.of(
      options, skipsIfLarger: job.skipsIfLarger,
      copiesIfLarger: job.copiesIfLarger, recoloring: job.recoloring)
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
  ) throws(QuantizeError) -> SharedPaletteFit.Result? {
    let folder = job.sources.destination.folder
    let location = job.sharedPalette
    var unreadable: Set<BatchItem> = []
    let fit = SharedPaletteFit(
      options: job.options, jobs: job.jobs, memory: memory,
      budget: MemoryBudget(job.memory))
    let result = try fit.run(
      images, folder.map { .file($0) } ?? .standardStream,
      counted: { tell(.counted($0, $1)) },
      cannot: { item, error in
        unreadable.insert(item)
        tell(.failed(BatchFailure(input: item.input, error: error)))
      })
    images.removeAll { unreadable.contains($0.item) }
    guard let result else { return nil }
    if let first = images.first {
      for warning in result.warnings { tell(.warning(first.item, warning)) }
    }
    guard let location else { return result }
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
      return result
    }
    let file = try OutputFile(
      .palette, location, replaces: job.replaces || job.resumes,
      reading: job.reading(images.map(\.item)),
      temporaryPrefix: temporaryPrefix)
    try file.write(bytes, telling: tellOfOutput)
    return result
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
    } catch {
      end(item, &entry, error)
    }
  }

  /// Notes why an image is not written, and copies it if that was asked for.
  private func end(
    _ item: BatchItem, _ entry: inout LedgerEntry, _ error: QuantizeError
  ) {
    let reason: String? =
      switch error {
      case .notSmaller(_, let outputBytes, let inputBytes):
        "would have \(outputBytes) bytes, and the input has \(inputBytes)"
      case .pointless(_, let outputBytes, let plainBytes):
        "with fewer colours it would have \(outputBytes) bytes, and with all of "
          + "them at the same quality \(plainBytes)"
      case .quantize(_, .qualityMissed):
        job.copiesIfLarger ? "the quality cannot be reached" : nil
      default: nil
      }
    if let reason {
      entry.stage = .skipped
      entry.reason = reason
      guard job.copiesIfLarger, item.output.place != item.input.place else {
        try? ledger.append(entry)
        tally.withLock { $0.notSmaller += 1 }
        tell(.skipped(item.input, reason: reason))
        return
      }
      do throws(QuantizeError) {
        try copy(item, &entry, reason)
      } catch {
        fail(item, &entry, error)
      }
    } else {
      fail(item, &entry, error)
    }
  }

  private func copy(
    _ item: BatchItem, _ entry: inout LedgerEntry, _ reason: String
  ) throws(QuantizeError) {
    let output = try OutputFile(
      .image, .file(item.output), replaces: job.replaces || entry.replaces,
      reading: ReadFiles(image: .file(item.input), others: job.options.files),
      temporaryPrefix: temporaryPrefix)
    try FileCopy.copy(item.input, to: output)
    let bytes = FileState(item.output)?.bytes ?? item.state.bytes
    entry.stage = .copied
    entry.outputBytes = bytes
    try ledger.append(entry)
    tell(.copied(item, bytes: bytes, reason: reason))
  }

  private func fail(
    _ item: BatchItem, _ entry: inout LedgerEntry, _ error: QuantizeError
  ) {
    if entry.inputChecksum != nil {
      entry.stage = .failed
      entry.reason = error.message
      try? ledger.append(entry)
    }
    tell(.failed(BatchFailure(input: item.input, error: error)))
  }

  private func make(
    _ item: BatchItem, _ options: QuantizeOptions, _ replaces: Bool,
    _ entry: inout LedgerEntry
  ) throws(QuantizeError) {
    let input = FileLocation.file(item.input)
    entry.replaces = replaces
    let checksum = try Checksum.of(input)
    try FolderMaker.make(item.output.folder)
    var options = options
    options.encoding.format = item.format
    // From the line on, a file of this name is ours; so there must be none.
    _ = try OutputFile(
      .image, .file(item.output), replaces: replaces,
      reading: ReadFiles(image: input, others: options.files))
    entry.inputChecksum = checksum
    try ledger.append(entry)
    let written: Int
    if let recoloring = job.recoloring {
      written = try recolored(item, recoloring, options, replaces)
    } else {
      let report = try quantized(item, options, replaces)
      written = report.outputBytes
      if job.report != nil { entry.report = report }
    }
    entry.stage = .done
    entry.outputBytes = written
    try ledger.append(entry)
    tell(.done(item, inputBytes: item.state.bytes, outputBytes: written))
  }

  /// Reduces the colours of an image.
  private func quantized(
    _ item: BatchItem, _ options: QuantizeOptions, _ replaces: Bool
  ) throws(QuantizeError) -> Report {
    var single = QuantizeJob(
      input: .file(item.input), output: .file(item.output), options: options)
    single.replaces = replaces
    single.skipsIfLarger = job.skipsIfLarger || job.copiesIfLarger
    single.skipsIfPointless = job.copiesIfLarger
    single.memory = job.memory
    single.measures = job.report != nil
    single.temporaryPrefix = temporaryPrefix
    return try single.run { event in
      if case .warning(_, let text) = event { self.tell(.warning(item, text)) }
    }
  }

  /// Moves the colours of an image.
  ///
  /// - Returns: The bytes that were written.
  private func recolored(
    _ item: BatchItem, _ recoloring: BatchRecoloring,
    _ options: QuantizeOptions, _ replaces: Bool
  ) throws(QuantizeError) -> Int {
    var single = recoloring.job(
      .file(item.input), .file(item.output), options)
    single.replaces = replaces
    single.memory = job.memory
    single.temporaryPrefix = temporaryPrefix
    return try single.run { event in
      if case .warning(_, let text) = event { self.tell(.warning(item, text)) }
    }.bytes
  }
}
