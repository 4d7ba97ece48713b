import CSoftShims

/// The OpenEXR library, loaded.
///
/// - Note: Marked Sendable because it holds addresses of functions, which do
///   not change once they are found.
struct EXRLibrary: @unchecked Sendable {
  /// Its functions.
  let functions: qz_exr

  /// Loads the library, the first time.
  ///
  /// - Throws: `SoftFormatError.missingLibrary`.
  static func load() throws(SoftFormatError) -> EXRLibrary {
    guard let functions = qz_exr_load() else {
      throw .missingLibrary(
        .exr, library: String(cString: qz_exr_library()),
        package: LibraryPackage.name(apt: "libopenexr-dev", brew: "openexr"))
    }
    return EXRLibrary(functions: functions.pointee)
  }

  /// Throws what a result of the library means, unless that is success.
  func check(_ result: exr_result_t) throws(SoftFormatError) {
    guard result != 0 else { return }
    let text = functions.exr_get_default_error_message(result)
    throw .failed(
      .exr, reason: text.map { String(cString: $0) } ?? "error \(result)")
  }
}
