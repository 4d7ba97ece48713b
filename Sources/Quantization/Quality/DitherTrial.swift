package import Rasters

/// An image dithered to a palette on trial, to be measured.
package struct DitherTrial {
  private let ditherer: Ditherer
  private let assignment: ColorAssignment

  /// The points of the colours in encoded samples.
  private let points: [SIMD4<Float>]

  /// The numbers of the colours of all pixels.
  private let numbers: [UInt32]
  private let entries: [UInt16]
  private let size: ImageSize
  private let planner: DitherPlanner

  /// Dithers.
  ///
  /// - Parameters:
  ///   - pixels: The image.
  ///   - assignment: The palette, and the entry nearest to each colour.
  ///   - options: How.
  /// - Throws: `QuantizationError.tooManyToDither`.
  /// - Complexity: O(pixels), and O(pixels + entries³) for each round of
  ///   fitting the palette to the dithering.
  package init(
    _ pixels: Pixels, _ assignment: ColorAssignment,
    _ options: QuantizerOptions
  ) throws(QuantizationError) {
    try options.checkDithering(assignment.palette)
    self.assignment = assignment
    size = pixels.size
    planner = options.ditherPlanner
    let pixels = assignment.histogram.adapted(pixels)
    ditherer = Ditherer(
      planner, assignment, whole: pixels, isFixed: options.isPinned)
    entries = ditherer.entriesOfWhole
    numbers = ColorRanks(assignment.histogram).all(
      of: pixels, workers: planner.workers)
    points = DitherColors.points(
      of: assignment.histogram, in: .encoded, planner.workers)
  }

  /// The summed squared distance of all pixels from their entries in encoded
  /// samples.
  package var squaredError: Double { ditherer.squaredError }

  /// How often each entry shows each colour.
  ///
  /// - Complexity: O(pixels × log pixels of a colour).
  package func mappedColors() -> MappedColors {
    MappedColors(
      numbers, entries, ditherer.palette.entries, assignment.histogram)
  }

  /// The most that the ratio can be. Ordered patterns are regular, and look
  /// better than their error under the blur: by SSIMULACRA2 about as good as no
  /// dithering with as many colours (docs/benchmarks.md#looks).
  private static let mostRatio = 1.15

  /// The error that the eye sees over that of the nearest entries.
  ///
  /// - Returns: 0 to 1.15; 1 where all nearest entries are exact.
  /// - Complexity: O(18 pixels), of about a megapixel at most.
  package func eyeRatio() -> Double {
    let nearest = eyeError(assignment.palette.entries) {
      [entries = assignment.entries] _, color in Int(entries[color])
    }
    let dithered = eyeError(ditherer.palette.entries) {
      [entries] place, _ in Int(entries[place])
    }
    return nearest > 0 ? min(Self.mostRatio, dithered / nearest) : 1
  }

  /// The error that the eye sees, over the bands that stand for the image.
  ///
  /// - Parameters:
  ///   - palette: The entries.
  ///   - entry: The number of the entry of a pixel, by its place and the number
  ///     of its colour.
  /// - Returns: The sum of `EyeBlur.seenError` over the bands.
  private func eyeError(
    _ palette: [Palette.Entry],
    _ entry: @Sendable (_ place: Int, _ color: Int) -> Int
  ) -> Double {
    let encoded = CompositeSpace.encoded
    let shown = palette.map {
      SIMD4<Float>(encoded.point($0.color, alpha: $0.alpha))
    }
    let bands = DitherBands.sample(size)
    let width = size.width
    return planner.workers.map(bands.count) { [numbers, points, size] i in
      let rows = DitherBands.rows(bands[i], size)
      let errors = (rows.lowerBound * width..<rows.upperBound * width).map {
        place in
        let color = Int(numbers[place])
        return points[color] - shown[entry(place, color)]
      }
      return EyeBlur().seenError(errors, width: width)
    }.reduce(0, +)
  }
}
