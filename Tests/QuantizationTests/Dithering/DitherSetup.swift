import ParallelWork
import Quantization
import Rasters
import TruncatedEM
import _TestSupport

/// An image, its colours and a palette, ready to be dithered.
struct DitherSetup {
  let pixels: Pixels
  let assignment: ColorAssignment

  init(
    _ raster: Raster, _ colors: [FixedPalette.Color],
    space: CompositeSpace = .encoded
  ) throws {
    pixels = .eight(raster)
    assignment = try ColorAssignment(
      FixedPalette(colors),
      of: ColorPoints(
        ColorHistogram(of: raster), in: space, engine: TruncatedEM()),
      keepsUnused: true)
  }

  /// Opaque colours.
  init(
    _ raster: Raster, _ colors: [UInt32], space: CompositeSpace = .encoded
  ) throws {
    try self.init(
      raster,
      colors.map { FixedPalette.Color(color: RGBColor(packed: $0)) },
      space: space)
  }

  func dithered(
    _ options: DitherOptions, threads: Int = 2,
    isFixed: @escaping (Palette.Entry) -> Bool = { _ in false }
  ) -> DitheredImage {
    DitheredImage(
      DitherPlanner(options, workers: Workers(threads: threads)), assignment,
      pixels, isFixed: isFixed)
  }

  /// What dithering looks at.
  var field: DitherField {
    DitherField(pixels, DitherColors(assignment, Workers(threads: 1)))
  }

  /// How entries are near each other in bands.
  ///
  /// - Parameters:
  ///   - bands: Numbers of bands.
  ///   - indices: The entries of all pixels.
  ///   - entries: How many there are.
  ///   - threads: The threads to use.
  /// - Returns: The counts.
  func pairs(
    _ bands: [Int], _ indices: [UInt16], entries: Int, threads: Int = 2
  ) -> PairCounts {
    var indices = indices
    let workers = Workers(threads: threads)
    return indices.withUnsafeMutableBufferPointer {
      let memory = SharedMemory($0)
      let samples = bands.map { DitherSample($0, of: field, memory) }
      return PairCounts(
        BlurredScene(samples, workers), entries: entries, workers)
    }
  }

  /// The points of a palette's entries.
  func points(_ palette: Palette) -> [SIMD4<Double>] {
    palette.entries.map {
      assignment.space.point($0.color, alpha: $0.alpha)
    }
  }

  /// Σ e·(g∗e) over bands, e the error of each pixel: what the blurred eye
  /// sees.
  func seenError(_ image: DitheredImage) -> Double {
    let field = field
    let points = points(image.palette).map { SIMD4<Float>($0) }
    let width = image.size.width
    return (0..<DitherBands.count(image.size)).reduce(0) { sum, band in
      let rows = DitherBands.rows(band, image.size)
      let errors = field.numbers(ofRows: rows).enumerated().map { i, number in
        field.points[Int(number)]
          - points[Int(image.indices[rows.lowerBound * width + i])]
      }
      let blurred = EyeBlur().blurred(errors, width: width)
      return sum
        + zip(errors, blurred).reduce(0) { $0 + Double(($1.0 * $1.1).sum()) }
    }
  }
}

extension DitherOptions {
  /// A method, all of the error made up for.
  init(
    _ method: DitherMethod, strength: Double = 1, rounds: Int = 0,
    sweeps: Int = 0
  ) {
    self.init()
    self.method = method
    self.strength = strength
    self.rounds = rounds
    self.sweeps = sweeps
  }
}

extension DitherMethod {
  /// All that mix pixels.
  static let mixing = all.filter { $0 != .none }
}

extension TestRasters {
  /// Every pixel the same grey.
  static func flat(_ level: UInt8, width: Int, height: Int) -> Raster {
    make(width: width, height: height) { _, _ in UInt32(level) * 0x010101 }
  }
}
