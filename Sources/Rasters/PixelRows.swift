/// An image whose rows can be had, whether all of it is in memory or not.
public protocol PixelRows: Sendable {
  /// Width and height.
  var size: ImageSize { get }

  /// Pixels that hold some rows, and the number of the first row in them.
  ///
  /// - Parameter rows: Rows of the image, at least one. Going on from the top is
  ///   cheap, going back may not be.
  /// - Returns: The rows, and others around them as it may be.
  func window(_ rows: Range<Int>) -> (pixels: Pixels, first: Int)
}

extension Pixels: PixelRows {
  /// The image itself.
  public func window(_ rows: Range<Int>) -> (pixels: Pixels, first: Int) {
    (self, 0)
  }
}
