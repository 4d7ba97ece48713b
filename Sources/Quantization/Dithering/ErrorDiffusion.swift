import ParallelWork

/// Dithering by error diffusion, row by row, left and right in turn.
///
/// Bands (``DitherBands``) begin some rows above themselves, whose pixels are
/// not used, so that no border is seen.
///
/// The error that a pixel receives is limited (``ErrorLimits``).
struct ErrorDiffusion: Sendable {
  let kernel: DiffusionKernel

  /// By what a pixel's error is multiplied before the kernel shares it out.
  let strength: Float

  /// How much error each colour receives at most.
  let limits: ErrorLimits

  /// Prepares to dither.
  ///
  /// - Parameters:
  ///   - kernel: Who receives errors.
  ///   - strength: 0 to 1.
  ///   - keepsMeans: Whether the means of areas matter.
  ///   - colors: The colours of the image.
  ///   - entries: The entries that pixels may get.
  ///   - workers: The threads to use.
  init(
    _ kernel: DiffusionKernel, strength: Double, keepsMeans: Bool,
    _ colors: DitherColors, _ entries: DitherEntries, _ workers: Workers
  ) {
    self.kernel = kernel
    let carried = kernel.carried(strength)
    self.strength = carried / kernel.taps.reduce(0) { $0 + $1.share }
    limits = ErrorLimits(
      colors, entries, gain: carried / (1 - carried), keepsMeans: keepsMeans,
      workers)
  }

  /// Room before and after the rows of errors: no kernel reaches farther.
  private static let margin = DiffusionKernel.reach

  /// Dithers a band.
  ///
  /// - Parameters:
  ///   - band: Its number.
  ///   - field: The image, or its rows and those above it.
  ///   - entries: The entries that pixels may get.
  ///   - indices: The entry of each pixel of the field; those of the band are
  ///     written.
  /// - Complexity: O(pixels of the band), nearly independent of the entries.
  func dither(
    _ band: Int, of field: DitherField, with entries: DitherEntries,
    into indices: SharedMemory<UInt16>
  ) {
    let width = field.size.width
    let rows = DitherBands.rows(band, field.size)
    let stride = width + 2 * Self.margin
    var errors = [SIMD4<Float>](repeating: .zero, count: 3 * stride)
    entries.withChooser { chooser in
      errors.withUnsafeMutableBufferPointer { errors in
        for row in max(
          0, rows.lowerBound - DitherBands.leadRows)..<rows.upperBound
        {
          let lines = Lines(errors, row: row, stride, Self.margin)
          let output =
            row >= rows.lowerBound
            ? indices.start + field.place(ofRow: row) : nil
          if kernel == .floydSteinberg {
            self.row(row, field, chooser, lines, output) {
              lines, x, step, rest in
              let share = rest * 0.0625
              lines.below[x - step] += share * 3
              lines.below[x] += share * 5
              lines.below[x + step] += share
              return share * 7
            }
          } else {
            let taps = kernel.taps
            self.row(row, field, chooser, lines, output) {
              lines, x, step, rest in
              for tap in taps {
                lines[tap.below][x + step * tap.ahead] += rest * tap.share
              }
              return .zero
            }
          }
          for i in -Self.margin..<width + Self.margin {
            lines.current[i] = .zero
          }
        }
      }
    }
  }

  /// The rows of errors around a row, each beginning at its first pixel.
  private struct Lines {
    let current: UnsafeMutablePointer<SIMD4<Float>>
    let below: UnsafeMutablePointer<SIMD4<Float>>
    let last: UnsafeMutablePointer<SIMD4<Float>>

    init(
      _ errors: UnsafeMutableBufferPointer<SIMD4<Float>>, row: Int,
      _ stride: Int, _ margin: Int
    ) {
      precondition(errors.count == 3 * stride)
      let start = errors.baseAddress.unsafelyUnwrapped + margin
      current = start + row % 3 * stride
      below = start + (row + 1) % 3 * stride
      last = start + (row + 2) % 3 * stride
    }

    @inline(__always)
    subscript(rows: Int) -> UnsafeMutablePointer<SIMD4<Float>> {
      rows == 0 ? current : rows == 1 ? below : last
    }
  }

  /// Dithers a row.
  ///
  /// `passOn` gives others their shares of an error, and returns what the next
  /// pixel gets on top of that.
  @inline(__always)
  private func row(
    _ row: Int, _ field: DitherField, _ chooser: DitherChooser,
    _ lines: Lines, _ output: UnsafeMutablePointer<UInt16>?,
    _ passOn: (Lines, _ x: Int, _ step: Int, _ rest: SIMD4<Float>)
      -> SIMD4<Float>
  ) {
    let width = field.size.width
    let numbers = field.numbers(ofRows: row..<row + 1)
    let step = row.isMultiple(of: 2) ? 1 : -1
    let strength = strength
    var x = step > 0 ? 0 : width - 1
    var ahead = SIMD4<Float>.zero
    numbers.withUnsafeBufferPointer { numbers in
      field.points.withUnsafeBufferPointer { points in
        field.nearest.withUnsafeBufferPointer { nearest in
          limits.squared.withUnsafeBufferPointer { limits in
            field.classes.withUnsafeBufferPointer { classes in
              for _ in 0..<width {
                let number = Int(numbers[x])
                let known = Int(nearest[number])
                guard classes[number] != DitherColors.Class.transparent.rawValue
                else {
                  output?[x] = UInt16(truncatingIfNeeded: known)
                  ahead = .zero
                  x += step
                  continue
                }
                let received = lines.current[x] + ahead
                let wanted =
                  points[number] + received
                  * ErrorLimits.share(of: received, number, limits)
                let entry = chooser.nearest(
                  to: wanted, from: known,
                  isOpaque: classes[number]
                    == DitherColors.Class.opaque.rawValue)
                output?[x] = UInt16(truncatingIfNeeded: entry)
                ahead = passOn(
                  lines, x, step,
                  (wanted - chooser.all.points[entry]) * strength)
                x += step
              }
            }
          }
        }
      }
    }
  }
}
