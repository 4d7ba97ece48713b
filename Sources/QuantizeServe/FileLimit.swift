import CLibrary

/// How many files and connections the process may have open.
enum FileLimit {
  /// The connections that are accepted at once.
  private(set) nonisolated(unsafe) static var connections = 200

  /// Asks for as many as the system allows.
  static func raise() {
    var limit = rlimit()
    #if canImport(Glibc)
      let resource = __rlimit_resource_t(UInt32(RLIMIT_NOFILE.rawValue))
    #else
      let resource = RLIMIT_NOFILE
    #endif
    guard getrlimit(resource, &limit) == 0 else { return }
    limit.rlim_cur = min(limit.rlim_max, 65_536)
    _ = setrlimit(resource, &limit)
    guard getrlimit(resource, &limit) == 0 else { return }
    // The rest is for files, and for programs that write exports.
    connections = max(64, min(512, Int(limit.rlim_cur) / 2))
  }
}
