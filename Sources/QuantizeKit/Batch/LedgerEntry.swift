/// A line of a batch's ledger: what has become of one image.
struct LedgerEntry: Codable, Sendable {
  /// How far it is.
  enum Stage: String, Codable, Sendable {
    /// The output is being made; whatever has its name is the batch's own.
    case started

    /// The output is whole.
    case done

    /// The output would not have been smaller than the input, and is a copy.
    case copied

    /// The output would not have been smaller than the input.
    case skipped

    /// There is no output.
    case failed
  }

  /// How far it is.
  var stage: Stage

  /// The output below the folder of the ledger, as `FilePath.encodedText`.
  let output: String

  /// The input as it was named.
  let input: String

  /// What the input was.
  let inputState: FileState

  /// CRC-32 of the input's bytes, if they were read.
  var inputChecksum: UInt32?

  /// What the outcome depends on beside the input, as `OptionsDigest` has it.
  let options: String

  /// The output's size, once it is done.
  var outputBytes: Int?

  /// Why there is no output.
  var reason: String?

  /// Whether a file of the output's name may be replaced; no part of the line.
  var replaces = false

  private enum CodingKeys: CodingKey {
    case stage, output, input, inputState, inputChecksum, options, outputBytes
    case reason, report
  }

  /// The report, where the batch writes reports.
  var report: Report?

  init(_ stage: Stage, _ item: BatchItem, options: String) {
    self.stage = stage
    output = item.key
    input = item.input.displayName
    inputState = item.state
    self.options = options
  }
}
