extension Pixels {
  /// Some rows of an image.
  ///
  /// - Parameter rows: Rows of the image, at least one.
  /// - Returns: An image of its own.
  /// - Complexity: O(pixels of the rows).
  package func strip(_ rows: Range<Int>) -> Pixels {
    guard let part = ImageSize(width: size.width, height: rows.count) else {
      preconditionFailure("a strip has a row at least")
    }
    let row = size.width * channels.count
    let range = rows.lowerBound * row..<rows.upperBound * row
    return switch self {
    case .eight(let raster):
      .eight(
        Raster(
          size: part, channels: channels, samples: Array(raster.samples[range]))
      )
    case .sixteen(let raster):
      .sixteen(
        DeepRaster(
          size: part, channels: channels, samples: Array(raster.samples[range]))
      )
    }
  }

  /// The image with another one below it.
  ///
  /// - Parameter other: One of the same width, samples and depth.
  /// - Returns: Both as one.
  /// - Complexity: O(pixels of both).
  package func stacked(on other: Pixels) -> Pixels {
    guard size.width == other.size.width, channels == other.channels,
      let both = ImageSize(
        width: size.width, height: size.height + other.size.height)
    else { preconditionFailure("strips of different images") }
    switch (self, other) {
    case (.eight(let above), .eight(let below)):
      return .eight(
        Raster(
          size: both, channels: channels, samples: above.samples + below.samples
        ))
    case (.sixteen(let above), .sixteen(let below)):
      return .sixteen(
        DeepRaster(
          size: both, channels: channels, samples: above.samples + below.samples
        ))
    default:
      preconditionFailure("strips of different depths")
    }
  }
}
