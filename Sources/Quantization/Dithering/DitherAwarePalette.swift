import ParallelWork

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// Fits a palette to what dithering makes of it.
///
/// With y the image, m_j the mask of the pixels that got entry j and G a small
/// Gaussian, the blur of the eye, the entries p_j that minimise
///
///     |G∗y − Σ_j p_j G∗m_j|²
///
/// solve (M + λD) p = b + λD p_old, where with g the autocorrelation of G
/// M_jl = Σ_x m_j(x) (g∗m_l)(x) counts which entries sit near which,
/// b_j = Σ_x m_j(x) (g∗y)(x), D is the diagonal of counts and λ damps.
struct DitherAwarePalette {
  /// The standard deviation of the blur, in pixels.
  let sigma: Double

  /// λ.
  let damping: Double

  /// Half the width of g.
  static let radius = 4

  /// g along one axis, from −radius to radius.
  var correlation: [Double] {
    // The autocorrelation of a Gaussian is one of twice the variance.
    let values = (-Self.radius...Self.radius).map {
      exp(-Double($0 * $0) / (4 * sigma * sigma))
    }
    let sum = values.reduce(0, +)
    return values.map { $0 / sum }
  }

  /// g∗y of the bands.
  ///
  /// - Returns: Pixel by pixel, the bands one after the other.
  func blurred(
    _ field: DitherField, bands: [Int], _ workers: Workers
  ) -> [([SIMD4<Float>], [SIMD4<Float>])] {
    let g = correlation.map { Float($0) }
    let width = field.size.width
    return workers.map(bands.count) { i in
      let rows = ErrorDiffusion.rows(
        of: bands[i], height: field.size.height)
      var source = [SIMD4<Float>](
        repeating: .zero, count: rows.count * width)
      var numbers = [UInt32](repeating: 0, count: rows.count * width)
      numbers.withUnsafeMutableBufferPointer {
        field.numbers.write(
          rows.lowerBound * width..<rows.upperBound * width, to: $0)
      }
      for x in source.indices { source[x] = field.points[Int(numbers[x])] }
      return (Self.convolve(source, width: width, g), source)
    }
  }

  static func convolve(
    _ source: [SIMD4<Float>], width: Int, _ g: [Float]
  ) -> [SIMD4<Float>] {
    let height = source.count / width
    let radius = g.count / 2
    var middle = [SIMD4<Float>](repeating: .zero, count: source.count)
    var result = middle
    source.withUnsafeBufferPointer { source in
      middle.withUnsafeMutableBufferPointer { middle in
        result.withUnsafeMutableBufferPointer { result in
          for y in 0..<height {
            for x in 0..<width {
              var sum = SIMD4<Float>.zero
              for d in max(-radius, -x)...min(radius, width - 1 - x) {
                sum += source[y * width + x + d] * g[d + radius]
              }
              middle[y * width + x] = sum
            }
          }
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

  /// The sums of some bands.
  struct Normal: Sendable {
    var matrix: [Double]
    var right: [SIMD4<Double>]
    var counts: [Double]
  }

  /// Adds up the normal equations of bands.
  func normal(
    _ indices: SharedMemory<UInt16>, _ field: DitherField, bands: [Int],
    blurred: [([SIMD4<Float>], [SIMD4<Float>])], entries: Int, _ workers: Workers
  ) -> Normal {
    let g = correlation
    let width = field.size.width
    let radius = Self.radius
    let parts = workers.map(bands.count) { i in
      let rows = ErrorDiffusion.rows(
        of: bands[i], height: field.size.height)
      var part = Normal(
        matrix: [Double](repeating: 0, count: entries * entries),
        right: [SIMD4<Double>](repeating: .zero, count: entries),
        counts: [Double](repeating: 0, count: entries))
      let start = rows.lowerBound * width
      let raw = blurred[i].1
      blurred[i].0.withUnsafeBufferPointer { blurred in
        part.matrix.withUnsafeMutableBufferPointer { matrix in
          for y in 0..<rows.count {
            for x in 0..<width {
              let own = indices.start + start + y * width + x
              let j = Int(own.pointee)
              part.right[j] += SIMD4<Double>(blurred[y * width + x]) + SIMD4<Double>(raw[y * width + x]) * Double(Knobs.lambda)
              part.counts[j] += 1
              let line = matrix.baseAddress.unsafelyUnwrapped + j * entries
              for dy in 0...min(radius, rows.count - 1 - y) {
                let vertical = g[dy + radius]
                let first = dy == 0 ? 1 : -min(radius, x)
                let last = min(radius, width - 1 - x)
                guard first <= last else { continue }
                for dx in first...last {
                  line[Int(own[dy * width + dx])] += vertical * g[dx + radius]
                }
              }
            }
          }
        }
      }
      return part
    }
    var sum = parts[0]
    for part in parts.dropFirst() {
      for i in sum.matrix.indices { sum.matrix[i] += part.matrix[i] }
      for j in 0..<entries {
        sum.right[j] += part.right[j]
        sum.counts[j] += part.counts[j]
      }
    }
    // Each pair was counted once; pixels with themselves not at all.
    let center = g[radius] * g[radius] + Double(Knobs.lambda)
    var matrix = sum.matrix
    for j in 0..<entries {
      for l in 0..<entries {
        matrix[j * entries + l] =
          sum.matrix[j * entries + l] + sum.matrix[l * entries + j]
      }
    }
    for j in 0..<entries { matrix[j * entries + j] += center * sum.counts[j] }
    sum.matrix = matrix
    return sum
  }

  /// The objective of a palette but for the constant |G∗y|²: pᵀMp − 2bᵀp.
  func objective(_ normal: Normal, _ points: [SIMD4<Double>]) -> Double {
    let k = points.count
    var sum = 0.0
    for j in 0..<k {
      var row = SIMD4<Double>.zero
      for l in 0..<k { row += points[l] * normal.matrix[j * k + l] }
      sum += (points[j] * (row - 2 * normal.right[j])).sum()
    }
    return sum
  }

  /// Solves the damped equations.
  func solve(_ normal: Normal, from old: [SIMD4<Double>]) -> [SIMD4<Double>] {
    let k = old.count
    var matrix = normal.matrix
    var right = normal.right
    for j in 0..<k {
      let weight = damping * normal.counts[j] + 1e-3
      matrix[j * k + j] += weight
      right[j] += old[j] * weight
    }
    // Cholesky.
    for j in 0..<k {
      for l in 0...j {
        var sum = matrix[j * k + l]
        for i in 0..<l { sum -= matrix[j * k + i] * matrix[l * k + i] }
        matrix[j * k + l] = l == j ? max(sum, 1e-12).squareRoot() : sum / matrix[l * k + l]
      }
    }
    for j in 0..<k {
      for l in 0..<j { right[j] -= right[l] * matrix[j * k + l] }
      right[j] /= matrix[j * k + j]
    }
    for j in (0..<k).reversed() {
      for l in j + 1..<max(k, j + 1) { right[j] -= right[l] * matrix[l * k + j] }
      right[j] /= matrix[j * k + j]
    }
    return right
  }
}
