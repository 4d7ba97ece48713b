import Rasters

/// What makes a coordinate of the samples of a channel:
///
///     y = (x − offset) × factor
public struct ChannelScale: Hashable, Sendable {
  /// The sample that becomes 0.
  public let offset: Double

  /// What the distance from it is multiplied by.
  public let factor: Double

  /// From the least to the greatest coordinate.
  let range: ClosedRange<Double>

  /// The step of the coordinates: that of whole numbers, else a 65,535th of the
  /// range.
  let step: Double

  /// The scale of a channel.
  ///
  /// - Parameters:
  ///   - image: The channels.
  ///   - channel: Its number.
  ///   - normalization: How samples become coordinates; a channel that is the same
  ///     everywhere becomes 0 with all but `none`.
  /// - Complexity: O(pixels).
  init(
    of image: ChannelImage, _ channel: Int, _ normalization: Normalization
  ) {
    let samples = image.channel(channel)
    let whole = image.range(of: channel)
    let (least, greatest) = (
      Double(whole.lowerBound), Double(whole.upperBound)
    )
    switch normalization {
    case .none:
      (offset, factor) = (0, 1)
    case .range:
      offset = least
      factor = greatest > least ? 1 / (greatest - least) : 1
    case .variance:
      // About the least, so that nothing is lost far from 0.
      var (sum, squares) = (0.0, 0.0)
      for value in samples {
        let difference = Double(value) - least
        sum += difference
        squares += difference * difference
      }
      let count = Double(samples.count)
      let mean = sum / count
      let variance = squares / count - mean * mean
      offset = least + mean
      factor = variance > 0 ? 1 / variance.squareRoot() : 1
    }
    let (start, end) = (
      (least - offset) * factor, (greatest - offset) * factor
    )
    range = min(start, end)...max(start, end)
    let isWhole = samples.allSatisfy { $0 == $0.rounded() }
    step =
      isWhole ? factor : (range.upperBound - range.lowerBound) / 65_535
  }

  /// The coordinate of a sample.
  @inline(__always)
  func coordinate(_ sample: Float) -> Double {
    (Double(sample) - offset) * factor
  }

  /// The sample that has a coordinate.
  func sample(_ coordinate: Double) -> Double { coordinate / factor + offset }
}
