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
  private var whole = Whole.none

  private enum Whole {
    case none
    case narrow([UInt8])
    case wide([UInt16])
  }

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
    let colors = planner.colors(of: assignment)
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
    let colors = planner.colors(of: assignment)
    let field = DitherField(pixels, colors)
    let bands = DitherBands.sample(field.size).map { (band: $0, field: field) }
    let planned = planner.share(
      of: bands, in: field.pixelCount, assignment.palette.entries.count)
    self = WorkMeter.part(0...planned) {
      Ditherer(planner, assignment, colors, bands, isFixed)
    }
    let isNarrow =
      assignment.palette.entries.count <= PaletteSize.mostIndexed
    whole = WorkMeter.part(planned...1) {
      isNarrow ? .narrow(counted(field)) : .wide(counted(field))
    }
    finish()
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
    let parts = dithered(strip.bands, of: field) { [tally] in
      tally.part($0, of: field, $1)
    }
    tally.add(parts)
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
    let first = DitherBands.rows(strip.bands.lowerBound, strip.size).lowerBound
    let count = field.pixelCount - field.place(ofRow: first)
    return [UInt16](unsafeUninitializedCapacity: count) { buffer, filled in
      let memory = SharedMemory(buffer)
      _ = dithered(strip.bands, of: field) { [places] band, indices in
        let range = Self.pixels(band, of: field)
        let target = memory.start - field.place(ofRow: first)
        places.withUnsafeBufferPointer { places in
          for i in range { target[i] = places[Int(indices.start[i])] }
        }
      }
      filled = count
    }
  }

  /// The entries of all pixels, row by row, of an image that is one strip.
  ///
  /// - Complexity: O(pixels).
  package var entriesOfWhole: [UInt16] {
    switch whole {
    case .none: preconditionFailure("the image came strip by strip")
    case .narrow(let indices): placed(indices).map { UInt16($0) }
    case .wide(let indices): placed(indices)
    }
  }

  /// An image that is one strip, its pixels by their entries.
  ///
  /// - Parameter size: Its size.
  /// - Returns: The pixels: indexed where there are at most 256 entries.
  /// - Complexity: O(pixels).
  package func mappedWhole(_ size: ImageSize) -> QuantizedImage.Mapped {
    guard case .narrow(let indices) = whole else {
      return palette.mapped(entriesOfWhole, size: size)
    }
    return .indexed(
      IndexedImage(
        size: size, palette: palette.colors, alphas: palette.alphas,
        indices: placed(indices)))
  }

  private func field(_ strip: DitherStrip) -> DitherField {
    DitherField(strip.pixels, colors, from: strip.first, of: strip.size)
  }

  /// Dithers an image and counts its entries.
  ///
  /// - Returns: The entries of all pixels.
  private mutating func counted<Index: FixedWidthInteger & Sendable>(
    _ field: DitherField
  ) -> [Index] {
    var parts: [DitherTally.Part] = []
    let result = [Index](unsafeUninitializedCapacity: field.pixelCount) {
      buffer, filled in
      let memory = SharedMemory(buffer)
      parts = dithered(0..<DitherBands.count(field.size), of: field) {
        [tally] band, indices in
        for i in Self.pixels(band, of: field) {
          memory.start[i] = Index(truncatingIfNeeded: indices.start[i])
        }
        return tally.part(band, of: field, indices)
      }
      filled = field.pixelCount
    }
    tally.add(parts)
    return result
  }

  /// Dithers bands, each into memory that lasts as long as `body` looks at it.
  ///
  /// - Parameters:
  ///   - bands: Their numbers.
  ///   - field: Their rows.
  ///   - body: Gets the number of a band, and the entries of its pixels where
  ///     the field has the pixels.
  /// - Returns: What `body` returned for each.
  private func dithered<Result: Sendable>(
    _ bands: Range<Int>, of field: DitherField,
    _ body: @Sendable (Int, SharedMemory<UInt16>) -> Result
  ) -> [Result] {
    workers.mapMetered(bands.count) { [plan] i in
      let band = bands.lowerBound + i
      let range = Self.pixels(band, of: field)
      return withUnsafeTemporaryAllocation(
        of: UInt16.self, capacity: range.count
      ) { buffer in
        let indices = SharedMemory(buffer).advanced(by: -range.lowerBound)
        plan.dither(band, of: field, into: indices)
        return body(band, indices)
      }
    }
  }

  /// Where the pixels of a band are in a field.
  private static func pixels(
    _ band: Int, of field: DitherField
  ) -> Range<Int> {
    let rows = DitherBands.rows(band, field.size)
    return field.place(
      ofRow: rows.lowerBound)..<field.place(ofRow: rows.upperBound)
  }

  /// Entries by their numbers in the palette.
  private func placed<Index: FixedWidthInteger & Sendable>(
    _ indices: [Index]
  ) -> [Index] {
    let pieces = max(1, min(64, indices.count / 65_536))
    return [Index](unsafeUninitializedCapacity: indices.count) {
      buffer, filled in
      let memory = SharedMemory(buffer)
      workers.forEach(pieces) { [places] piece in
        let range = indices.indices.piece(piece, of: pieces)
        places.withUnsafeBufferPointer { places in
          indices.withUnsafeBufferPointer { indices in
            for i in range {
              memory.start[i] = Index(
                truncatingIfNeeded: places[Int(indices[i])])
            }
          }
        }
      }
      filled = indices.count
    }
  }
}
