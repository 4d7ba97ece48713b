import ImageFormats
import QuantizeKit
import SystemPackage

/// Several inputs of the main command: each image is written next to its input,
/// as pngquant does.
struct ManyImages {
  private let command: QuantizeCommand
  private let image: ImageOptions
  private let inputs: [String]

  /// Several inputs.
  ///
  /// - Parameters:
  ///   - command: The command, for all options but those of images.
  ///   - image: How images are quantised.
  ///   - inputs: The images.
  init(_ command: QuantizeCommand, _ image: ImageOptions, _ inputs: [String]) {
    self.command = command
    self.image = image
    self.inputs = inputs
  }

  /// Makes all images. One that fails does not stop the others.
  ///
  /// - Throws: `QuantizeError.usage`, or at the end `.imageFailures` or
  ///   `.imagesNotSmaller`.
  func execute() throws(QuantizeError) {
    let job = try job()
    let common = command.common
    let verbose = command.messages.details.verbose
    let progress = BatchProgress(
      .auto, quiet: common.quiet, verbose: verbose, resumes: false)
    let failures = Failures()
    let summary = try progress.showing { () throws(QuantizeError) in
      try job.run { event in
        failures.note(event)
        progress.show(event)
      }
    }
    guard summary.failed == 0 else {
      throw .imageFailures(summary.failed, of: inputs.count, failures.status)
    }
    guard summary.notSmaller == 0 else {
      throw .imagesNotSmaller(summary.notSmaller, of: inputs.count)
    }
  }

  private func job() throws(QuantizeError) -> BatchJob {
    try check()
    let (destination, format) = try command.destination.targets()
    var sources = BatchSources(
      paths: inputs.map { FilePath(argument: $0) }, destination: destination,
      format: format)
    sources.refusesOthers = true
    let options = try image.options(writing: format, command.common)
    var job = BatchJob(sources: sources, options: options)
    job.jobs = options.threads
    job.memory = command.memory.memory
    job.replaces = command.destination.replacing.force
    job.skipsIfLarger = image.encoding.skipIfLarger
    return job
  }

  /// Refuses what several images cannot have.
  private func check() throws(QuantizeError) {
    guard !inputs.contains("-") else {
      throw .usage(
        "standard input is one of \(inputs.count) inputs, so its output has no "
          + "name; give it alone")
    }
    if let file = command.messages.report {
      throw .usage(
        "--report \(file) is for one image; use `quantize batch --report` for "
          + "many")
    }
    if command.messages.paletteOut != nil {
      throw .usage(
        "--palette-out is for one image; use `quantize batch --shared-palette "
          + "--palette-out` for many")
    }
    if command.messages.paletteReport != nil {
      throw .usage("--palette-report is for one image; give one input")
    }
    if let option = command.soft.given.first {
      throw .usage("\(option.shown) is for one image; give one input")
    }
    for input in inputs {
      let path = FilePath(argument: input)
      if (try? path.stat())?.type == .directory {
        throw .usage(
          "\(path.displayName) is a folder; use `quantize batch` for folders")
      }
    }
  }
}
