import SystemPackage

extension Errno {
  /// The system's text for an error of a system call, or a description of any
  /// other error.
  static func text(of error: any Error) -> String {
    (error as? Errno)?.description ?? "\(error)"
  }
}
