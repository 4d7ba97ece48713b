public import ColorModels
public import ParallelWork
public import Rasters

/// The colours of an original as they are seen, for images that give each of
/// them one other colour: those are compared colour by colour, and only what
/// comes of it is gathered pixel by pixel.
public struct SeenColors: Sendable {
  private let size: ImageSize
  private let backdrop: Backdrop
  private let workers: Workers

  /// Red, green, blue and alpha of 16 bits.
  private let colors: [SIMD4<UInt16>]

  /// For each colour one on each background.
  private let seen: [LabColor]

  /// The number of each pixel's colour.
  private let numbers: [UInt32]

  /// As many colours are one piece of work.
  private static let colorsInPiece = 4_096

  /// Looks at the colours of an original.
  ///
  /// - Parameters:
  ///   - original: The image.
  ///   - colors: Its distinct colours: red, green, blue and alpha, 0 to 65,535.
  ///   - numbers: For each pixel, row by row, the number of its colour.
  ///   - gamut: What samples look like at their greatest.
  ///   - workers: The threads to use; the results do not depend on them.
  /// - Precondition: There is a number for each pixel, and a colour for each
  ///   number.
  /// - Complexity: O(colours + pixels), some 0.1 µs a colour; 32 bytes of memory
  ///   a colour, 80 with alpha, and 4 a pixel.
  public init(
    of original: Pixels, colors: [SIMD4<UInt16>], numbers: [UInt32],
    in gamut: RGBGamut = .sRGB, workers: Workers
  ) {
    precondition(numbers.count == original.size.pixelCount)
    precondition(numbers.allSatisfy { $0 < colors.count })
    let backdrop = Backdrop(original, original, gamut: gamut)
    size = original.size
    self.backdrop = backdrop
    self.workers = workers
    self.colors = colors
    self.numbers = numbers
    let pieces = Self.pieces(of: colors.count)
    seen = workers.map(pieces.count) { piece in
      pieces[piece].flatMap { n in
        backdrop.levels.map { SeenColor(colors[n], on: $0, in: gamut).lab }
      }
    }.flatMap(\.self)
  }

  private static func pieces(of count: Int) -> [Range<Int>] {
    stride(from: 0, to: count, by: colorsInPiece).map {
      $0..<min(count, $0 + colorsInPiece)
    }
  }

  /// How far an image is from the original.
  ///
  /// - Parameters:
  ///   - palette: The colours of the image: red, green, blue and alpha, 0 to
  ///     65,535.
  ///   - entries: For each colour of the original the number of that which its
  ///     pixels have.
  /// - Returns: What `ColorDifference` has of the two images, to the last bit.
  /// - Precondition: There is an entry for each colour.
  /// - Complexity: O(pixels + colours), some 0.2 µs a colour, three times that
  ///   with alpha; 8 bytes of memory a colour and 4 a pixel.
  public func difference(
    to palette: [SIMD4<UInt16>], entries: [UInt16]
  ) -> ColorDifference {
    precondition(entries.count == colors.count)
    let differences = differences(to: palette, entries)
    let bands = ColorComparison.bands(of: size)
    let width = size.width
    var sums: [Double] = []
    let ofPixels = [Float](
      unsafeUninitializedCapacity: size.pixelCount
    ) { buffer, count in
      let memory = SharedMemory(buffer)
      sums = workers.map(bands.count) { band in
        let rows = bands[band]
        var sum = 0.0
        for pixel in rows.lowerBound * width..<rows.upperBound * width {
          let difference = differences[Int(numbers[pixel])]
          sum += difference
          (memory.start + pixel).initialize(to: Float(difference))
        }
        return sum
      }
      count = size.pixelCount
    }
    return ColorDifference(sums: sums, ofPixels: ofPixels)
  }

  /// ΔE₀₀ of each colour.
  private func differences(
    to palette: [SIMD4<UInt16>], _ entries: [UInt16]
  ) -> [Double] {
    let levels = backdrop.levels.count
    let seenPalette = palette.flatMap { color in
      backdrop.levels.map {
        SeenColor(color, on: $0, in: backdrop.gamut).lab
      }
    }
    let pieces = Self.pieces(of: colors.count)
    return workers.map(pieces.count) { piece in
      pieces[piece].map { n in
        let entry = Int(entries[n])
        let (color, other) = (colors[n], palette[entry])
        guard color != other else { return 0 }
        // Opaque colours show the same on every background.
        let isOpaque = color.w == .max && other.w == .max
        let shown = isOpaque ? 1 : levels
        var sum = 0.0
        for level in 0..<shown {
          sum += seen[n * levels + level].difference(
            to: seenPalette[entry * levels + level])
        }
        return sum / Double(shown)
      }
    }.flatMap(\.self)
  }
}
