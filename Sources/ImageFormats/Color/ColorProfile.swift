import CLCMS

/// An ICC profile (ICC.1) that says what device samples mean.
struct ColorProfile: Equatable, Sendable {
  /// Which device samples.
  enum Samples: Sendable {
    /// One sample of grey.
    case grey
    /// Red, green, blue.
    case rgb
    /// Four inks.
    case cmyk
  }

  /// All of the profile.
  let bytes: [UInt8]

  /// Which device samples the profile is for.
  let samples: Samples

  /// Looks at a profile's header and tag table; `nil` when they break the rules
  /// or are for other samples, or the profile is none of a device.
  ///
  /// A profile that is taken may still turn out to be broken when a
  /// ``ColorConversion`` is made.
  ///
  /// - Parameter bytes: All of the profile.
  init?(_ bytes: [UInt8]) {
    guard let context = ColorContext(), let profile = context.open(bytes) else {
      return nil
    }
    switch cmsGetDeviceClass(profile) {
    case cmsSigInputClass, cmsSigDisplayClass, cmsSigOutputClass,
      cmsSigColorSpaceClass:
      break
    default: return nil
    }
    switch cmsGetColorSpace(profile) {
    case cmsSigGrayData: samples = .grey
    case cmsSigRgbData: samples = .rgb
    case cmsSigCmykData: samples = .cmyk
    default: return nil
    }
    self.bytes = bytes
  }

  /// sRGB (IEC 61966-2-1).
  static let sRGB = RGBSpace.sRGB.profile(named: "sRGB")

  /// Display P3.
  static let displayP3 = RGBSpace.displayP3.profile(named: "Display P3")
}
