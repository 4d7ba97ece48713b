import ImageFormats

/// How many bytes an input may have.
struct InputBound {
  /// The most bytes.
  let bytes: Int

  /// Whether it also holds for files. These have a size that is known, and
  /// large images need not be in memory as a whole.
  let holdsForFiles: Bool

  /// No bound.
  static let none = InputBound(bytes: .max, holdsForFiles: false)

  /// The bound of an image. By default pipes and devices, which may never end,
  /// bring at most a gibibyte.
  static func image(_ limits: DecodeLimits) -> InputBound {
    InputBound(
      bytes: limits.inputBytes ?? 1 << 30,
      holdsForFiles: limits.inputBytes != nil)
  }

  /// The bound of a palette, of means, and of a list: by default 64 MiB, many
  /// times more than these have.
  static func text(_ limits: DecodeLimits) -> InputBound {
    InputBound(bytes: limits.inputBytes ?? 64 << 20, holdsForFiles: true)
  }
}
