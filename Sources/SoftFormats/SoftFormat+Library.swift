import CSoftShims

extension SoftFormat {
  /// Loads the library that writes the format. Writers do it themselves; call
  /// this to know before the work that leads to them.
  ///
  /// - Throws: `SoftFormatError.missingLibrary`.
  public func loadLibrary() throws(SoftFormatError) {
    switch self {
    case .exr:
      _ = try EXRLibrary.load()
    case .tiff:
      guard qz_tiff_load() == 0 else { return }
      throw .missingLibrary(
        self, library: String(cString: qz_tiff_library()),
        package: Self.package(apt: "libtiff-dev", brew: "libtiff"))
    case .npz, .ora, .folder:
      return
    }
  }

  /// What to call the package of a library on this system.
  static func package(apt: String, brew: String) -> String {
    #if os(macOS)
      "\(brew) (brew install \(brew))"
    #else
      "its package (\(apt) on Debian and Ubuntu)"
    #endif
  }
}
