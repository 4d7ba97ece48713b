import ColorModels
import ImageFormats
import Rasters
import Segmentation

/// A strip of small pictures: the original, the result, and the result with other hues
/// of what was moved.
struct RecolorPreview {
  /// The height of the pictures.
  private static let height = 240

  /// The pixels between them.
  private static let gap = 8

  /// How far the hues of the goals are turned, in degrees.
  static let turns: [Double] = [0, 60, 120, 180, 240, 300]

  private let recolorings: [Recoloring]
  private var pictures: [ReducedPicture]
  private var row = 0

  /// Prepares to draw.
  ///
  /// - Parameters:
  ///   - size: The size of the image.
  ///   - recolorings: One for each of ``turns``.
  init(_ size: ImageSize, _ recolorings: [Recoloring]) {
    self.recolorings = recolorings
    pictures = [ReducedPicture](
      repeating: ReducedPicture(size, height: Self.height),
      count: recolorings.count + 1)
  }

  /// Adds the next rows of the image.
  ///
  /// - Parameters:
  ///   - pixels: The rows.
  ///   - result: The same with the colours moved as they are asked for.
  mutating func add(_ pixels: Pixels, _ result: Pixels) {
    pictures[0].add(pixels, firstRow: row)
    pictures[1].add(result, firstRow: row)
    for (n, recoloring) in recolorings.enumerated().dropFirst() {
      pictures[n + 1].add(recoloring.applied(to: pixels), firstRow: row)
    }
    row += pixels.size.height
  }

  /// The pictures beside each other, as a PNG.
  ///
  /// - Throws: `EncodeError`.
  func png() throws(EncodeError) -> [UInt8] {
    let size = pictures[0].size
    let columns = pictures.count * (size.width + Self.gap) - Self.gap
    guard let whole = ImageSize(width: columns, height: size.height) else {
      throw .outOfMemory
    }
    var samples = [UInt8](repeating: 255, count: 3 * whole.pixelCount)
    for (n, picture) in pictures.enumerated() {
      let raster = picture.raster()
      let left = n * (size.width + Self.gap)
      for y in 0..<size.height {
        let start = 3 * (y * columns + left)
        samples.replaceSubrange(
          start..<start + 3 * size.width,
          with: raster.samples[3 * y * size.width..<3 * (y + 1) * size.width])
      }
    }
    return try PNGEncoder().encode(
      Raster(size: whole, channels: .rgb, samples: samples))
  }
}

extension Recoloring.Target {
  /// The same with another hue of the goal.
  ///
  /// - Parameters:
  ///   - degrees: How far it is turned in Oklab.
  ///   - gamut: The primaries of the samples.
  /// - Returns: It, with the lightness and chroma of the goal where there are such.
  func turned(_ degrees: Double, in gamut: RGBGamut) -> Recoloring.Target {
    guard degrees != 0, goal != color else { return self }
    return Recoloring.Target(
      component: component, color: color,
      goal: goal.turned(degrees, in: gamut), move: move,
      turn: turn.map {
        ColorMove(from: $0.from, to: $0.to.turned(degrees, in: gamut))
      })
  }
}
