import CLibrary
import ImageFormats
import SystemPackage

/// Walks through the sources of a batch.
struct BatchSearch {
  private let sources: BatchSources

  /// The output folder without links, if it is there.
  private let output: FilePath?

  private var selection = BatchSelection()

  /// Folders and files without links that were met, and by what name.
  private var folders: [FilePath: FilePath] = [:]
  private var files: [FilePath: FilePath] = [:]

  /// Files that were met, whatever they are called.
  private var identities: [FileIdentity: FilePath] = [:]

  /// The first input of each output.
  private var owners: [FilePath: FilePath] = [:]

  /// As much of a file as its kind is told by.
  private static let signatureBytes = 1_024

  init(_ sources: BatchSources) {
    self.sources = sources
    output = sources.output.resolved
  }

  /// Adds a file or a folder that was named.
  ///
  /// - Parameters:
  ///   - path: The file or folder.
  ///   - name: A file's place below the output folder; `nil` for its own name.
  ///   - delegate: Decides what is taken.
  /// - Throws: `QuantizeError.usage` where it is the output folder.
  mutating func add(
    _ path: FilePath, named name: FilePath? = nil,
    for delegate: (any BatchSearchDelegate)?
  ) throws(QuantizeError) {
    let status: Stat
    do {
      status = try path.stat()
    } catch {
      selection.failures.append(
        .unreadable(.file(path), reason: InputFile.reason(for: error)))
      return
    }
    guard status.type == .directory else {
      add(
        path, status,
        at: name ?? path.lastComponent.map { FilePath(root: nil, [$0]) },
        for: delegate)
      return
    }
    guard output == nil || path.resolved != output else {
      throw .usage(
        "\(path.displayName) is the output folder; name another one with -o")
    }
    walk(path, at: "", for: delegate)
  }

  /// Adds a folder that has appeared in one of those that were walked.
  mutating func enter(
    _ folder: FilePath, at place: FilePath,
    for delegate: any BatchSearchDelegate
  ) {
    guard sources.isRecursive else { return }
    walk(folder, at: place, for: delegate)
  }

  /// Adds a file that has appeared, or is to be looked at again.
  mutating func look(at path: FilePath, at place: FilePath) {
    guard let status = try? path.stat() else { return }
    take(path, status, at: place, again: true)
  }

  /// Forgets a folder that is no longer there, so that another one of its name
  /// can be met.
  mutating func leave(_ folder: FilePath) {
    folders = folders.filter { !$0.value.starts(with: folder) }
  }

  /// Forgets all folders, so that they are walked again.
  mutating func leaveAll() {
    folders = [:]
  }

  /// What was found since the last call. Outputs that are inputs have been taken
  /// out.
  mutating func taken() -> BatchSelection {
    var result = selection
    defer { selection = BatchSelection() }
    result.items = []
    for item in selection.items {
      let other = FileIdentity(item.output).flatMap { identities[$0] }
      if let input = item.output.resolved.flatMap({ files[$0] })
        ?? (other == item.input ? nil : other)
      {
        result.failures.append(
          .usage(
            "\(item.input.displayName): its output, "
              + "\(item.output.displayName), is the input "
              + "\(input.displayName); name another folder with -o"))
      } else {
        result.items.append(item)
      }
    }
    return result
  }

  private mutating func walk(
    _ folder: FilePath, at place: FilePath,
    for delegate: (any BatchSearchDelegate)?
  ) {
    guard let resolved = folder.resolved, resolved != output,
      folders[resolved] == nil
    else { return }
    folders[resolved] = folder
    do {
      try delegate?.willList(folder, at: place)
    } catch {
      selection.failures.append(error)
      return
    }
    let names: [FilePath.Component]
    do {
      names = try FolderListing.names(in: folder)
    } catch {
      selection.failures.append(
        .unreadable(
          .file(folder), reason: "the folder cannot be read: \(error)"))
      return
    }
    for name in names {
      let path = folder.appending(name)
      guard let status = try? path.stat() else {
        selection.failures.append(
          .unreadable(
            .file(path), reason: "there is no such file; the link is broken"))
        continue
      }
      if status.type != .directory {
        add(path, status, at: place.appending(name), for: delegate)
      } else if sources.isRecursive {
        walk(path, at: place.appending(name), for: delegate)
      }
    }
  }

  private mutating func add(
    _ path: FilePath, _ status: Stat, at place: FilePath?,
    for delegate: (any BatchSearchDelegate)?
  ) {
    guard let place, status.type == .regular else {
      skip(path, "neither a file nor a folder")
      return
    }
    guard let delegate else {
      take(path, status, at: place, again: false)
      return
    }
    guard delegate.isWhole(path, at: place, FileState(status)) else { return }
    take(path, status, at: place, again: true)
  }

  /// Takes a file; one that was met before only if it is `again`.
  private mutating func take(
    _ path: FilePath, _ status: Stat, at place: FilePath, again: Bool
  ) {
    let resolved = path.resolved ?? path
    if let first = files[resolved], first != path || !again {
      skip(path, "the same file as \(first.displayName)")
      return
    }
    let signature: FileSignature
    do {
      signature = FileSignature.of(
        try InputFile.read(
          .file(path), atMost: Self.signatureBytes))
    } catch {
      selection.failures.append(error)
      return
    }
    guard InputFormat(signature) != nil else {
      refuse(path, signature)
      return
    }
    files[resolved] = path
    if let identity = FileIdentity(status), identities[identity] == nil {
      identities[identity] = path
    }
    var named = place
    named.extension = sources.format.usualExtension
    let target = sources.output.appending(named.components)
    if let owner = owners[target], owner != path {
      selection.failures.append(
        .usage(
          "\(path.displayName): its output would be \(target.displayName), as "
            + "that of \(owner.displayName); rename one, or give it another -o"
        ))
      return
    }
    owners[target] = path
    selection.items.append(
      BatchItem(
        input: path, output: target, key: named.encodedText,
        state: FileState(status)))
  }

  /// A file that is no image is passed over, unless its name says that it is
  /// one.
  private mutating func refuse(_ path: FilePath, _ signature: FileSignature) {
    if path.extension.flatMap(InputFormat.init(pathExtension:)) != nil {
      selection.failures.append(
        .decode(
          .file(path),
          signature == .empty ? .empty : .notAnImage(signature)))
    } else {
      skip(path, "not a \(InputFormat.list)")
    }
  }

  private mutating func skip(_ path: FilePath, _ reason: String) {
    selection.skipped.append(
      BatchSelection.Skipped(path: path, reason: reason))
  }
}
