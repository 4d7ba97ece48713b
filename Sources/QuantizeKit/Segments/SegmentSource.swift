import ImageFormats
public import Rasters
import Segmentation

/// An image that is cut into segments: a picture, or channels and how they are
/// shown.
public struct SegmentSource: Sendable {
  /// The picture; of channels as they are shown, all pages one below the other.
  public let pixels: Pixels

  /// The channels that count; `nil` of a picture.
  public let channels: ChannelImage?

  /// What the file says of where on the Earth the image is.
  var georeference: [TIFFTag] = []

  /// A picture.
  public init(_ pixels: Pixels) {
    self.pixels = pixels
    channels = nil
  }

  /// Channels.
  ///
  /// - Parameters:
  ///   - file: All channels of a file.
  ///   - options: Which count, and which are shown.
  /// - Throws: `DecodeError.noChannel` or `.tooLarge`.
  init(
    _ file: ChannelFile, _ options: ChannelOptions
  ) throws(DecodeError) {
    let all = file.image
    func places(_ numbers: [Int]?) throws(DecodeError) -> [Int]? {
      guard let numbers else { return nil }
      for number in numbers where !(1...all.channels).contains(number) {
        throw .noChannel(number, count: all.channels)
      }
      return numbers.map { $0 - 1 }
    }
    let counting = try places(options.channels) ?? Array(0..<all.channels)
    let shown = try places(options.shown) ?? Array(counting.prefix(3))
    guard let raster = FalseColor(of: all, channels: shown).raster(of: all)
    else {
      throw .tooLarge(
        width: all.size.width, height: .max, maximumPixels: .max)
    }
    pixels = .eight(raster)
    channels = all.selecting(counting)
    georeference = file.georeference
  }

  /// The number of pages.
  public var pages: Int { channels?.pages ?? 1 }

  /// The numbers by which regions are measured.
  var samples: RegionSamples {
    channels.map { RegionSamples($0) } ?? RegionSamples(pixels)
  }
}
