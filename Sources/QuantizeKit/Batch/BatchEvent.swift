public import SystemPackage

/// What happens in a batch.
public enum BatchEvent: Sendable {
  /// The inputs are known: so many images, and so many files that are passed
  /// over. While folders are watched, those that were found so far.
  case selected(images: Int, skipped: Int)

  /// What was there is done, and so many folders are watched for more.
  case watching(folders: Int)

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

  /// An input has no output.
  case failed(QuantizeError)
}
