public import ImageFormats
public import SystemPackage

/// One image of a batch.
public struct BatchItem: Hashable, Sendable {
  /// The file that is read.
  public let input: FilePath

  /// The file that is written.
  public let output: FilePath

  /// The format that is written.
  public let format: OutputFormat

  /// `output` below the output folder, by which the ledger knows it.
  let key: String

  /// What the input was when it was looked at.
  let state: FileState
}
