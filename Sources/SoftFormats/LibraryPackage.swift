/// The packages of libraries, for messages.
enum LibraryPackage {
  /// What to install on this system.
  static func name(apt: String, brew: String) -> String {
    #if os(macOS)
      "\(brew) (brew install \(brew))"
    #else
      "its package (\(apt) on Debian and Ubuntu)"
    #endif
  }
}
