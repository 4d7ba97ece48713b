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

  /// The outputs of files without links, and where the outputs of folders go.
  private var outputs: [FilePath: FilePath] = [:]
  private var places: [FilePath: FilePath] = [:]

  /// Links that were met; what they lead to may yet be found.
  private var links: [(path: FilePath, place: FilePath)] = []

  /// As much of a file as its kind is told by.
  private static let signatureBytes = 1_024

  init(_ sources: BatchSources) {
    self.sources = sources
    output = sources.destination.folder?.resolved
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
      fail(
        path,
        .unreadable(.file(path), reason: InputFile.reason(for: error)))
      return
    }
    guard status.type == .directory else {
      let place = name ?? path.lastComponent.map { FilePath(root: nil, [$0]) }
      if let place, path.isLink {
        links.append((path, place))
      } else {
        add(path, status, at: place, for: delegate)
      }
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
    followLinks(for: delegate)
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
      if output == nil, item.output.place == item.input.place {
        result.items.append(item)
        continue
      }
      let other = FileIdentity(item.output).flatMap { identities[$0] }
      if let input = item.output.resolved.flatMap({ files[$0] })
        ?? (other == item.input ? nil : other)
      {
        let error = QuantizeError.usage(
          "\(item.input.displayName): its output, "
            + "\(item.output.displayName), is the input "
            + "\(input.displayName); name another folder with -o")
        result.failures.append(BatchFailure(input: item.input, error: error))
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
    places[resolved] = place
    do {
      try delegate?.willList(folder, at: place)
    } catch {
      fail(folder, error)
      return
    }
    let names: [FilePath.Component]
    do {
      names = try FolderListing.names(in: folder)
    } catch {
      fail(
        folder,
        .unreadable(
          .file(folder), reason: "the folder cannot be read: \(error)"))
      return
    }
    for name in names {
      let path = folder.appending(name)
      guard let status = try? path.stat() else {
        fail(
          path,
          .unreadable(
            .file(path), reason: "there is no such file; the link is broken"))
        continue
      }
      if path.isLink, status.type == .regular || sources.isRecursive {
        links.append((path, place.appending(name)))
        continue
      }
      guard
        status.type != .regular || !sources.destination.isOutput(name)
      else {
        skip(path, "its name is that of an output")
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
      if sources.refusesOthers {
        fail(path, .unreadable(.file(path), reason: "this is no file"))
      } else {
        skip(path, "neither a file nor a folder")
      }
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
      if first != path, link(path, at: place, to: resolved) { return }
      skip(path, "the same file as \(first.displayName)")
      return
    }
    let signature: FileSignature
    do {
      signature = FileSignature.of(
        try InputFile.read(
          .file(path), atMost: Self.signatureBytes))
    } catch {
      fail(path, error)
      return
    }
    guard let format = InputFormat(signature) else {
      refuse(path, signature)
      return
    }
    guard let written = sources.format ?? format.output else {
      keepsNone(format, path)
      return
    }
    files[resolved] = path
    if let identity = FileIdentity(status), identities[identity] == nil {
      identities[identity] = path
    }
    let target = sources.destination.output(
      of: path, at: place, ending: sources.format?.usualExtension)
    guard own(target, path) else { return }
    outputs[resolved] = target
    selection.items.append(
      BatchItem(
        input: path, output: target,
        format: written, key: key(of: target),
        state: FileState(status)))
  }

  /// Reserves an output for an input.
  ///
  /// - Returns: `false` where another input has it.
  private mutating func own(_ target: FilePath, _ path: FilePath) -> Bool {
    if let owner = owners[target], owner != path {
      fail(
        path,
        .usage(
          "\(path.displayName): its output would be \(target.displayName), as "
            + "that of \(owner.displayName); rename one, give it another -o, or "
            + "keep formats and names with --format same"))
      return false
    }
    owners[target] = path
    return true
  }

  /// An output's name in the ledger.
  private func key(of target: FilePath) -> String {
    guard let folder = sources.destination.folder else {
      return target.encodedText
    }
    var place = target
    _ = place.removePrefix(folder)
    return place.encodedText
  }

  /// Takes the links that were met, now that all else was: one to a file or
  /// folder that was found as well becomes a link to its output.
  ///
  /// - Parameter delegate: Decides what is taken.
  mutating func followLinks(for delegate: (any BatchSearchDelegate)?) {
    var next = 0
    while next < links.count {
      let (path, place) = links[next]
      next += 1
      guard let status = try? path.stat(), let resolved = path.resolved else {
        continue
      }
      if status.type == .directory {
        follow(path, at: place, toFolder: resolved, for: delegate)
      } else if files[resolved] != nil, files[resolved] != path {
        take(path, status, at: place, again: false)
      } else {
        add(path, status, at: place, for: delegate)
      }
    }
    links = []
  }

  private mutating func follow(
    _ path: FilePath, at place: FilePath, toFolder resolved: FilePath,
    for delegate: (any BatchSearchDelegate)?
  ) {
    guard let first = folders[resolved], first != path else {
      return walk(path, at: place, for: delegate)
    }
    guard let folder = sources.destination.folder,
      let target = places[resolved],
      !place.starts(with: target), !target.components.isEmpty
    else {
      return skip(path, "the same folder as \(first.displayName)")
    }
    selection.links.append(
      BatchLink(
        input: path, output: folder.appending(place.components),
        target: folder.appending(target.components)))
  }

  /// Makes the output of a link a link, if its target has an output.
  ///
  /// - Returns: Whether that is so.
  private mutating func link(
    _ path: FilePath, at place: FilePath, to resolved: FilePath
  ) -> Bool {
    guard path.isLink, sources.destination != .inPlace,
      let target = outputs[resolved]
    else { return false }
    let output = sources.destination.output(
      of: path, at: place, ending: sources.format?.usualExtension)
    guard output != target else { return false }
    if own(output, path) {
      selection.links.append(
        BatchLink(input: path, output: output, target: target))
    }
    return true
  }

  /// A file that is to keep its format, which is only read, is passed over, unless
  /// it was named.
  private mutating func keepsNone(_ format: InputFormat, _ path: FilePath) {
    let reason =
      "a \(format.name) is read, but not written; give -o and --format png"
    guard sources.refusesOthers else {
      selection.skipped.append(
        BatchSelection.Skipped(path: path, reason: reason, isOnlyRead: true))
      return
    }
    fail(path, .usage("\(path.displayName): \(reason)"))
  }

  private mutating func fail(_ path: FilePath, _ error: QuantizeError) {
    selection.failures.append(BatchFailure(input: path, error: error))
  }

  /// A file that is no image is passed over, unless its name says that it is
  /// one.
  private mutating func refuse(_ path: FilePath, _ signature: FileSignature) {
    if sources.refusesOthers
      || path.extension.flatMap(InputFormat.init(pathExtension:)) != nil
    {
      fail(
        path,
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
