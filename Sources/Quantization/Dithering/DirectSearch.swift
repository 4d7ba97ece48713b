package import ParallelWork

/// Improves a dithered image by exchanging single pixels.
///
/// Minimises |G∗e|² + λ|e|², the error e as the blurred eye sees it and, a
/// little, as it is. With h = g + λδ and c = h∗e, exchanging entry j of a pixel
/// for l changes that by h(0) |p_l − p_j − c/h(0)|² − |c|²/h(0): the best entry
/// is the one nearest to p_j + c/h(0). (M. Analoui and J. P. Allebach,
/// "Model-based halftoning using direct binary search", SPIE 1666, 1992, doi
/// 10.1117/12.135959, with a palette in place of two tones.)
package struct DirectSearch: Sendable {
  /// The most passes over all pixels.
  let sweeps: Int

  /// λ: without it, errors of single pixels would cost nothing where their
  /// neighbours make up for them.
  package static let roughness: Float = 0.08

  /// Prepares to search.
  ///
  /// - Parameter sweeps: The most passes over all pixels.
  package init(sweeps: Int) {
    self.sweeps = sweeps
  }

  /// Improves a band.
  ///
  /// - Parameters:
  ///   - band: Its number.
  ///   - field: The image.
  ///   - entries: The entries that pixels may get.
  ///   - indices: The entries of the field's pixels; those of the band change.
  /// - Complexity: O(pixels × sweeps), and 81 steps for each exchange.
  package func improve(
    _ band: Int, of field: DitherField, with entries: DitherEntries,
    _ indices: SharedMemory<UInt16>
  ) {
    let width = field.size.width
    let rows = DitherBands.rows(band, field.size)
    let radius = EyeBlur.radius
    let blur = EyeBlur()
    let numbers = field.numbers(ofRows: rows)
    let start = indices.start + field.place(ofRow: rows.lowerBound)
    entries.withChooser { chooser in
      let points = chooser.all.points
      let errors = numbers.indices.map {
        field.points[Int(numbers[$0])] - points[Int(start[$0])]
      }
      let seen = blur.blurred(errors, width: width)
      // c, with room on all sides, so that an exchange need not mind borders.
      let stride = width + 2 * radius
      var fields = [SIMD4<Float>](
        repeating: .zero, count: (rows.count + 2 * radius) * stride)
      for y in 0..<rows.count {
        for x in 0..<width {
          fields[(y + radius) * stride + x + radius] =
            seen[y * width + x] + errors[y * width + x] * Self.roughness
        }
      }
      let scale = 1 / (Float(blur.peak) + Self.roughness)
      fields.withUnsafeMutableBufferPointer { fields in
        blur.correlation.withUnsafeBufferPointer { g in
          for _ in 0..<sweeps {
            var changes = 0
            for y in 0..<rows.count {
              for x in 0..<width {
                let number = Int(numbers[y * width + x])
                let kind = field.classes[number]
                guard kind != DitherColors.Class.transparent.rawValue,
                  errorCanChange(field, number, chooser)
                else { continue }
                let place = (y + radius) * stride + x + radius
                let old = Int(start[y * width + x])
                let new = chooser.nearest(
                  to: points[old] + fields[place] * scale, from: old,
                  isOpaque: kind == DitherColors.Class.opaque.rawValue)
                guard new != old else { continue }
                changes += 1
                start[y * width + x] = UInt16(truncatingIfNeeded: new)
                let change = points[new] - points[old]
                for dy in -radius...radius {
                  let part = change * g[dy + radius]
                  let line = place + dy * stride
                  for dx in -radius...radius {
                    fields[line + dx] -= part * g[dx + radius]
                  }
                }
                fields[place] -= change * Self.roughness
              }
            }
            if changes == 0 { break }
          }
        }
      }
    }
  }

  /// Whether a pixel may be other than its nearest entry: where the palette has
  /// its colour, it stays plain.
  @inline(__always)
  private func errorCanChange(
    _ field: DitherField, _ number: Int, _ chooser: DitherChooser
  ) -> Bool {
    field.points[number] != chooser.all.points[Int(field.nearest[number])]
  }
}
