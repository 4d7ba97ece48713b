import Rasters

/// The components of a ``GridMixture`` in single precision, to give pixels at
/// borders to one of those beside them.
struct GridBorders: Sendable {
  private let image: LabPlanes
  private let means: [SIMD8<Float>]

  /// The weights of squared differences: 1 of colours, w² of positions.
  private let weights: SIMD8<Float>

  /// Prepares the components.
  init(_ mixture: GridMixture, _ image: LabPlanes) {
    self.image = image
    means = (0..<mixture.grid.count).map { c in
      var mean = SIMD8<Float>.zero
      for d in 0..<GridMixture.dimension {
        mean[d] = Float(mixture.means[d][c])
      }
      return mean
    }
    let squaredWeight = Float(mixture.positionWeight * mixture.positionWeight)
    weights = SIMD8(1, 1, 1, squaredWeight, squaredWeight, 0, 0, 0)
  }

  /// Writes the labels of a row.
  ///
  /// - Parameters:
  ///   - y: The row.
  ///   - old: The labels of all rows.
  ///   - new: Room for as many.
  func refine(
    row y: Int, _ old: UnsafeBufferPointer<Int32>,
    into new: UnsafeMutablePointer<Int32>
  ) {
    let (width, height) = (image.size.width, image.size.height)
    let (stride, plane) = (image.stride, image.planeCount)
    image.samples.withUnsafeBufferPointer { samples in
      for x in 0..<width {
        let n = y * stride + x
        let own = old[n]
        guard Int(own) < means.count else {
          new[n] = own
          continue
        }
        let beside = SIMD4(
          x > 0 ? old[n - 1] : own, x + 1 < width ? old[n + 1] : own,
          y > 0 ? old[n - stride] : own,
          y + 1 < height ? old[n + stride] : own)
        guard beside != SIMD4(repeating: own) else {
          new[n] = own
          continue
        }
        let point = SIMD8(
          samples[n], samples[plane + n], samples[2 * plane + n], Float(x),
          Float(y), 0, 0, 0)
        var (best, least) = (own, distance(point, own))
        for d in 0..<4
        where beside[d] != best && Int(beside[d]) < means.count {
          let found = distance(point, beside[d])
          guard
            found < least || found == least && best != own && beside[d] < best
          else { continue }
          (best, least) = (beside[d], found)
        }
        new[n] = best
      }
    }
  }

  @inline(__always)
  private func distance(_ point: SIMD8<Float>, _ component: Int32) -> Float {
    let difference = point - means[Int(component)]
    return (difference * difference * weights).sum()
  }
}
