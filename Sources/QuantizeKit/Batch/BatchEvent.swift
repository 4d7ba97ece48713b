public import SystemPackage

/// What happens in a batch.
public enum BatchEvent: Sendable {
  /// The inputs are known: so many images, and so many files that are passed
  /// over. While folders are watched, those that were found so far.
  case selected(images: Int, skipped: Int)

  /// What was there is done, and so many folders are watched for more.
  case watching(folders: Int)

  /// A folder that is watched is gone; it is awaited.
  case lost(FilePath)

  /// A folder that was gone, or another of its name, is there and watched.
  case found(FilePath)

  /// The colours of an image have been counted for the palette of all; so many
  /// images have been.
  case counted(BatchItem, Int)

  /// A file is passed over, for this reason.
  case skipped(FilePath, reason: String)

  /// Something in an input was passed over.
  case warning(BatchItem, String)

  /// Something could not be kept of a report or a palette that is replaced.
  case outputWarning(FileLocation, String)

  /// An earlier run has made the output, and it is as it would be made now.
  case kept(BatchItem)

  /// The output is written.
  case done(BatchItem, inputBytes: Int, outputBytes: Int)

  /// The output would not be smaller, so it is a copy of the input; so many
  /// bytes each.
  case copied(BatchItem, bytes: Int, reason: String)

  /// The input is a link to another input, and the output a link to its output.
  case linked(FilePath, output: FilePath)

  /// An input has no output.
  case failed(BatchFailure)
}
