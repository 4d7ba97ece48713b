import ImageFormats
import QuantizeKit
import SystemPackage

/// `quantize recolor` of folders, and into a folder: a batch, with all that
/// `quantize batch` has.
extension RecolorCommand {
  /// Whether folders are read or written.
  var isBatch: Bool {
    outputFolder != nil || inputs.contains { isFolder($0) }
  }

  /// The folder that `-o` names.
  private var outputFolder: FilePath? {
    guard let output, output.last == "/" || isFolder(output) else { return nil }
    return FilePath(argument: output)
  }

  private func isFolder(_ name: String) -> Bool {
    (try? FilePath(argument: name).stat())?.type == .directory
  }

  /// Moves the colours of all images; one that fails does not stop the others.
  ///
  /// - Throws: `QuantizeError`.
  func runBatch() throws(QuantizeError) {
    let plan = try plan()
    let destination =
      outputFolder.map(BatchDestination.folder)
      ?? .beside(ending: ext ?? "-recolored.\(plan.format.usualExtension)")
    var job = BatchJob(
      sources: BatchSources(
        paths: inputs.map { FilePath(argument: $0) }, listed: [],
        isRecursive: recursive, destination: destination, format: plan.format),
      options: plan.options)
    job.recoloring = BatchRecoloring(
      plan.choice, lightness: colors.lightness ?? .move,
      shades: try colors.hueWidth())
    job.jobs = plan.options.threads
    job.memory = memory.memory
    job.replaces = replacing.force
    job.resumes = resume
    let progress = BatchProgress(
      .auto, quiet: common.quiet, verbose: details.verbose,
      resumes: destination.keepsLedger)
    let summary = try progress.showing { () throws(QuantizeError) in
      try job.run { progress.show($0) }
    }
    guard summary.failed == 0 else {
      throw .batchFailures(
        summary.failed,
        of: summary.failed + summary.done + summary.kept + summary.skipped)
    }
  }

  /// Refuses what folders cannot have.
  func checkBatch() throws(QuantizeError) {
    guard !inputs.contains("") else {
      throw .usage("the file name of input is empty")
    }
    guard !inputs.contains("-") else {
      throw .usage(
        "standard input has no name, so it has none in a folder; give it alone")
    }
    guard preview == nil else {
      throw .usage("--preview is for one image; leave it out")
    }
    guard !resume || outputFolder != nil else {
      throw .usage("--resume needs a folder for the outputs; name one with -o")
    }
    if let ext { try OutputOptions.checkEnding(ext) }
    if let output, outputFolder == nil {
      throw .usage(
        "--output names one file, but a folder is given; for a folder, write "
          + "\(FilePath(argument: output).displayName)/"
      )
    }
  }
}
