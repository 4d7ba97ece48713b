/// The colour space that a decoder gives its samples in.
public enum ColorTarget: String, CaseIterable, Sendable {
  /// sRGB (IEC 61966-2-1).
  case sRGB = "srgb"

  /// Display P3: the primaries of DCI-P3, the white point D65 and the transfer
  /// function of sRGB.
  case displayP3 = "p3"

  /// The file's own RGB space, whatever it is; sRGB where that is not RGB.
  case input
}
