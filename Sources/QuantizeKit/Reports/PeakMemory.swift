import CLibrary

/// The most memory the process has had in use.
enum PeakMemory {
  /// Bytes resident at the peak, as the operating system counts them.
  static var bytes: Int {
    var usage = rusage()
    #if canImport(Glibc)
      // In kibibytes.
      getrusage(__rusage_who_t(RUSAGE_SELF.rawValue), &usage)
      return Int(usage.ru_maxrss) * 1_024
    #else
      getrusage(RUSAGE_SELF, &usage)
      #if os(Linux)
        return Int(usage.ru_maxrss) * 1_024
      #else
        return Int(usage.ru_maxrss)
      #endif
    #endif
  }
}
