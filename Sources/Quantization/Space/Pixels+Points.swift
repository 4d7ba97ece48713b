package import Rasters

extension Pixels {
  /// The coordinates of a pixel's colour, and of its alpha.
  ///
  /// - Parameters:
  ///   - n: The number of the pixel, row by row.
  ///   - space: The space.
  /// - Returns: The point; what `space.places` names are its coordinates.
  @inline(__always)
  package func point(_ n: Int, in space: CompositeSpace) -> SIMD4<Double> {
    let count = channels.count
    func sample(_ d: Int) -> UInt16 {
      switch self {
      case .eight(let raster): UInt16(raster.samples[n * count + d]) * 257
      case .sixteen(let raster): raster.samples[n * count + d]
      }
    }
    if count == 4 {
      return space.point(SIMD4(sample(0), sample(1), sample(2), sample(3)))
    }
    return space.point(SIMD4(sample(0), sample(1), sample(2), .max))
  }
}
