import CLibrary

/// How much memory a job may take where nobody said so.
package enum MemoryAllowance {
  private static let most = 1 << 30

  /// What programs and libraries take of the address space.
  private static let programBytes = 96 << 20

  /// An eighth of what the machine has, at most a gibibyte; and half of what a
  /// container allows, and three quarters of what `ulimit` leaves to data.
  package static var standard: Int {
    var bytes = most
    let pages = Int(sysconf(Int32(_SC_PHYS_PAGES)))
    let size = Int(sysconf(Int32(_SC_PAGESIZE)))
    if pages > 0, size > 0 { bytes = min(bytes, pages * size / 8) }
    if let limit = containerLimit() { bytes = min(bytes, limit / 2) }
    #if canImport(Glibc)
      let kinds = [RLIMIT_AS, RLIMIT_DATA].map {
        __rlimit_resource_t($0.rawValue)
      }
    #else
      let kinds = [RLIMIT_AS]
    #endif
    for kind in kinds {
      var limit = rlimit()
      guard getrlimit(kind, &limit) == 0, limit.rlim_cur < UInt64(Int.max)
      else { continue }
      bytes = min(bytes, max(0, Int(limit.rlim_cur) - programBytes) / 4 * 3)
    }
    return bytes
  }

  /// The memory of the control group, of Linux, that the process is in.
  private static func containerLimit() -> Int? {
    let path = text(of: "/proc/self/cgroup")?
      .split(separator: "\n").first { $0.hasPrefix("0::") }?.dropFirst(3)
    return ["\(path ?? "")", ""].lazy.compactMap {
      text(of: "/sys/fs/cgroup\($0)/memory.max").flatMap(limit)
    }.first
  }

  /// The number in such a file; `nil` for `max`.
  package static func limit(_ text: String) -> Int? {
    Int(text.prefix { $0 != "\n" })
  }

  /// A short file of the system.
  private static func text(of path: String) -> String? {
    guard let file = fopen(path, "r") else { return nil }
    defer { fclose(file) }
    var bytes = [UInt8](repeating: 0, count: 4_096)
    let count = fread(&bytes, 1, bytes.count, file)
    return String(decoding: bytes[..<count], as: UTF8.self)
  }
}
