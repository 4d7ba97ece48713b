/// The width and height of an image, both at least 1 pixel.
public struct ImageSize: Hashable, Sendable {
  /// Pixels in a row.
  public let width: Int

  /// Rows.
  public let height: Int

  /// Creates a size of `width` pixels in a row and `height` rows.
  ///
  /// Gives `nil` when either is below 1 or their product, times the four
  /// samples a pixel can have, does not fit an `Int`.
  public init?(width: Int, height: Int) {
    guard width > 0, height > 0 else { return nil }
    let (pixels, overflow) = width.multipliedReportingOverflow(by: height)
    guard !overflow, pixels <= Int.max / 4 else { return nil }
    self.width = width
    self.height = height
  }

  /// The number of pixels, `width * height`.
  public var pixelCount: Int { width * height }
}
