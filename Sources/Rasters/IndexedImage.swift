/// An image of at most 256 colours: a palette, and for each pixel its entry.
public struct IndexedImage: Sendable {
  /// Width and height.
  public let size: ImageSize

  /// The colours, 1 to 256 of them.
  public let palette: [RGBColor]

  /// The alpha of the first entries, not premultiplied; those beyond, all of
  /// them where this is empty, are opaque.
  public let alphas: [UInt8]

  /// For each pixel the number of its palette entry; rows from the top, one
  /// byte a pixel.
  public let indices: [UInt8]

  /// Creates an indexed image.
  ///
  /// - Precondition: `palette` has 1 to 256 colours, `alphas` at most as many
  ///   numbers, and `indices` one number for each pixel, all below
  ///   `palette.count`. (The numbers themselves are checked where they are
  ///   used, not here.)
  public init(
    size: ImageSize, palette: [RGBColor], alphas: [UInt8] = [],
    indices: [UInt8]
  ) {
    precondition((1...256).contains(palette.count))
    precondition(alphas.count <= palette.count)
    precondition(indices.count == size.pixelCount)
    self.size = size
    self.palette = palette
    self.alphas = alphas
    self.indices = indices
  }
}
