import CLibrary
import SystemPackage

/// Finds images as they appear, each once nobody writes it any more.
///
/// The system says when a file is closed after writing or moved to its place.
/// Of one that was there before its folder was watched it says nothing: such a
/// file counts as whole when it has not changed for a while.
final class BatchWatch {
  /// A file that somebody may be writing.
  private struct Waiting {
    var place: FilePath
    var state: FileState
    var since: ContinuousClock.Instant
  }

  /// How long a file must stay as it is.
  private static let pause = Duration.seconds(1)

  /// How long ago a file must have been written to count as whole at once.
  private static let age = 2_000_000_000

  /// How often waiting files are looked at, in milliseconds.
  private static let interval: Int32 = 200

  /// How often it is looked whether the folders that were named are the ones
  /// that are watched, in milliseconds: the system does not say when another one
  /// is mounted or moved to their place.
  private static let rootInterval: Int32 = 1_000

  private let watch: FolderWatch
  private let stop: BatchStop
  private let sources: BatchSources
  private let observer: BatchJob.Observer
  private var search: BatchSearch

  /// The folders that were named, and which they are; `nil` of one that is gone.
  private var roots: [(path: FilePath, identity: FolderIdentity?)] = []
  private var waiting: [FilePath: Waiting] = [:]

  /// What files were when they were last handed out.
  private var known: [FilePath: FileState] = [:]

  /// Watches nothing yet.
  ///
  /// - Parameters:
  ///   - sources: What is read; the output folder must be there.
  ///   - stop: Ends it.
  ///   - observer: Is told when folders go and come back.
  /// - Throws: `QuantizeError.usage` where the system cannot watch folders, or
  ///   where none is among the sources.
  init(
    _ sources: BatchSources, until stop: BatchStop,
    observer: @escaping BatchJob.Observer
  ) throws(QuantizeError) {
    watch = try FolderWatch()
    self.stop = stop
    self.sources = sources
    self.observer = observer
    search = BatchSearch(sources)
  }

  /// How many folders are watched.
  var folders: Int { watch.count }

  /// Begins to watch, and finds what is there.
  ///
  /// - Returns: The images that are whole, and all other files.
  /// - Throws: `QuantizeError.usage` where no folder is among the sources, or
  ///   the output folder is.
  func start() throws(QuantizeError) -> BatchSelection {
    try sources.search(with: &search, for: self)
    guard folders > 0 else {
      throw .usage("--watch needs a folder among the inputs")
    }
    roots = sources.paths.compactMap { path in
      guard let status = try? path.stat(), status.type == .directory else {
        return nil
      }
      return (path, FolderIdentity(status))
    }
    return search.taken()
  }

  /// Waits for files.
  ///
  /// - Returns: Some files that are whole; `nil` when an end is asked for.
  /// - Throws: `QuantizeError.inputOutput`.
  func next() throws(QuantizeError) -> BatchSelection? {
    while !stop.isRequested {
      let changes = try watch.changes(
        until: stop,
        milliseconds: waiting.isEmpty ? Self.rootInterval : Self.interval)
      var isSeen: Set<FolderWatch.Change> = []
      for change in changes where isSeen.insert(change).inserted {
        try take(change)
      }
      try checkRoots()
      takeWaiting()
      let found = search.taken()
      if !found.isEmpty { return found }
    }
    return nil
  }

  /// Finds folders that are gone, are back, or are others of the same name.
  private func checkRoots() throws(QuantizeError) {
    for number in roots.indices {
      let (path, old) = roots[number]
      let status = try? path.stat()
      let new =
        status?.type == .directory ? status.map(FolderIdentity.init) : nil
      guard new != old else { continue }
      roots[number].identity = new
      if old != nil {
        watch.remove(path)
        search.leave(path)
        observer(.lost(path))
      }
      if new != nil {
        observer(.found(path))
        try search.add(path, for: self)
        search.followLinks(for: self)
      }
    }
  }

  private func take(_ change: FolderWatch.Change) throws(QuantizeError) {
    switch change {
    case .written(let path, let place):
      guard let status = try? path.stat(), status.type == .regular else {
        return
      }
      handOut(path, place, FileState(status))
    case .appeared(let path, let place):
      guard let status = try? path.stat() else { return }
      if status.type == .directory {
        search.enter(path, at: place, for: self)
      } else if status.type == .regular, isLink(path, status) {
        // Nothing is written through this name, so nothing says when it is
        // whole.
        if isWhole(path, at: place, FileState(status)) {
          search.look(at: path, at: place)
        }
      }
    case .gone(let path):
      search.leave(path)
    case .overflow:
      search.leaveAll()
      try sources.search(with: &search, for: self)
    }
  }

  /// Whether a name is only one more for a file.
  private func isLink(_ path: FilePath, _ status: Stat) -> Bool {
    if status.linkCount > 1 { return true }
    return (try? path.stat(followTargetSymlink: false))?.type == .symbolicLink
  }

  /// Hands out waiting files that have not changed for long enough.
  private func takeWaiting() {
    let now = ContinuousClock.now
    for (path, entry) in waiting.sorted(by: { $0.key.string < $1.key.string }) {
      guard let state = FileState(path) else {
        waiting[path] = nil
        continue
      }
      if state != entry.state {
        waiting[path]?.state = state
        waiting[path]?.since = now
      } else if now - entry.since >= Self.pause {
        handOut(path, entry.place, state)
      }
    }
  }

  private func handOut(
    _ path: FilePath, _ place: FilePath, _ state: FileState
  ) {
    waiting[path] = nil
    guard known.updateValue(state, forKey: path) != state else { return }
    search.look(at: path, at: place)
  }
}

extension BatchWatch: BatchSearchDelegate {
  func willList(_ folder: FilePath, at place: FilePath) throws(QuantizeError) {
    try watch.add(folder, at: place)
  }

  func isWhole(
    _ path: FilePath, at place: FilePath, _ state: FileState
  ) -> Bool {
    guard known[path] != state else { return false }
    var now = timespec()
    clock_gettime(CLOCK_REALTIME, &now)
    let age =
      Int(now.tv_sec) &* 1_000_000_000 &+ Int(now.tv_nsec) &- state.modified
    guard age < Self.age else {
      known[path] = state
      return true
    }
    if waiting[path]?.state != state {
      waiting[path] = Waiting(place: place, state: state, since: .now)
    }
    return false
  }
}
