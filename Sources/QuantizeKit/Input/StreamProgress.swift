/// How far an image that is read strip by strip has come.
public struct StreamProgress: Sendable {
  /// What the rows are read for.
  public enum Pass: String, Sendable {
    /// For their colours.
    case counting

    /// To be dithered, for the order of the palette.
    case dithering

    /// To be mapped and written.
    case writing
  }

  /// What the rows are read for.
  public let pass: Pass

  /// The rows that are done.
  public let row: Int

  /// The rows of the image.
  public let rows: Int
}
