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

  /// Some of the rows, their colours looked up for several uses.
  ///
  /// - Parameter rows: Their numbers, all of them here.
  /// - Returns: The rows.
  /// - Complexity: O(pixels); 4 bytes of memory each.
  func lookedUp(_ rows: Range<Int>) -> DitherField {
    DitherField(rows, numbers(ofRows: rows), of: self)
  }

  private init(_ rows: Range<Int>, _ numbers: [UInt32], of field: DitherField) {
    size = field.size
    colors = field.colors
    self.rows = rows
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

  /// Calls `body` with the red, green and blue of rows as bytes, where pixels
  /// have such and are opaque.
  ///
  /// - Returns: What `body` returned, `nil` where they have not.
  func withSamples<Result>(
    ofRows rows: Range<Int>, _ body: (UnsafePointer<UInt8>) -> Result
  ) -> Result? {
    guard case .pixels(.eight(let raster)) = source, raster.channels == .rgb
    else { return nil }
    return raster.samples.withUnsafeBufferPointer {
      precondition(place(ofRow: rows.upperBound) * 3 <= $0.count)
      return $0.baseAddress.map { body($0 + 3 * place(ofRow: rows.lowerBound)) }
    }
  }

  /// The points of the colours of rows.
  ///
  /// - Complexity: O(pixels).
  func points(ofRows rows: Range<Int>) -> [SIMD4<Float>] {
    guard colors.groups != nil else {
      return numbers(ofRows: rows).map { points[Int($0)] }
    }
    let count = rows.count * size.width
    let alpha = Float(colors.space.opaqueAlpha)
    return withSamples(ofRows: rows) { samples in
      (0..<count).map { Self.point(samples + 3 * $0, alpha) }
    } ?? []
  }

  /// The colours of a part of a row, for `DitherColors.only`.
  func keys(ofRow row: Int, _ columns: Range<Int>) -> [UInt32] {
    guard colors.groups != nil else { return numbers(ofRow: row, columns) }
    return withSamples(ofRows: row..<row + 1) { samples in
      columns.map { Self.color(samples + 3 * $0) }
    } ?? []
  }

  @inline(__always)
  private static func point(
    _ sample: UnsafePointer<UInt8>, _ alpha: Float
  ) -> SIMD4<Float> {
    SIMD4(Float(sample[0]), Float(sample[1]), Float(sample[2]), alpha)
  }

  /// Reads what dithering looks at of some pixels of a row.
  ///
  /// - Parameters:
  ///   - row: Its number.
  ///   - columns: The pixels.
  ///   - limits: How much error each colour receives.
  ///   - target: Room for as many pixels.
  /// - Complexity: O(pixels).
  func read(
    _ row: Int, _ columns: Range<Int>, _ limits: ErrorLimits,
    into target: DitherRow
  ) {
    guard let groups = colors.groups, let own = limits.own else {
      let numbers = numbers(ofRow: row, columns)
      points.withUnsafeBufferPointer { points in
        nearest.withUnsafeBufferPointer { nearest in
          classes.withUnsafeBufferPointer { classes in
            limits.squared.withUnsafeBufferPointer { limits in
              for x in 0..<numbers.count {
                let number = Int(numbers[x])
                target.points[x] = points[number]
                target.limits[x] = limits[number]
                target.known[x] = nearest[number]
                target.classes[x] = classes[number]
              }
            }
          }
        }
      }
      return
    }
    let alpha = Float(colors.space.opaqueAlpha)
    _ = withSamples(ofRows: row..<row + 1) { samples in
      groups.ofCubes.withUnsafeBufferPointer { cubes in
        groups.nearest.withUnsafeBufferPointer { nearest in
          limits.squared.withUnsafeBufferPointer { limits in
            var x = 0
            while x < columns.count {
              let sample = samples + 3 * (columns.lowerBound + x)
              let group = Int(
                cubes[ColorGroups.cube(sample[0], sample[1], sample[2])])
              target.points[x] = Self.point(sample, alpha)
              target.known[x] = nearest[group]
              target.classes[x] = DitherColors.Class.opaque.rawValue
              var limit = limits[group]
              if limit < 0 {
                limit = own.entry(of: Self.color(sample)) == nil ? -limit : 0
              }
              target.limits[x] = limit
              x += 1
            }
          }
        }
      }
    }
  }

  /// Red, green and blue as one number.
  @inline(__always)
  static func color(_ sample: UnsafePointer<UInt8>) -> UInt32 {
    UInt32(sample[0]) << 16 | UInt32(sample[1]) << 8 | UInt32(sample[2])
  }

  private func numbers(_ range: Range<Int>) -> [UInt32] {
    switch source {
    case .numbers(let numbers): return Array(numbers[range])
    case .pixels(let pixels):
      return [UInt32](unsafeUninitializedCapacity: range.count) {
        buffer, filled in
        colors.forEach(range, of: pixels) { place, color in
          buffer[place] = UInt32(truncatingIfNeeded: color)
        }
        filled = range.count
      }
    }
  }
}
