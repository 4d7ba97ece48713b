import CLibrary

/// The autocorrelation g of the blur of the eye, a Gaussian.
package struct EyeBlur: Sendable {
  /// Pixels that it reaches to each side.
  package static let radius = 4

  /// The standard deviation of the Gaussian in pixels; where most photographs
  /// come out best.
  static let deviation = 1.0

  /// g along one axis, from −radius to radius, its sum 1: a Gaussian of twice
  /// the variance.
  package let correlation: [Float] = {
    let values = (-radius...radius).map {
      exp(-Double($0 * $0) / (4 * deviation * deviation))
    }
    let sum = values.reduce(0, +)
    return values.map { Float($0 / sum) }
  }()

  /// The blur.
  package init() {}

  /// g at 0.
  var peak: Double {
    Double(correlation[Self.radius]) * Double(correlation[Self.radius])
  }

  /// g∗image, what is beyond its borders being 0.
  ///
  /// - Parameters:
  ///   - image: Row by row.
  ///   - width: Pixels in a row.
  /// - Returns: An image of the same size.
  /// - Complexity: O(18 pixels).
  package func blurred(_ image: [SIMD4<Float>], width: Int) -> [SIMD4<Float>] {
    let radius = Self.radius
    let height = image.count / width
    var middle = [SIMD4<Float>](repeating: .zero, count: image.count)
    var result = middle
    correlation.withUnsafeBufferPointer { g in
      image.withUnsafeBufferPointer { image in
        middle.withUnsafeMutableBufferPointer { middle in
          for y in 0..<height {
            for x in 0..<width {
              var sum = SIMD4<Float>.zero
              for d in max(-radius, -x)...min(radius, width - 1 - x) {
                sum += image[y * width + x + d] * g[d + radius]
              }
              middle[y * width + x] = sum
            }
          }
        }
      }
      middle.withUnsafeBufferPointer { middle in
        result.withUnsafeMutableBufferPointer { result in
          for y in 0..<height {
            for d in max(-radius, -y)...min(radius, height - 1 - y) {
              let weight = g[d + radius]
              for x in 0..<width {
                result[y * width + x] += middle[(y + d) * width + x] * weight
              }
            }
          }
        }
      }
    }
    return result
  }
}
