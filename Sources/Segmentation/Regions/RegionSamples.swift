public import Rasters

/// The numbers of pixels whose mean and spread regions have.
public struct RegionSamples: Sendable {
  private enum Source {
    case pixels(Pixels)
    case channels(ChannelImage)
  }

  private let source: Source

  /// A name for each of the numbers of a pixel.
  public let names: [String]

  /// The pixels of all pages.
  public let pixelCount: Int

  /// Red, green and blue, 0 to 255, of pictures of 16 bits not rounded; alpha is
  /// ignored.
  public init(_ pixels: Pixels) {
    source = .pixels(pixels)
    names = ["red", "green", "blue"]
    pixelCount = pixels.size.pixelCount
  }

  /// All channels, as they are.
  public init(_ image: ChannelImage) {
    source = .channels(image)
    names = image.names
    pixelCount = image.pixelCount
  }

  /// Calls `body` with each number of a pixel.
  @inline(__always)
  func forEachNumber(of pixel: Int, _ body: (Int, Double) -> Void) {
    switch source {
    case .pixels(.eight(let raster)):
      let first = pixel * raster.channels.count
      for d in 0..<3 { body(d, Double(raster.samples[first + d])) }
    case .pixels(.sixteen(let raster)):
      let first = pixel * raster.channels.count
      for d in 0..<3 { body(d, Double(raster.samples[first + d]) / 257) }
    case .channels(let image):
      for d in names.indices {
        body(d, Double(image.samples[d * pixelCount + pixel]))
      }
    }
  }
}
