import ColorModels
public import Rasters

/// How much smaller pictures of an image are: by a whole factor in either
/// direction, each pixel the average of a square.
public struct PictureScale: Hashable, Sendable {
  /// The sides of the squares.
  public let factor: Int

  /// Width and height of what is reduced.
  public let original: ImageSize

  /// The smallest factor with at most so many pixels.
  ///
  /// - Parameters:
  ///   - size: Of what is reduced.
  ///   - pixels: The most pixels of a picture, at least 1.
  public init(_ size: ImageSize, pixels: Int) {
    original = size
    var factor = 1
    while Self.side(size.width, factor) * Self.side(size.height, factor)
      > max(1, pixels)
    { factor += 1 }
    self.factor = factor
  }

  /// The smallest factor with sides of at most so many pixels.
  ///
  /// - Parameters:
  ///   - size: Of what is reduced.
  ///   - side: The most pixels of a side, at least 1.
  public init(_ size: ImageSize, side: Int) {
    original = size
    factor = Self.side(max(size.width, size.height), max(1, side))
  }

  private static func side(_ side: Int, _ factor: Int) -> Int {
    (side - 1) / factor + 1
  }

  /// Light of samples, times 65,535.
  private static let light = (0..<256).map { sample in
    (65_535 * TransferFunction.light(ofEncoded: Double(sample) / 255)).rounded()
  }

  /// A smaller image, whose pixels are averages of light, weighted by alpha.
  ///
  /// - Parameter raster: An image of the size that the scale was made for.
  /// - Returns: The image itself where the factor is 1.
  /// - Complexity: O(pixels).
  public func reduced(_ raster: Raster) -> Raster {
    precondition(raster.size == original)
    guard factor > 1 else { return raster }
    let channels = raster.channels.count
    var samples: [UInt8] = []
    let size = forEachSquare { columns, rows in
      var light = SIMD3<Double>.zero
      var alpha = 0.0
      for y in rows {
        for x in columns {
          let place = (y * original.width + x) * channels
          let weight =
            channels == 4 ? Double(raster.samples[place + 3]) / 255 : 1
          alpha += weight
          for d in 0..<3 {
            light[d] += weight * Self.light[Int(raster.samples[place + d])]
          }
        }
      }
      for d in 0..<3 {
        samples.append(
          alpha > 0 ? Self.sample(ofLight: light[d] / alpha / 65_535) : 0)
      }
      if channels == 4 {
        samples.append(
          UInt8((255 * alpha / Double(rows.count * columns.count)).rounded()))
      }
    }
    return Raster(size: size, channels: raster.channels, samples: samples)
  }

  /// A smaller image of levels, whose pixels are averages of their numbers.
  ///
  /// - Parameter image: An image of the size that the scale was made for.
  /// - Returns: The image itself where the factor is 1.
  /// - Complexity: O(pixels).
  public func reduced(_ image: IndexedImage) -> IndexedImage {
    precondition(image.size == original)
    guard factor > 1 else { return image }
    var levels: [UInt8] = []
    let size = forEachSquare { columns, rows in
      var sum = 0
      for y in rows {
        for x in columns {
          sum += Int(image.indices[y * original.width + x])
        }
      }
      let count = rows.count * columns.count
      levels.append(UInt8((sum + count / 2) / count))
    }
    return IndexedImage(
      size: size, palette: image.palette, alphas: image.alphas,
      indices: levels)
  }

  private static func sample(ofLight light: Double) -> UInt8 {
    UInt8(
      min(255, max(0, 255 * TransferFunction.encoded(ofLight: light)))
        .rounded())
  }

  /// Calls `body` for each pixel of what is reduced, row by row.
  private func forEachSquare(
    _ body: (_ columns: Range<Int>, _ rows: Range<Int>) -> Void
  ) -> ImageSize {
    let width = Self.side(original.width, factor)
    let height = Self.side(original.height, factor)
    for row in 0..<height {
      let rows = row * factor..<min(original.height, (row + 1) * factor)
      for column in 0..<width {
        body(
          column * factor..<min(original.width, (column + 1) * factor), rows)
      }
    }
    guard let size = ImageSize(width: width, height: height) else {
      preconditionFailure("a part of an image has pixels")
    }
    return size
  }
}
