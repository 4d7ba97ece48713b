/// How channels are shown as red, green and blue.
public struct FalseColor: Sendable {
  /// The channels of red, green and blue.
  public let channels: [Int]

  /// What of each of them is black, and what is the most light.
  public let ranges: [ClosedRange<Double>]

  /// The share of samples that may be darker than black, and as many brighter than
  /// the most light.
  private static let clipped = 0.001

  /// Chooses what is shown.
  ///
  /// - Parameters:
  ///   - image: The channels.
  ///   - channels: One that is shown as grey, or those of red, green and blue;
  ///     blue may be missing. The first three of the image where it is `nil`.
  /// - Precondition: The channels are there, one to three of them.
  /// - Complexity: O(pixels).
  public init(of image: ChannelImage, channels: [Int]? = nil) {
    let shown = channels ?? Array(0..<min(3, image.channels))
    precondition((1...3).contains(shown.count))
    self.channels = shown
    ranges = shown.map { Self.range(of: image, $0) }
  }

  /// The color of numbers of all channels.
  ///
  /// - Parameter value: Gives the number of a channel.
  /// - Returns: Red, green and blue, 0 to 255, not rounded.
  @inline(__always)
  public func samples(_ value: (Int) -> Double) -> SIMD3<Double> {
    func sample(_ place: Int) -> Double {
      let range = ranges[place]
      let width = range.upperBound - range.lowerBound
      guard width > 0 else { return 0 }
      let share = (value(channels[place]) - range.lowerBound) / width
      return 255 * min(1, max(0, share))
    }
    switch channels.count {
    case 1: return SIMD3(repeating: sample(0))
    case 2: return SIMD3(sample(0), sample(1), 0)
    default: return SIMD3(sample(0), sample(1), sample(2))
    }
  }

  /// The picture.
  ///
  /// - Parameter image: The channels.
  /// - Returns: Red, green and blue of all pages, one below the other; `nil` where
  ///   there are too many pixels.
  /// - Complexity: O(pixels).
  public func raster(of image: ChannelImage) -> Raster? {
    guard let size = image.stackedSize else { return nil }
    let count = image.pixelCount
    let samples = [UInt8](unsafeUninitializedCapacity: 3 * count) {
      (room, filled) in
      image.samples.withUnsafeBufferPointer { values in
        for n in 0..<count {
          let color = self.samples { Double(values[$0 * count + n]) }
            .rounded(.toNearestOrAwayFromZero)
          room[3 * n] = UInt8(color.x)
          room[3 * n + 1] = UInt8(color.y)
          room[3 * n + 2] = UInt8(color.z)
        }
      }
      filled = 3 * count
    }
    return Raster(size: size, channels: .rgb, samples: samples)
  }

  /// From black to the most light: all samples but a few, so that one hot pixel
  /// does not make the rest dark.
  private static func range(
    of image: ChannelImage, _ channel: Int
  ) -> ClosedRange<Double> {
    let all = image.range(of: channel)
    let (least, greatest) = (Double(all.lowerBound), Double(all.upperBound))
    guard greatest > least else { return least...greatest }
    let steps = 65_536
    let step = (greatest - least) / Double(steps)
    var counts = [Int](repeating: 0, count: steps)
    for value in image.channel(channel) {
      counts[min(steps - 1, Int((Double(value) - least) / step))] += 1
    }
    let most = Int(Self.clipped * Double(image.pixelCount))
    func place(_ counts: [Int]) -> Int {
      var seen = 0
      for (i, count) in counts.enumerated() {
        seen += count
        if seen > most { return i }
      }
      return 0
    }
    let low = least + step * Double(place(counts))
    let high = greatest - step * Double(place(counts.reversed()))
    return low < high ? low...high : least...greatest
  }
}
