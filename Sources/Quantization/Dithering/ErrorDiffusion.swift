import Foundation
import ParallelWork

/// Knobs while the method is being developed.
enum Knobs {
  static func value(_ name: String, _ standard: Float) -> Float {
    ProcessInfo.processInfo.environment[name].flatMap { Float($0) } ?? standard
  }
  static let limit = value("LIMIT", 1e9)
  static let dead = value("DEAD", 0)
  static let gain = value("GAIN", 1e9)
  static let damp = Double(value("DAMP", 0.2))
  static let sigma = Double(value("SIGMA", 1.0))
  static let lambda = value("LAMBDA", 0.05)
  static let sweeps = Int(value("SWEEPS", 0))
}

/// Dithering by error diffusion.
///
/// The image is cut into bands of rows that are dithered for themselves, each
/// from some rows above it on, whose result is not used: on any number of
/// threads the same pixels come out, and no border is seen. Rows go left and
/// right in turn.
struct ErrorDiffusion: Sendable {
  let kernel: DiffusionKernel

  /// The share of what a pixel could not show that is passed on.
  let strength: Float

  /// Rows of a band.
  static let bandRows = 128

  /// Rows above a band that are dithered only for what they pass on.
  private static let leadRows = 12

  /// How many bands an image of some rows has.
  static func bands(_ height: Int) -> Int {
    (height + bandRows - 1) / bandRows
  }

  /// The rows of a band.
  static func rows(of band: Int, height: Int) -> Range<Int> {
    band * bandRows..<min(height, (band + 1) * bandRows)
  }

  /// Dithers a band.
  ///
  /// - Parameters:
  ///   - band: Its number.
  ///   - field: The image.
  ///   - palette: The entries.
  ///   - indices: The entry of each pixel of the image; those of the band are
  ///     written.
  func dither(
    _ band: Int, of field: DitherField, with palette: DitherPalette,
    into indices: SharedMemory<UInt16>
  ) {
    let width = field.size.width
    let rows = Self.rows(of: band, height: field.size.height)
    let pad = 3
    let stride = width + 2 * pad
    // Rows of errors, in turn.
    var errors = [SIMD4<Float>](repeating: .zero, count: 3 * stride)
    var numbers = [UInt32](repeating: 0, count: width)
    let taps = kernel.taps
    let strength = strength
    let isSimple = kernel == .floydSteinberg
    palette.withSearcher { palette in
      errors.withUnsafeMutableBufferPointer { errors in
        numbers.withUnsafeMutableBufferPointer { numbers in
          field.points.withUnsafeBufferPointer { points in
            field.nearest.withUnsafeBufferPointer { nearest in
              for row in max(0, rows.lowerBound - Self.leadRows)..<rows.upperBound {
                field.numbers.write(
                  row * width..<(row + 1) * width, to: numbers)
                let step = row.isMultiple(of: 2) ? 1 : -1
                let current = row % 3 * stride + pad
                let below = (row + 1) % 3 * stride + pad
                let last = (row + 2) % 3 * stride + pad
                let writes = row >= rows.lowerBound
                var x = step > 0 ? 0 : width - 1
                // What the next pixel in the row is given.
                var ahead = SIMD4<Float>.zero
                for _ in 0..<width {
                  let number = Int(numbers[x])
                  let point = points[number]
                  let known = Int(nearest[number])
                  var error = errors[current + x] + ahead
                  let limit = palette.spacing[known] * Knobs.limit
                  let own = point - palette.points[known]
                  let fit = (own * own).sum().squareRoot()
                  let most = min(limit, fit * Knobs.gain)
                  let size = (error * error).sum()
                  if size > most * most {
                    error *= most / size.squareRoot()
                  }
                  let wanted = point + error
                  let entry = palette.nearest(to: wanted, from: known)
                  let rest = (wanted - palette.points[entry]) * strength
                  if writes {
                    indices.start[row * width + x] = UInt16(
                      truncatingIfNeeded: entry)
                  }
                  if isSimple {
                    let share = rest * 0.0625
                    ahead = share * 7
                    errors[below + x - step] += share * 3
                    errors[below + x] += share * 5
                    errors[below + x + step] += share
                  } else {
                    ahead = .zero
                    for tap in taps {
                      let start =
                        tap.below == 0
                        ? current : tap.below == 1 ? below : last
                      errors[start + x + step * tap.ahead] += rest * tap.share
                    }
                  }
                  x += step
                }
                for i in 0..<stride { errors[current - pad + i] = .zero }
              }
            }
          }
        }
      }
    }
  }
}
