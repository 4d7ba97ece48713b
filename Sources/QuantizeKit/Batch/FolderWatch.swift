import CLibrary
import SystemPackage

/// Tells what appears in folders, as Linux does by inotify(7).
final class FolderWatch {
  /// Something happened.
  enum Change: Hashable {
    /// A file has been closed after writing, or moved to its place: whole.
    case written(FilePath, place: FilePath)

    /// A name has appeared, of a folder, a link, or of a file that somebody may
    /// still write.
    case appeared(FilePath, place: FilePath)

    /// A folder is no longer where it was.
    case gone(FilePath)

    /// More happened than the system keeps in mind.
    case overflow
  }

  private struct Folder {
    var path: FilePath
    var place: FilePath
  }

  private var folders: [Int32: Folder] = [:]

  #if os(Linux)
    private let descriptor: FileDescriptor

    /// Watches nothing yet.
    ///
    /// - Throws: `QuantizeError.usage` where the system cannot watch folders.
    init() throws(QuantizeError) {
      let number = inotify_init1(Int32(IN_NONBLOCK) | Int32(IN_CLOEXEC))
      guard number >= 0 else {
        throw .usage(
          "--watch: the system refuses to watch folders "
            + "(\(Errno(rawValue: errno).description)); close other programs "
            + "that do, or raise fs.inotify.max_user_instances")
      }
      descriptor = FileDescriptor(rawValue: number)
    }

    deinit {
      try? descriptor.close()
    }

    /// How many folders are watched.
    var count: Int { folders.count }

    /// Watches a folder, but not those in it.
    ///
    /// - Parameters:
    ///   - path: The folder.
    ///   - place: Where the outputs of its files go, below the output folder.
    /// - Throws: `QuantizeError.unreadable`.
    func add(_ path: FilePath, at place: FilePath) throws(QuantizeError) {
      let events =
        IN_CLOSE_WRITE | IN_MOVED_TO | IN_CREATE | IN_MOVED_FROM
        | IN_MOVE_SELF | IN_ONLYDIR
      let number = path.withPlatformString {
        inotify_add_watch(descriptor.rawValue, $0, UInt32(events))
      }
      guard number >= 0 else {
        let error = Errno(rawValue: errno)
        throw .unreadable(
          .file(path),
          reason: error == .noSpace
            ? "too many folders to watch; raise fs.inotify.max_user_watches"
            : "the folder cannot be watched: \(error.description)")
      }
      folders[number] = Folder(path: path, place: place)
    }

    /// Waits until something happens.
    ///
    /// - Parameters:
    ///   - stop: Ends the wait.
    ///   - milliseconds: The longest wait; `nil` for no bound.
    /// - Returns: What happened, in order; nothing when the time is over or an
    ///   end is asked for.
    /// - Throws: `QuantizeError.inputOutput`.
    func changes(
      until stop: BatchStop, milliseconds: Int32?
    ) throws(QuantizeError) -> [Change] {
      var requests = [descriptor, stop.descriptor].map {
        pollfd(fd: $0.rawValue, events: Int16(POLLIN), revents: 0)
      }
      let ready = poll(
        &requests, nfds_t(requests.count), milliseconds ?? -1)
      guard ready > 0, requests[0].revents != 0 else { return [] }
      var bytes: [UInt8]
      do {
        bytes = try [UInt8](unsafeUninitializedCapacity: 65_536) {
          buffer, count in
          count = try descriptor.read(
            into: UnsafeMutableRawBufferPointer(buffer))
        }
      } catch {
        if (error as? Errno) == .resourceTemporarilyUnavailable { return [] }
        throw .inputOutput(
          .standardStream,
          reason: "watching folders failed: "
            + (Errno.text(of: error)))
      }
      return changes(in: bytes)
    }

    private func changes(in bytes: [UInt8]) -> [Change] {
      let header = MemoryLayout<inotify_event>.size
      var changes: [Change] = []
      var start = 0
      while start + header <= bytes.count {
        let event = bytes.withUnsafeBytes {
          $0.loadUnaligned(fromByteOffset: start, as: inotify_event.self)
        }
        let end = min(bytes.count, start + header + Int(event.len))
        // The name is padded with NULs.
        let name = bytes[(start + header)..<end].prefix { $0 != 0 }
        start = end
        if let change = change(event, Array(name)) { changes.append(change) }
      }
      return changes
    }

    private func change(_ event: inotify_event, _ name: [UInt8]) -> Change? {
      let mask = Int(event.mask)
      func has(_ flags: some BinaryInteger) -> Bool { mask & Int(flags) != 0 }
      guard !has(IN_Q_OVERFLOW) else { return .overflow }
      guard let folder = folders[event.wd] else { return nil }
      if has(IN_IGNORED) {
        folders[event.wd] = nil
        return .gone(folder.path)
      }
      if has(IN_MOVE_SELF) {
        // One that was moved within what is watched has its new name already,
        // from the folder that it is in now.
        guard (try? folder.path.stat()) == nil else { return nil }
        forget(folder.path)
        return .gone(folder.path)
      }
      guard let name = FilePath.Component(bytes: name) else { return nil }
      let path = folder.path.appending(name)
      let place = folder.place.appending(name)
      if has(IN_MOVED_FROM) {
        guard has(IN_ISDIR) else { return nil }
        forget(path)
        return .gone(path)
      }
      // Whoever hides a file is not done with it.
      guard name.string.utf8.first != 0x2e else { return nil }
      if has(IN_ISDIR) || has(IN_CREATE) {
        return .appeared(path, place: place)
      }
      return .written(path, place: place)
    }

    /// Stops watching a folder and those in it.
    ///
    /// - Parameter path: The folder, by the name that it was added by.
    func remove(_ path: FilePath) { forget(path) }

    private func forget(_ path: FilePath) {
      for (number, folder) in folders where folder.path.starts(with: path) {
        folders[number] = nil
        inotify_rm_watch(descriptor.rawValue, number)
      }
    }
  #else
    init() throws(QuantizeError) {
      throw .usage(
        "--watch needs Linux; run the same command without it again and again, "
          + "which does what is new")
    }

    var count: Int { folders.count }

    func add(_ path: FilePath, at place: FilePath) throws(QuantizeError) {}

    func remove(_ path: FilePath) {}

    func changes(
      until stop: BatchStop, milliseconds: Int32?
    ) throws(QuantizeError) -> [Change] { [] }
  #endif
}

extension FilePath.Component {
  /// A name of these bytes; `nil` where they are none.
  fileprivate init?(bytes: [UInt8]) {
    let name = (bytes.map { CInterop.PlatformChar(bitPattern: $0) } + [0])
      .withUnsafeBufferPointer { buffer in
        buffer.baseAddress.map { FilePath(platformString: $0) }
      }
    guard let component = name?.lastComponent else { return nil }
    self = component
  }
}
