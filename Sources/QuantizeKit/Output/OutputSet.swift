package import SystemPackage

/// All outputs of a job: checked before any work is done, staged one by one, and
/// committed together.
///
/// Either all files get their names or none does. When one cannot be renamed,
/// those renamed before it are removed again, and the files that they replaced
/// come back. Standard output and devices are written last, since nothing there
/// can be taken back. A process that is killed, or a machine that stops, between
/// two renames can leave the first file new and the second old; neither is ever
/// incomplete.
package struct OutputSet {
  private let order: [OutputName]
  private let outputs: [OutputName: any StagedOutput]

  /// Checks that all outputs can be created.
  ///
  /// - Parameters:
  ///   - planned: The outputs, each name once.
  ///   - reading: What is read, and is only replaced by its own image.
  ///   - replaces: Whether existing files may be replaced.
  ///   - temporaryPrefix: How the names of temporary files begin.
  /// - Throws: `QuantizeError.usage`, `.outputExists`, `.outputIsInput`,
  ///   `.replacesInput` or `.cannotCreate`.
  package init(
    _ planned: [PlannedOutput], reading: ReadFiles, replaces: Bool,
    temporaryPrefix: String = TemporaryFiles.prefix
  ) throws(QuantizeError) {
    var outputs: [OutputName: any StagedOutput] = [:]
    for output in planned {
      outputs[output.name] = try output.open(
        reading: reading, replaces: replaces, temporaryPrefix: temporaryPrefix)
    }
    precondition(outputs.count == planned.count, "an output has one place")
    self.outputs = outputs
    order = planned.map(\.name)
  }

  /// Whether an output is wanted.
  func contains(_ name: OutputName) -> Bool { outputs[name] != nil }

  /// Whether an output gets its name only when it is complete; `false` for
  /// standard output and devices.
  func isStaged(_ name: OutputName) -> Bool {
    outputs[name]?.isStaged ?? false
  }

  /// Whether the image that was read is replaced by its own result.
  var replacesImage: Bool {
    outputs.values.contains { ($0 as? OutputFile)?.replacesImage == true }
  }

  /// Stages the bytes of a file; those for standard output or a device wait for
  /// ``commit()``.
  ///
  /// - Throws: `QuantizeError.cannotCreate` or `.inputOutput`.
  package func stage(_ name: OutputName, _ bytes: [UInt8]) throws(QuantizeError)
  {
    try file(name).stage(bytes)
  }

  /// Stages a file or folder.
  ///
  /// - Parameters:
  ///   - name: The file or folder.
  ///   - write: Is given the path of an empty file or folder to fill.
  /// - Throws: `QuantizeError.cannotCreate` or `.inputOutput`, and what `write`
  ///   throws.
  package func stage(
    _ name: OutputName, writing write: (FilePath) throws(QuantizeError) -> Void
  ) throws(QuantizeError) {
    guard let folder = outputs[name] as? OutputFolder else {
      return try file(name).stage(writing: write)
    }
    try folder.stage(writing: write)
  }

  /// Writes a file as its bytes come: to standard output or a device at once.
  ///
  /// - Parameters:
  ///   - name: The file.
  ///   - body: Is given a function that writes the next bytes.
  /// - Throws: `QuantizeError.cannotCreate` or `.inputOutput`, and what `body`
  ///   throws.
  func stream(
    _ name: OutputName,
    _ body: (OutputFile.Writer) throws(QuantizeError) -> Void
  ) throws(QuantizeError) {
    try file(name).stream(body)
  }

  private func file(_ name: OutputName) -> OutputFile {
    guard let file = outputs[name] as? OutputFile else {
      preconditionFailure("an output is added before it is written")
    }
    return file
  }

  /// Stages all outputs, and gives them their names: all of them, or none.
  ///
  /// - Parameters:
  ///   - events: Told of what could not be kept of files that were replaced.
  ///   - body: Stages all outputs.
  /// - Returns: What `body` returns.
  /// - Throws: What `body` throws, `QuantizeError.outputExists`,
  ///   `.cannotCreate` or `.inputOutput`; then all files are as they were.
  package func committing<Result>(
    telling events: JobEvent.Observer = { _ in },
    _ body: (OutputSet) throws(QuantizeError) -> Result
  ) throws(QuantizeError) -> Result {
    let outputs = order.compactMap { self.outputs[$0] }
    do {
      let result = try body(self)
      try commit(outputs)
      for case let file as OutputFile in outputs { file.tell(events) }
      return result
    } catch {
      for output in outputs { output.discard() }
      throw error
    }
  }

  private func commit(
    _ outputs: [any StagedOutput]
  ) throws(QuantizeError) {
    // What cannot be taken back comes last.
    let outputs =
      outputs.filter(\.isStaged) + outputs.filter { !$0.isStaged }
    for (n, output) in outputs.enumerated() {
      do {
        try output.commit(revertible: n + 1 < outputs.count)
      } catch {
        for earlier in outputs[..<n].reversed() { earlier.revert() }
        throw error
      }
    }
    for output in outputs { output.conclude() }
  }
}
