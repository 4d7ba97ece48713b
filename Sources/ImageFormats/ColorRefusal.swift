/// The errors for colours that are not sRGB.
///
/// They are refused rather than shown wrong, until colour management reads
/// them.
enum ColorRefusal {
  /// The error for an embedded ICC profile, or `nil` when it is sRGB. The
  /// profile is `nil` when it could not be put together.
  static func profile(
    _ bytes: [UInt8]?, in format: ImageFormat
  ) -> DecodeError? {
    let ending = format.fileExtensions[0]
    guard let profile = bytes.flatMap({ ICCProfile($0) }) else {
      return .unsupported(
        what: "an ICC profile that breaks its format",
        remedy: "remove it first, if the colours are sRGB: "
          + "`exiftool -icc_profile:all= in.\(ending)`")
    }
    guard !profile.isSRGB else { return nil }
    return space("the ICC profile \"\(profile.description)\"", in: format)
  }

  /// The error for colours in another space than sRGB, which the file calls
  /// `name`.
  static func space(_ name: String, in format: ImageFormat) -> DecodeError {
    let ending = format.fileExtensions[0]
    return .unsupported(
      what: "an image whose colours are not sRGB (\(name))",
      remedy: "convert it first: "
        + "`magick in.\(ending) -profile sRGB.icc out.\(ending)`")
  }
}
