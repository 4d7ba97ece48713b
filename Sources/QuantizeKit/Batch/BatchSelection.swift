public import SystemPackage

/// What a batch is to do, found out before anything is read in full.
public struct BatchSelection: Sendable {
  /// A file that is passed over.
  public struct Skipped: Hashable, Sendable {
    /// The file.
    public let path: FilePath

    /// Why, in a few words.
    public let reason: String

    /// Whether it is an image of a format that is only read, and was to keep it.
    var isOnlyRead = false
  }

  /// The images, in the order of the inputs; those of a folder by name.
  public internal(set) var items: [BatchItem] = []

  /// The files that are no images, or that stand among the inputs twice.
  public internal(set) var skipped: [Skipped] = []

  /// The inputs that cannot be read, and images whose output is another's.
  public internal(set) var failures: [BatchFailure] = []

  /// The links that are made once all images are done.
  package internal(set) var links: [BatchLink] = []

  /// Nothing.
  init() {}

  /// Whether there is nothing to do and nothing to tell.
  var isEmpty: Bool {
    items.isEmpty && skipped.isEmpty && failures.isEmpty && links.isEmpty
  }
}
