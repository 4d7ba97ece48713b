import ColorModels
import Quantization
import Rasters

/// The colours of a picture as points of a space, as JSON; many colours are thinned
/// out evenly.
public struct ColorCloud: Encodable, Sendable {
  /// The most points.
  public static let most = 20_000

  let space: String

  /// x, y and z in the space, red, green and blue, 0 to 255, and the number of pixels.
  let points: [[Double]]

  /// Takes the colours of a picture.
  ///
  /// - Parameters:
  ///   - picture: The picture.
  ///   - space: A working space.
  ///   - limit: The most points, 1 to ``most``.
  /// - Throws: `ServiceError`.
  /// - Complexity: O(colours).
  public init(
    of picture: OpenPicture, space: String, limit: Int
  ) throws(ServiceError) {
    guard let working = WorkingSpace(rawValue: space) else {
      throw .wrong(
        "\"space\" must be one of "
          + WorkingSpace.allCases.map(\.rawValue).joined(separator: ", "))
    }
    guard (1...Self.most).contains(limit) else {
      throw .wrong("\"limit\" must be 1 to \(Self.most), not \(limit)")
    }
    guard let histogram = picture.original()?.histogram else {
      throw .noPicture
    }
    self.space = space
    let converter = WorkingSpace.Converter(working, in: .sRGB)
    let visible = histogram.visible
    let count = min(limit, visible.count)
    // Colours are in an order in which near ones are near: so are every nth.
    points = (0..<count).map { place in
      let range =
        visible.lowerBound + visible.count * place / count..<visible.lowerBound
        + visible.count * (place + 1) / count
      let color = histogram.color(range.lowerBound) &>> 8
      let samples = (0..<3).map { UInt8(truncatingIfNeeded: color[$0]) }
      let point = converter.coordinates(samples[0], samples[1], samples[2])
      let weight = range.reduce(0.0) { $0 + Double(histogram.counts[$1]) }
      return [point.x, point.y, point.z].map {
        ($0 * 10_000).rounded() / 10_000
      } + samples.map(Double.init) + [weight]
    }
  }
}
