internal import CKernels
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
        DitherRow.with(width) { pixels in
          for row in max(
            0, rows.lowerBound - DitherBands.leadRows)..<rows.upperBound
          {
            let output =
              row >= rows.lowerBound
              ? indices.start + field.place(ofRow: row) : nil
            field.read(row, 0..<width, limits, into: pixels)
            diffuse(
              pixels, width, step: row.isMultiple(of: 2) ? 1 : -1, chooser,
              (0..<3).map {
                errors.baseAddress.unsafelyUnwrapped + Self.margin
                  + (row + $0) % 3 * stride
              }, output)
          }
        }
      }
    }
  }

  /// Dithers a row.
  ///
  /// - Parameters:
  ///   - pixels: The row.
  ///   - width: Its pixels.
  ///   - step: 1 from left to right, or −1.
  ///   - chooser: Chooses entries.
  ///   - lines: The errors that the row and those below it receive, each from
  ///     its first pixel on. The first is emptied.
  ///   - output: Gets the entries.
  private func diffuse(
    _ pixels: DitherRow, _ width: Int, step: Int, _ chooser: DitherChooser,
    _ lines: [UnsafeMutablePointer<SIMD4<Float>>],
    _ output: UnsafeMutablePointer<UInt16>?
  ) {
    // Floyd and Steinberg's are the kernel's own.
    let taps =
      kernel == .floydSteinberg
      ? []
      : kernel.taps.map {
        qk_tap(ahead: $0.ahead, below: $0.below, share: $0.share)
      }
    var row = qk_row(
      points: .floats(pixels.points), limits: pixels.limits,
      known: pixels.known, classes: pixels.classes, width: width, step: step)
    let rows = lines.map { UnsafeMutablePointer<Float>?.some(.floats($0)) }
    chooser.withEntries {
      qk_diffuse_row(&row, $0, strength, taps, taps.count, rows, output)
    }
    for i in -Self.margin..<width + Self.margin { lines[0][i] = .zero }
  }
}
