package import Rasters

/// The input of dithering: the pixels of an image, or of some rows of it, and
/// their colours.
package struct DitherField: Sendable {
  /// The size of the whole image.
  let size: ImageSize

  /// The rows that are here.
  let rows: Range<Int>

  /// The image's colours.
  let colors: DitherColors

  /// Where the colours of pixels are from.
  private enum Source {
    case pixels(Pixels)
    case numbers([UInt32])
  }

  private let source: Source

  /// The point of each colour.
  package var points: [SIMD4<Float>] { colors.points }

  /// The entry nearest to each colour.
  package var nearest: [UInt16] { colors.nearest }

  /// The class of each colour.
  package var classes: [UInt8] { colors.classes }

  /// Looks at an image, or at rows of one.
  ///
  /// - Parameters:
  ///   - pixels: The rows.
  ///   - colors: The colours of the image.
  ///   - first: The number of the first row.
  ///   - size: The size of the image; `nil` where the rows are all of it.
  package init(
    _ pixels: Pixels, _ colors: DitherColors, from first: Int = 0,
    of size: ImageSize? = nil
  ) {
    self.size = size ?? pixels.size
    rows = first..<first + pixels.size.height
    precondition(rows.upperBound <= self.size.height)
    self.colors = colors
    source = .pixels(pixels)
  }

  /// A whole image whose colours have been looked up.
  ///
  /// - Parameters:
  ///   - numbers: The numbers of its pixels' colours, row by row.
  ///   - colors: Its colours.
  ///   - size: Its size.
  init(_ numbers: [UInt32], _ colors: DitherColors, _ size: ImageSize) {
    precondition(numbers.count == size.pixelCount)
    self.size = size
    rows = 0..<size.height
    self.colors = colors
    source = .numbers(numbers)
  }

  /// How many pixels are here.
  var pixelCount: Int { rows.count * size.width }

  /// Where the pixels of a row begin among those that are here.
  @inline(__always)
  package func place(ofRow row: Int) -> Int {
    (row - rows.lowerBound) * size.width
  }

  /// The numbers of the colours of rows.
  package func numbers(ofRows rows: Range<Int>) -> [UInt32] {
    numbers(place(ofRow: rows.lowerBound)..<place(ofRow: rows.upperBound))
  }

  /// The numbers of the colours of a part of a row.
  func numbers(ofRow row: Int, _ columns: Range<Int>) -> [UInt32] {
    let start = place(ofRow: row)
    return numbers(start + columns.lowerBound..<start + columns.upperBound)
  }

  private func numbers(_ range: Range<Int>) -> [UInt32] {
    switch source {
    case .numbers(let numbers): return Array(numbers[range])
    case .pixels(let pixels):
      return [UInt32](unsafeUninitializedCapacity: range.count) {
        buffer, filled in
        colors.ranks.forEach(range, of: pixels) { place, color in
          buffer[place] = UInt32(truncatingIfNeeded: color)
        }
        filled = range.count
      }
    }
  }
}
