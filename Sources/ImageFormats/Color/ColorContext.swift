import CLCMS

/// A context of Little CMS that says nothing on any stream, and what is opened
/// in it.
final class ColorContext {
  /// For the functions of the library that take one.
  let handle: cmsContext

  private var profiles: [cmsHPROFILE] = []

  /// Creates a context; `nil` when there is no memory.
  init?() {
    guard let handle = cmsCreateContext(nil, nil) else { return nil }
    self.handle = handle
    cmsSetLogErrorHandlerTHR(handle) { _, _, _ in }
  }

  deinit {
    for profile in profiles { cmsCloseProfile(profile) }
    cmsDeleteContext(handle)
  }

  /// Opens a profile, which lives as long as the context.
  ///
  /// - Parameter bytes: The profile.
  /// - Returns: `nil` when Little CMS cannot read its header and tag table.
  func open(_ bytes: [UInt8]) -> cmsHPROFILE? {
    guard
      let profile = cmsOpenProfileFromMemTHR(
        handle, bytes, UInt32(clamping: bytes.count))
    else { return nil }
    profiles.append(profile)
    return profile
  }

  /// Takes over a profile that was made in this context.
  ///
  /// - Parameter profile: What a function of Little CMS returned.
  /// - Returns: The same.
  func adopt(_ profile: cmsHPROFILE?) -> cmsHPROFILE? {
    if let profile { profiles.append(profile) }
    return profile
  }
}
