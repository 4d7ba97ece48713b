import SystemPackage

/// What is to be done about one image, from what the ledger says of it and what
/// is there.
struct BatchStep {
  /// What is to be done.
  enum Decision: Equatable {
    /// Nothing: the output is there, with so many bytes.
    case keep(Int)

    /// Nothing: there is to be no output.
    case skip(String)

    /// The output is made.
    case make(replaces: Bool)
  }

  let item: BatchItem

  /// What the ledger says.
  let earlier: LedgerEntry?

  /// The digest of the options.
  let options: String

  let job: BatchJob

  /// Decides.
  ///
  /// - Returns: What is to be done.
  /// - Throws: `QuantizeError.outputOutdated` where an earlier output is in the
  ///   way, or what reading the input throws.
  func decide() throws(QuantizeError) -> Decision {
    guard !job.replaces else { return .make(replaces: true) }
    guard let earlier else { return .make(replaces: false) }
    switch earlier.stage {
    case .started:
      // The batch was killed; a file of this name is its own.
      return .make(replaces: true)
    case .failed:
      return .make(replaces: false)
    case .skipped:
      return try isUnchanged(earlier)
        ? .skip(earlier.reason ?? "") : .make(replaces: false)
    case .done, .copied:
      guard let state = FileState(item.output) else {
        return .make(replaces: false)
      }
      guard let bytes = earlier.outputBytes, state.bytes == bytes else {
        // Somebody else has written it.
        return .make(replaces: false)
      }
      let isComplete =
        job.report == nil || earlier.report != nil || earlier.stage == .copied
      if isComplete, try isUnchanged(earlier) { return .keep(bytes) }
      guard job.resumes || !isComplete else {
        throw .outputOutdated(item.output)
      }
      return .make(replaces: true)
    }
  }

  /// What would be done, for people who want to know before.
  var planned: BatchPlanStep {
    func step(
      _ action: BatchPlanStep.Action, _ reason: String? = nil
    ) -> BatchPlanStep {
      BatchPlanStep(
        input: item.input, output: item.output, action: action, reason: reason)
    }
    do throws(QuantizeError) {
      switch try decide() {
      case .keep: return step(.keep)
      case .skip(let reason): return step(.skip, reason)
      case .make(let replaces):
        // What is checked when the image is made.
        _ = try OutputFile(
          .image, .file(item.output), replaces: replaces,
          reading: ReadFiles(
            image: .file(item.input), others: job.options.files))
        return step(.make)
      }
    } catch .cannotCreate(_, _) where FileState(item.output) == nil {
      // The folder is not there yet.
      return step(.make)
    } catch {
      return step(.fail, error.message)
    }
  }

  /// Whether the input and the options are those of the line.
  private func isUnchanged(
    _ earlier: LedgerEntry
  ) throws(QuantizeError) -> Bool {
    guard earlier.options == options,
      earlier.inputState.bytes == item.state.bytes
    else { return false }
    if earlier.inputState == item.state { return true }
    return try Checksum.of(.file(item.input)) == earlier.inputChecksum
  }
}
