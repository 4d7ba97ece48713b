/// The truncated posterior of the pixels of some rows.
///
/// Rows run from the top, pixels in a row from left to right. Entry
/// `n * truncation + i` of either array is that of the component in place i of
/// pixel n of the strip.
public struct ResponsibilityStrip: Sendable {
  /// The rows of the image.
  public let rows: Range<Int>

  /// Pixels in a row.
  public let width: Int

  /// C', the entries of a pixel.
  public let truncation: Int

  /// The components, the closest first.
  public let components: [UInt16]

  /// Their responsibilities, 0 to 1; those of a pixel sum to 1 within 10⁻⁶.
  public let responsibilities: [Float]

  /// The number of pixels.
  public var pixelCount: Int { rows.count * width }
}
