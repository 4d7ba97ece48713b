import Rasters

extension Pixels {
  /// Reads a row as samples of 16 bits with alpha, whatever the image has.
  ///
  /// - Parameters:
  ///   - y: The row, from 0 to the height less 1.
  ///   - row: Gets the pixels; has one for each column.
  /// - Complexity: O(width).
  func read(row y: Int, into row: inout [SIMD4<UInt16>]) {
    switch self {
    case .eight(let raster):
      Self.copy(raster.samples, raster.channels, y, &row) { UInt16($0) * 257 }
    case .sixteen(let raster):
      Self.copy(raster.samples, raster.channels, y, &row) { $0 }
    }
  }

  @inline(__always)
  private static func copy<Sample>(
    _ samples: [Sample], _ channels: Raster.Channels, _ y: Int,
    _ row: inout [SIMD4<UInt16>], _ widen: (Sample) -> UInt16
  ) {
    var next = y * row.count * channels.count
    switch channels {
    case .rgb:
      for x in row.indices {
        row[x] = SIMD4(
          widen(samples[next]), widen(samples[next + 1]),
          widen(samples[next + 2]), .max)
        next += 3
      }
    case .rgba:
      for x in row.indices {
        row[x] = SIMD4(
          widen(samples[next]), widen(samples[next + 1]),
          widen(samples[next + 2]), widen(samples[next + 3]))
        next += 4
      }
    }
  }
}
