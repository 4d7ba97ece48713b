/// The pixels of a decoded image, in the depth that its file has.
public enum Pixels: Sendable {
  /// 8 bits a sample.
  case eight(Raster)

  /// 16 bits a sample.
  case sixteen(DeepRaster)

  /// Width and height.
  public var size: ImageSize {
    switch self {
    case .eight(let raster): raster.size
    case .sixteen(let raster): raster.size
    }
  }

  /// The image in 8 bits a sample, rounded where it has more.
  ///
  /// - Complexity: O(pixels) where it has more, O(1) otherwise.
  public func rounded() -> Raster {
    switch self {
    case .eight(let raster): raster
    case .sixteen(let raster): raster.rounded()
    }
  }

  /// Which samples a pixel has.
  public var channels: Raster.Channels {
    switch self {
    case .eight(let raster): raster.channels
    case .sixteen(let raster): raster.channels
    }
  }
}
