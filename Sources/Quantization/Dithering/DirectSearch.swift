import ParallelWork

/// Improves a dithered image by exchanging single pixels.
///
/// Minimises |G∗e|² + λ|e|², the error e as the blurred eye sees it and, a
/// little, as it is. With h = g + λδ and c = h∗e, exchanging entry j of a pixel
/// for l changes that by h(0) |p_l − p_j − c/h(0)|² − |c|²/h(0): the best entry is
/// the one nearest to p_j + c/h(0). (M. Analoui and J. P. Allebach, "Model-based
/// halftoning using direct binary search", SPIE 1666, 1992, for colours.)
struct DirectSearch: Sendable {
  let correlation: [Float]
  let lambda: Float
  let sweeps: Int

  func improve(
    _ band: Int, of field: DitherField, with palette: DitherPalette,
    _ indices: SharedMemory<UInt16>
  ) {
    let width = field.size.width
    let rows = ErrorDiffusion.rows(of: band, height: field.size.height)
    let height = rows.count
    let radius = correlation.count / 2
    var numbers = [UInt32](repeating: 0, count: height * width)
    numbers.withUnsafeMutableBufferPointer {
      field.numbers.write(
        rows.lowerBound * width..<rows.upperBound * width, to: $0)
    }
    let start = indices.start + rows.lowerBound * width
    let errors = numbers.indices.map {
      field.points[Int(numbers[$0])] - palette.points[Int(start[$0])]
    }
    let stride = width + 2 * radius
    let seen = DitherAwarePalette.convolve(errors, width: width, correlation)
    // With room on all sides, so that an exchange need not look for borders.
    var fields = [SIMD4<Float>](
      repeating: .zero, count: (height + 2 * radius) * stride)
    for y in 0..<height {
      for x in 0..<width {
        fields[(y + radius) * stride + x + radius] =
          seen[y * width + x] + errors[y * width + x] * lambda
      }
    }
    let peak = correlation[radius] * correlation[radius] + lambda
    let scale = 1 / peak
    palette.withSearcher { palette in
      fields.withUnsafeMutableBufferPointer { fields in
        correlation.withUnsafeBufferPointer { g in
          for _ in 0..<sweeps {
            var changed = 0
            for y in 0..<height {
              for x in 0..<width {
                let place = (y + radius) * stride + x + radius
                let old = Int(start[y * width + x])
                let new = palette.nearest(
                  to: palette.points[old] + fields[place] * scale, from: old)
                guard new != old else { continue }
                changed += 1
                start[y * width + x] = UInt16(truncatingIfNeeded: new)
                let change = palette.points[new] - palette.points[old]
                for dy in -radius...radius {
                  let line = place + dy * stride
                  let part = change * g[dy + radius]
                  for dx in -radius...radius {
                    fields[line + dx] -= part * g[dx + radius]
                  }
                }
                fields[place] -= change * lambda
              }
            }
            if changed == 0 { break }
          }
        }
      }
    }
  }
}
