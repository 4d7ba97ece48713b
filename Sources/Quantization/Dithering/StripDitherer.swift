import ParallelWork
package import Rasters

/// Dithers an image that is never in memory as a whole.
///
/// The palette is in the order of its pixels, as that of ``Ditherer`` is, which is
/// known only when all of them are dithered. So all strips are given twice: once
/// to be counted (``count(_:)``), and, after ``finish()``, to get the entries of
/// their pixels. What comes out is what ``Ditherer`` makes of the whole image.
package struct StripDitherer {
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

  /// The bands that stand for an image.
  package static func samples(_ size: ImageSize) -> [Int] {
    DitherBands.sample(size)
  }

  /// Fits the palette to its dithering.
  ///
  /// - Parameters:
  ///   - ditherer: How to dither.
  ///   - histogram: The image's colours.
  ///   - assignment: The palette, and which entry each colour is nearest to.
  ///   - samples: The bands that stand for the image, one in each strip; none
  ///     where they are not wanted.
  ///   - isFixed: Whether an entry of the palette must stay as it is.
  /// - Complexity: O(colours), and O(pixels of the samples + entries³) a round.
  package init(
    _ ditherer: Ditherer, _ histogram: ColorHistogram,
    _ assignment: ColorAssignment, samples: [DitherStrip],
    isFixed: @escaping (Palette.Entry) -> Bool
  ) {
    let colors = DitherColors(
      histogram, nearest: assignment.entries, ditherer.workers)
    let fields = samples.map {
      DitherField($0.pixels, colors, from: $0.first, of: $0.size)
    }
    var indices = [UInt16](
      repeating: 0, count: max(1, fields.reduce(0) { $0 + $1.pixelCount }))
    let (entries, rounds) = indices.withUnsafeMutableBufferPointer { buffer in
      var memory = SharedMemory(buffer)
      var bands: [DitherSample] = []
      for (strip, field) in zip(samples, fields) {
        bands.append(DitherSample(strip.bands.lowerBound, of: field, memory))
        memory = memory.advanced(by: field.pixelCount)
      }
      return samples.isEmpty
        ? (assignment.palette.entries, 0)
        : ditherer.fitted(
          assignment.palette.entries, bands, colors, histogram.space,
          isFixed: isFixed)
    }
    self.rounds = rounds
    self.colors = colors
    self.isFixed = isFixed
    workers = ditherer.workers
    plan = ditherer.plan(entries, colors, histogram.space)
    tally = DitherTally(entries)
  }

  /// Counts the entries that a strip's pixels will get; to be called for all,
  /// from the top to the bottom.
  ///
  /// - Complexity: O(pixels).
  package mutating func count(_ strip: DitherStrip) {
    var (field, indices) = dithered(strip)
    indices.withUnsafeMutableBufferPointer {
      tally.add(strip.bands, of: field, SharedMemory($0), workers)
    }
  }

  /// Orders the palette, after all strips were counted.
  package mutating func finish() {
    (palette, places) = tally.palette(keeping: isFixed)
  }

  /// The entries of the pixels of a strip's bands, row by row.
  ///
  /// - Complexity: O(pixels).
  package func indices(_ strip: DitherStrip) -> [UInt16] {
    precondition(!places.isEmpty)
    let (field, indices) = dithered(strip)
    let rows = DitherBands.rows(strip.bands.lowerBound, strip.size)
    return indices[field.place(ofRow: rows.lowerBound)...].map {
      places[Int($0)]
    }
  }

  private func dithered(
    _ strip: DitherStrip
  ) -> (field: DitherField, indices: [UInt16]) {
    let field = DitherField(
      strip.pixels, colors, from: strip.first, of: strip.size)
    var indices = [UInt16](repeating: 0, count: field.pixelCount)
    let plan = plan
    indices.withUnsafeMutableBufferPointer { buffer in
      let indices = SharedMemory(buffer)
      workers.forEach(strip.bands.count) {
        plan.dither(strip.bands.lowerBound + $0, of: field, into: indices)
      }
    }
    return (field, indices)
  }
}
