import CLibrary
public import ImageFormats
public import SystemPackage

/// What a batch reads, and the rule by which outputs are named.
public struct BatchSources: Sendable {
  /// Files, folders, and patterns of `glob(3)` where no file has such a name.
  /// A file's output stands in the output folder itself; what is in a folder
  /// keeps its place below it.
  public var paths: [FilePath]

  /// Files of a list. Relative ones keep their folders below the output folder.
  public var listed: [FilePath]

  /// Whether folders in folders are read as well.
  public var isRecursive: Bool

  /// Where outputs go.
  public var destination: BatchDestination

  /// The format, and so the ending, of the outputs; `nil` keeps that of each
  /// input, and its name.
  public var format: OutputFormat?

  /// Whether a file that is no image fails. Otherwise it is passed over, unless
  /// its ending is that of an image.
  public var refusesOthers = false

  /// Describes sources.
  public init(
    paths: [FilePath], listed: [FilePath] = [], isRecursive: Bool = false,
    destination: BatchDestination, format: OutputFormat? = .png
  ) {
    self.paths = paths
    self.listed = listed
    self.isRecursive = isRecursive
    self.destination = destination
    self.format = format
  }

  /// Describes sources whose outputs go to a folder.
  public init(
    paths: [FilePath], listed: [FilePath] = [], isRecursive: Bool = false,
    output: FilePath, format: OutputFormat? = .png
  ) {
    self.init(
      paths: paths, listed: listed, isRecursive: isRecursive,
      destination: .folder(output), format: format)
  }

  /// Finds the images.
  ///
  /// Symbolic links are followed; no folder and no file is read twice, so loops
  /// end. A link whose target is found as well becomes a link to its output. Names that begin with a dot are passed over in folders, and so is the
  /// output folder.
  ///
  /// - Returns: What there is to do; the same for the same files, whatever order
  ///   the file system lists them in.
  /// - Throws: `QuantizeError.usage` where the output folder is one that is
  ///   read.
  /// - Complexity: O(files); of each the first kilobyte is read.
  public func select() throws(QuantizeError) -> BatchSelection {
    var search = BatchSearch(self)
    try self.search(with: &search, for: nil)
    return search.taken()
  }

  /// Goes through all that is named.
  ///
  /// - Parameters:
  ///   - search: Gets what is found.
  ///   - delegate: Decides what is taken.
  /// - Throws: As `select()`.
  func search(
    with search: inout BatchSearch, for delegate: (any BatchSearchDelegate)?
  ) throws(QuantizeError) {
    for path in paths {
      if (try? path.stat()) != nil {
        try search.add(path, for: delegate)
      } else {
        let matches = Self.matches(of: path)
        for match in matches.isEmpty ? [path] : matches {
          try search.add(match, for: delegate)
        }
      }
    }
    for path in listed {
      try search.add(
        path, named: path.isBelowHere ? path : nil, for: delegate)
    }
    search.followLinks(for: delegate)
  }

  /// What a pattern of the shell stands for.
  private static func matches(of path: FilePath) -> [FilePath] {
    var found = glob_t()
    defer { globfree(&found) }
    let status = path.withPlatformString { glob($0, 0, nil, &found) }
    guard status == 0, let names = found.gl_pathv else { return [] }
    return (0..<Int(found.gl_pathc)).compactMap { n in
      names[n].map { FilePath(platformString: $0) }
    }
  }
}

extension FilePath {
  /// Whether it is relative and never leaves the folder it starts from.
  fileprivate var isBelowHere: Bool {
    isRelative && components.allSatisfy { $0.kind != .parentDirectory }
  }
}
