public import ImageFormats

/// Why a palette file cannot be read or written.
public enum PaletteFileError: Error, Equatable, Sendable {
  /// There are no bytes.
  case empty

  /// The file is none of the kinds that are read.
  case unknownKind

  /// No format uses an ending of file names, which is given without its dot.
  case unknownEnding(String)

  /// The file is well formed, but without a colour.
  case noColors(PaletteFormat)

  /// A line of a text is wrong; lines count from 1.
  case line(PaletteFormat, Int, reason: String)

  /// Something else is wrong with the file.
  case damaged(PaletteFormat, reason: String)

  /// The file has colours of a kind that is not read.
  case unsupported(PaletteFormat, reason: String)

  /// The format has no room for a colour that is not opaque.
  case alpha(PaletteFormat)

  /// The format has no room for so many colours.
  case tooManyColors(PaletteFormat, Int, most: Int)

  /// The picture of swatches cannot be read.
  case decode(DecodeError)

  /// The picture of swatches cannot be written.
  case encode(EncodeError)

  /// What is wrong and what to do, in one line, without the file's name.
  public var message: String {
    switch self {
    case .empty:
      "the file is empty; a palette has at least one colour"
    case .unknownKind:
      "this is not a known kind of palette; give it the ending of its kind: "
        + PaletteFormat.endings
    case .unknownEnding(let ending):
      (ending.isEmpty
        ? "the name has no ending to say which palette format it is"
        : "there is no palette format “.\(escaped(ending))”")
        + "; use \(PaletteFormat.endings)"
    case .noColors(let format):
      "there are no colours in this \(format.name)"
    case .line(let format, let line, let reason):
      "line \(line) of the \(format.name) is wrong: \(reason)"
    case .damaged(let format, let reason):
      "the \(format.name) is damaged: \(reason)"
    case .unsupported(let format, let reason):
      "the \(format.name) cannot be read: \(reason)"
    case .alpha(let format):
      "a translucent colour cannot be written: a \(format.name) has no alpha; "
        + "write \(PaletteFormat.translucentEndings), or flatten the image "
        + "with --background"
    case .tooManyColors(let format, let count, let most):
      "there are \(count) colours, but a \(format.name) holds \(most) at most; "
        + "write another format or fewer colours"
    case .decode(let error):
      error.message
    case .encode(let error):
      error.message
    }
  }
}
