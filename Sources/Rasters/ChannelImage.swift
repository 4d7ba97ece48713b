/// An image of any number of channels, whose samples are numbers and not colours,
/// on one page or more.
///
/// Pages have the same size and channels. They are stored one below the other: row
/// `y` of page `p` is row `p * size.height + y` of a channel.
public struct ChannelImage: Sendable {
  /// Width and height of a page.
  public let size: ImageSize

  /// The number of pages.
  public let pages: Int

  /// A name for each channel.
  public let names: [String]

  /// All samples: channel after channel, in a channel row after row.
  public let samples: [Float]

  /// The number of channels.
  public var channels: Int { names.count }

  /// The pixels of all pages.
  public var pixelCount: Int { size.pixelCount * pages }

  /// Creates an image.
  ///
  /// - Parameters:
  ///   - size: Width and height of a page.
  ///   - pages: The number of pages, at least 1.
  ///   - names: A name for each channel.
  ///   - samples: One number for each channel of each pixel; what is no number
  ///     becomes 0.
  /// - Precondition: There are as many samples.
  public init(size: ImageSize, pages: Int, names: [String], samples: [Float]) {
    precondition(pages >= 1 && !names.isEmpty)
    precondition(samples.count == size.pixelCount * pages * names.count)
    self.size = size
    self.pages = pages
    self.names = names
    self.samples =
      samples.allSatisfy(\.isFinite)
      ? samples : samples.map { $0.isFinite ? $0 : 0 }
  }

  /// All pages, one below the other; `nil` where that is too much.
  public var stackedSize: ImageSize? {
    ImageSize(width: size.width, height: size.height * pages)
  }

  /// The samples of a channel.
  public func channel(_ number: Int) -> ArraySlice<Float> {
    samples[number * pixelCount..<(number + 1) * pixelCount]
  }

  /// From the least to the greatest sample of a channel.
  ///
  /// - Complexity: O(pixels).
  public func range(of channel: Int) -> ClosedRange<Float> {
    var (least, greatest) = (Float.infinity, -Float.infinity)
    for value in self.channel(channel) {
      least = min(least, value)
      greatest = max(greatest, value)
    }
    return least...greatest
  }

  /// The image with some of its channels.
  ///
  /// - Parameter numbers: Channels, in the order in which they are wanted.
  /// - Returns: An image of these.
  /// - Complexity: O(samples).
  public func selecting(_ numbers: [Int]) -> ChannelImage {
    guard numbers != Array(0..<channels) else { return self }
    return ChannelImage(
      size: size, pages: pages, names: numbers.map { names[$0] },
      samples: numbers.flatMap { channel($0) })
  }
}
