import SystemPackage

/// Which file something is, however it is called: by another path, a symbolic
/// link, a hard link, or as a standard stream.
struct FileIdentity: Hashable, Sendable {
  private let device: DeviceID
  private let inode: Inode

  /// Of a regular file; `nil` of all else, which holds nothing that could be
  /// lost.
  init?(_ status: Stat) {
    guard status.type == .regular else { return nil }
    device = status.deviceID
    inode = status.inode
  }

  /// Of what is at a path; `nil` where no regular file is.
  init?(_ path: FilePath) {
    guard let status = try? path.stat() else { return nil }
    self.init(status)
  }

  /// Of what is read; standard input may come from a file.
  init?(reading location: FileLocation) {
    self.init(location, .standardInput)
  }

  /// Of what is written; standard output may go to a file.
  init?(writing location: FileLocation) {
    self.init(location, .standardOutput)
  }

  private init?(_ location: FileLocation, _ stream: FileDescriptor) {
    if let path = location.path {
      self.init(path)
    } else if let status = try? stream.stat() {
      self.init(status)
    } else {
      return nil
    }
  }
}
