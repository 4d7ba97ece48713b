internal import CKernels
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
    let start = indices.start + field.place(ofRow: rows.lowerBound)
    // c, with room on all sides, so that an exchange need not mind borders.
    let stride = width + 2 * radius
    var seen = [SIMD4<Float>](
      repeating: .zero, count: (rows.count + 2 * radius) * stride)
    var classes = [UInt8](repeating: 0, count: rows.count * width)
    let scale = 1 / (Float(blur.peak) + Self.roughness)
    entries.withChooser { chooser in
      see(rows, of: field, chooser, start, blur, &seen, &classes)
      seen.withUnsafeMutableBufferPointer { seen in
        let first =
          seen.baseAddress.unsafelyUnwrapped + radius * stride + radius
        chooser.withEntries { entries in
          for _ in 0..<sweeps {
            var changes = 0
            for y in 0..<rows.count {
              changes += classes.withUnsafeBufferPointer {
                qk_exchange_row(
                  .floats(first + y * stride), 4 * stride, width, entries,
                  $0.baseAddress.unsafelyUnwrapped + y * width,
                  blur.correlation, scale, Self.roughness, start + y * width)
              }
            }
            if changes == 0 { break }
          }
        }
      }
    }
  }

  /// Finds what the eye sees of the errors of a band, and which of its pixels
  /// may be exchanged.
  ///
  /// - Parameters:
  ///   - rows: The band's.
  ///   - field: The image.
  ///   - chooser: The entries.
  ///   - start: The entries of the band's pixels.
  ///   - blur: The blur of the eye.
  ///   - seen: Gets c; the rows have room on all sides.
  ///   - classes: Gets the class of each pixel.
  /// - Complexity: O(18 pixels); memory for few rows.
  private func see(
    _ rows: Range<Int>, of field: DitherField, _ chooser: DitherChooser,
    _ start: UnsafeMutablePointer<UInt16>, _ blur: EyeBlur,
    _ seen: inout [SIMD4<Float>], _ classes: inout [UInt8]
  ) {
    let width = field.size.width
    let radius = EyeBlur.radius
    let stride = width + 2 * radius
    let weights = blur.correlation
    // The errors of the last rows, with zeros on both sides; the same blurred
    // along the rows; and a row of zeros for what is beyond the band.
    let kept = radius + 1
    let blurred = 2 * radius + 1
    var memory = [SIMD4<Float>](
      repeating: .zero, count: kept * stride + (blurred + 1) * width)
    memory.withUnsafeMutableBufferPointer { memory in
      let errors = memory.baseAddress.unsafelyUnwrapped
      let middle = errors + kept * stride
      let nothing = middle + blurred * width
      seen.withUnsafeMutableBufferPointer { seen in
        for y in 0..<rows.count + radius {
          if y < rows.count {
            let line = errors + y % kept * stride + radius
            read(
              rows.lowerBound + y, of: field, chooser, start + y * width,
              &classes, y, line)
            qk_blur_row(
              .floats(line - radius), width, weights,
              .floats(middle + y % blurred * width))
          }
          let target = y - radius
          guard target >= 0 else { continue }
          let around = (target - radius...target + radius).map {
            let line =
              (0..<rows.count).contains($0)
              ? middle + $0 % blurred * width : nothing
            return UnsafePointer<Float>?.some(.floats(line))
          }
          qk_blur_column(
            around, width, weights,
            .floats(errors + target % kept * stride + radius), Self.roughness,
            .floats(
              seen.baseAddress.unsafelyUnwrapped + (target + radius) * stride
                + radius))
        }
      }
    }
  }

  /// Reads the errors and classes of a row.
  private func read(
    _ row: Int, of field: DitherField, _ chooser: DitherChooser,
    _ indices: UnsafeMutablePointer<UInt16>, _ classes: inout [UInt8],
    _ y: Int, _ errors: UnsafeMutablePointer<SIMD4<Float>>
  ) {
    let width = field.size.width
    let numbers = field.numbers(ofRows: row..<row + 1)
    let shown = chooser.all.points
    field.points.withUnsafeBufferPointer { points in
      field.nearest.withUnsafeBufferPointer { nearest in
        field.classes.withUnsafeBufferPointer { kinds in
          classes.withUnsafeMutableBufferPointer { classes in
            for x in 0..<width {
              let number = Int(numbers[x])
              let point = points[number]
              errors[x] = point - shown[Int(indices[x])]
              // Where the palette has its colour, a pixel stays plain.
              classes[y * width + x] =
                point == shown[Int(nearest[number])]
                ? UInt8(qk_class_kept) : kinds[number]
            }
          }
        }
      }
    }
  }
}
