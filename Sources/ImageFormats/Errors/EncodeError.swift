/// Why an image was not written.
public enum EncodeError: Error, Equatable, Sendable {
  /// An option is outside its range.
  case invalidOption(name: String, value: Int, allowed: ClosedRange<Int>)

  /// A pixel of an indexed image names an entry that its palette lacks.
  case indexBeyondPalette(index: Int, paletteCount: Int)

  /// The format has no room for an alpha channel.
  case alphaNotSupported(OutputFormat)

  /// A side is longer than the format can say, in pixels.
  case tooLarge(format: OutputFormat, width: Int, height: Int, maximumSide: Int)

  /// Something beside the pixels is longer than the format has room for, in
  /// bytes.
  case annotationTooLong(
    format: OutputFormat, name: String, count: Int, most: Int)

  /// An allocation failed.
  case outOfMemory

  /// The library refused; the reason is in its own words.
  case failed(format: OutputFormat, reason: String)

  /// One line that says what is wrong and what can be done, beginning in
  /// lower case, without the file's name and without a full stop.
  public var message: String {
    switch self {
    case .invalidOption(let name, let value, let allowed):
      return "\(escaped(name)) is \(value), but must be "
        + "\(allowed.lowerBound) to \(allowed.upperBound)"
    case .indexBeyondPalette(let index, let paletteCount):
      return "a pixel names palette entry \(index), but the palette has "
        + "\(paletteCount) (counted from 0)"
    case .alphaNotSupported(let format):
      return "\(format.name) cannot hold transparent pixels; write a "
        + TextList.or(OutputFormat.allCases.filter(\.holdsAlpha).map(\.name))
        + ", or flatten the image with --background"
    case .tooLarge(let format, let width, let height, let maximumSide):
      return "\(width) x \(height) pixels are too large for \(format.name), "
        + "which allows sides of up to \(maximumSide); scale it down or crop "
        + "it first"
    case .annotationTooLong(let format, let name, let count, let most):
      return "\(escaped(name)) of \(count) bytes is longer than the \(most) "
        + "that a \(format.name) can hold; write a PNG or leave it out"
    case .outOfMemory:
      return "there is not enough memory to write the image"
    case .failed(let format, let reason):
      return "the \(format.name) cannot be written: \(escaped(reason))"
    }
  }
}
