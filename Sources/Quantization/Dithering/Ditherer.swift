import ParallelWork
package import Rasters

/// Dithers an image to a palette, and fits the palette to that.
///
/// The palette is in the order of its pixels, which is known only when all of
/// them are dithered. So the strips of an image that is never in memory as a
/// whole are given twice: once to be counted (``count(_:)``), and once to get
/// the entries of their pixels (``entries(of:)``). An image in memory is one
/// strip, which is dithered once.
package struct Ditherer {
  /// The most entries that a palette may have: with more, plain mapping is as
  /// good.
  package static let mostEntries = 4_096

  /// The palette; empty before ``finish()``.
  package private(set) var palette = Palette(entries: [])

  /// The summed squared distance of all pixels from their entries in encoded
  /// samples.
  package var squaredError: Double { tally.squaredError }

  /// How many rounds of fitting the palette to the dithering were kept.
  package let rounds: Int

  private let colors: DitherColors
  private let plan: DitherPlan
  private let isFixed: (Palette.Entry) -> Bool
  private let workers: Workers
  private var tally: DitherTally
  private var places: [UInt16] = []

  /// The entries of all pixels as they are before the palette is in order,
  /// where the image is one strip.
  private var whole: [UInt16]?

  /// The bands that stand for an image.
  package static func samples(_ size: ImageSize) -> [Int] {
    DitherBands.sample(size)
  }

  /// Fits the palette to its dithering, to dither strips afterwards.
  ///
  /// - Parameters:
  ///   - planner: How to dither.
  ///   - assignment: The palette, and which entry each colour is nearest to.
  ///   - samples: The bands that stand for the image, one in each strip; none
  ///     where they are not wanted.
  ///   - isFixed: Whether an entry of the palette must stay as it is.
  /// - Complexity: O(colours), and O(pixels of the samples + entries³) a round.
  package init(
    _ planner: DitherPlanner, _ assignment: ColorAssignment,
    samples: [DitherStrip], isFixed: @escaping (Palette.Entry) -> Bool
  ) {
    let colors = DitherColors(assignment, planner.workers)
    let bands = samples.map {
      (
        band: $0.bands.lowerBound,
        field: DitherField($0.pixels, colors, from: $0.first, of: $0.size)
      )
    }
    self.init(planner, assignment, colors, bands, isFixed)
  }

  /// Fits the palette to its dithering, and dithers the image.
  ///
  /// - Parameters:
  ///   - planner: How to dither.
  ///   - assignment: The palette, and which entry each colour is nearest to.
  ///   - pixels: The image.
  ///   - isFixed: Whether an entry of the palette must stay as it is.
  /// - Complexity: O(pixels), and O(pixels + entries³) a round.
  package init(
    _ planner: DitherPlanner, _ assignment: ColorAssignment,
    whole pixels: Pixels, isFixed: @escaping (Palette.Entry) -> Bool
  ) {
    let colors = DitherColors(assignment, planner.workers)
    let field = DitherField(pixels, colors)
    let bands = DitherBands.sample(field.size).map { (band: $0, field: field) }
    let planned = planner.share(
      of: bands, in: field.pixelCount, assignment.palette.entries.count)
    self = WorkMeter.part(0...planned) {
      Ditherer(planner, assignment, colors, bands, isFixed)
    }
    var indices = [UInt16](repeating: 0, count: field.pixelCount)
    indices.withUnsafeMutableBufferPointer { buffer in
      let memory = SharedMemory(buffer)
      WorkMeter.part(planned...1) {
        count(0..<DitherBands.count(field.size), of: field, memory)
      }
    }
    finish()
    whole = indices
  }

  private init(
    _ planner: DitherPlanner, _ assignment: ColorAssignment,
    _ colors: DitherColors, _ bands: [(band: Int, field: DitherField)],
    _ isFixed: @escaping (Palette.Entry) -> Bool
  ) {
    let planner = planner.suited(to: assignment)
    let entries: [Palette.Entry]
    (entries, rounds) = planner.fitted(
      assignment.palette.entries, bands, colors, isFixed: isFixed)
    self.colors = colors
    self.isFixed = isFixed
    workers = planner.workers
    plan = planner.plan(entries, colors)
    tally = DitherTally(entries)
  }

  /// Counts the entries that a strip's pixels will get; to be called for all,
  /// from the top to the bottom.
  ///
  /// - Complexity: O(pixels).
  package mutating func count(_ strip: DitherStrip) {
    let field = field(strip)
    var indices = [UInt16](repeating: 0, count: field.pixelCount)
    indices.withUnsafeMutableBufferPointer {
      count(strip.bands, of: field, SharedMemory($0))
    }
  }

  /// Orders the palette, after all strips were counted.
  package mutating func finish() {
    (palette, places) = tally.palette(keeping: isFixed)
  }

  /// The entries of the pixels of a strip's bands, row by row.
  ///
  /// - Complexity: O(pixels).
  package func entries(of strip: DitherStrip) -> [UInt16] {
    precondition(!places.isEmpty)
    let field = field(strip)
    var indices = [UInt16](repeating: 0, count: field.pixelCount)
    indices.withUnsafeMutableBufferPointer {
      dither(strip.bands, of: field, SharedMemory($0))
    }
    let rows = DitherBands.rows(strip.bands.lowerBound, strip.size)
    return placed(indices[field.place(ofRow: rows.lowerBound)...])
  }

  /// The entries of all pixels, row by row, of an image that is one strip.
  ///
  /// - Complexity: O(pixels).
  package var entriesOfWhole: [UInt16] {
    guard let whole else {
      preconditionFailure("the image came strip by strip")
    }
    return placed(whole[...])
  }

  private func field(_ strip: DitherStrip) -> DitherField {
    DitherField(strip.pixels, colors, from: strip.first, of: strip.size)
  }

  /// Dithers bands and counts their entries.
  private mutating func count(
    _ bands: Range<Int>, of field: DitherField, _ indices: SharedMemory<UInt16>
  ) {
    WorkMeter.part(0...0.95) { dither(bands, of: field, indices) }
    tally.add(bands, of: field, indices, workers)
  }

  private func dither(
    _ bands: Range<Int>, of field: DitherField, _ indices: SharedMemory<UInt16>
  ) {
    let plan = plan
    workers.forEachMetered(bands.count) {
      plan.dither(bands.lowerBound + $0, of: field, into: indices)
    }
  }

  /// Entries by their numbers in the palette.
  private func placed(_ indices: ArraySlice<UInt16>) -> [UInt16] {
    places.withUnsafeBufferPointer { places in
      indices.map { places[Int($0)] }
    }
  }
}
