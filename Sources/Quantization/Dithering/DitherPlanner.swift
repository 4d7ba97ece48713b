package import ParallelWork
import Rasters

/// Prepares to dither with palettes, and fits palettes to their dithering.
package struct DitherPlanner: Sendable {
  private var options: DitherOptions
  private let posterization: Posterization

  /// The last rounds of fitting a palette, which look at large pieces of an
  /// image, or all of it.
  private static let fullRounds = 2

  let workers: Workers

  /// Prepares to dither.
  ///
  /// - Parameters:
  ///   - options: How.
  ///   - posterization: The bits that a fitted palette's samples have.
  ///   - workers: The threads to use; the result does not depend on them.
  package init(
    _ options: DitherOptions, posterization: Posterization = .none,
    workers: Workers
  ) {
    self.options = options
    self.posterization = posterization
    self.workers = workers
  }

  /// The planner for an image, which may need no dithering at all.
  ///
  /// - Parameter assignment: The palette, and which entry each colour is
  ///   nearest to.
  /// - Returns: A planner of no method for an image of two colours that is to
  ///   be spared.
  /// - Complexity: O(colours) for palettes of two.
  func suited(to assignment: ColorAssignment) -> DitherPlanner {
    guard options.sparesTwoTones, assignment.isTwoTone else { return self }
    var planner = self
    planner.options = DitherOptions()
    return planner
  }

  /// The colours of an image as they are dithered.
  ///
  /// Sweeps and areas whose means are kept look at each colour for itself.
  func colors(of assignment: ColorAssignment) -> DitherColors {
    let options = suited(to: assignment).options
    let isGrouped =
      switch options.method {
      case .none: false
      case .errorDiffusion, .riemersma:
        options.sweeps == 0 && options.strength < 1
      case .ordered: true
      }
    return DitherColors(assignment, isGrouped: isGrouped, workers)
  }

  /// Images of fewer pixels are not worth a grid of the entries.
  private static let leastForGrid = 1 << 18

  /// Prepares to dither bands.
  ///
  /// - Parameters:
  ///   - entries: The palette's.
  ///   - colors: The colours of the bands.
  ///   - isTrial: Whether the pixels only show what a palette is worth.
  /// - Returns: A plan for bands of these colours.
  func plan(
    _ entries: [Palette.Entry], _ colors: DitherColors, isTrial: Bool = false
  ) -> DitherPlan {
    DitherPlan(
      options,
      DitherEntries(
        entries.map { colors.space.point($0.color, alpha: $0.alpha) },
        firstOpaque: entries.firstIndex { $0.alpha == 255 } ?? entries.count,
        grid: !isTrial && colors.pixelCount >= Self.leastForGrid
          ? workers : nil),
      colors, isTrial: isTrial, workers)
  }

  /// Whether a palette of this many entries is fitted to its dithering.
  func fits(_ entries: Int) -> Bool {
    options.rounds > 0 && entries <= DitherAwarePalette.mostEntries
  }

  /// How much of the time goes into fitting the palette to its dithering, and
  /// not into dithering.
  ///
  /// - Parameters:
  ///   - bands: The bands that stand for the image.
  ///   - pixels: The pixels of the image.
  ///   - entries: The entries of the palette.
  /// - Returns: An estimate, 0 to 1.
  func share(
    of bands: [(band: Int, field: DitherField)], in pixels: Int, _ entries: Int
  ) -> Double {
    let sampled = min(
      DitherMosaic.pixels(for: entries),
      bands.reduce(0) {
        $0 + DitherBands.rows($1.band, $1.field.size).count
          * $1.field.size.width
      })
    let fitting = Double(sampled * (options.rounds + 1))
    let dithering = Double(pixels * (1 + 2 * options.sweeps))
    return fitting > 0 ? fitting / (fitting + dithering) : 0
  }

  /// Fits the palette to its dithering, round after round. A round after which
  /// the objective is not less is not kept, and ends it.
  ///
  /// - Parameters:
  ///   - entries: The palette's.
  ///   - bands: The bands that stand for the image; none where the palette is
  ///     to stay.
  ///   - colors: The image's colours.
  ///   - isFixed: Whether an entry must stay as it is.
  /// - Returns: The entries, and how many rounds were kept.
  func fitted(
    _ entries: [Palette.Entry], _ bands: [(band: Int, field: DitherField)],
    _ colors: DitherColors, isFixed: (Palette.Entry) -> Bool
  ) -> (entries: [Palette.Entry], rounds: Int) {
    guard !bands.isEmpty, fits(entries.count) else { return (entries, 0) }
    let isFixed = entries.map { $0.alpha == 0 || isFixed($0) }
    guard
      let mosaic = DitherMosaic(
        bands, colors, pixels: DitherMosaic.pixels(for: entries.count),
        side: .small)
    else {
      return fitted(
        entries, bands, colors, isFixed, rounds: options.rounds, checks: true)
    }
    let rounds = max(0, options.rounds - Self.fullRounds)
    let (near, kept) = WorkMeter.part(0...0.4) {
      fitted(entries, mosaic, isFixed, rounds: rounds, checks: true)
    }
    // The last rounds correct what is particular to the mosaic.
    let full = options.rounds - rounds
    let large = DitherMosaic(
      bands, colors,
      pixels: max(
        DitherMosaic.mostPixels, DitherMosaic.pixels(for: entries.count)),
      side: .large)
    let (final, last) =
      large.map {
        fitted(near, $0, isFixed, rounds: full, checks: false)
      }
      ?? fitted(near, bands, colors, isFixed, rounds: full, checks: false)
    return (final, kept + last)
  }

  private func fitted(
    _ entries: [Palette.Entry], _ mosaic: DitherMosaic, _ isFixed: [Bool],
    rounds: Int, checks: Bool
  ) -> (entries: [Palette.Entry], rounds: Int) {
    let pieces = (0..<DitherBands.count(mosaic.field.size)).map {
      (band: $0, field: mosaic.field)
    }
    return fitted(
      entries, pieces, mosaic.field.colors, isFixed, rounds: rounds,
      checks: checks)
  }

  // `checks` says whether the last round, too, is only kept where it is for the
  // better.
  private func fitted(
    _ entries: [Palette.Entry], _ bands: [(band: Int, field: DitherField)],
    _ colors: DitherColors, _ isFixed: [Bool], rounds: Int, checks: Bool
  ) -> (entries: [Palette.Entry], rounds: Int) {
    guard rounds > 0 else { return (entries, 0) }
    // Bands of one field share its memory.
    let first = bands[0].field
    let isOne = bands.allSatisfy { $0.field.rows == first.rows }
    var indices = [UInt16](
      repeating: 0,
      count: isOne
        ? first.pixelCount : bands.reduce(0) { $0 + $1.field.pixelCount })
    return indices.withUnsafeMutableBufferPointer { buffer in
      var memory = SharedMemory(buffer)
      let samples = bands.map {
        let sample = DitherSample($0.band, of: $0.field, memory)
        if !isOne { memory = memory.advanced(by: $0.field.pixelCount) }
        return sample
      }
      return fitted(
        entries, samples, colors, isFixed, rounds: rounds, checks: checks)
    }
  }

  private func fitted(
    _ entries: [Palette.Entry], _ samples: [DitherSample],
    _ colors: DitherColors, _ isFixed: [Bool], rounds: Int, checks: Bool
  ) -> (entries: [Palette.Entry], rounds: Int) {
    let space = colors.space
    let scene = BlurredScene(samples, workers)
    func points(_ entries: [Palette.Entry]) -> [SIMD4<Double>] {
      entries.map { space.point($0.color, alpha: $0.alpha) }
    }
    func pairs(_ entries: [Palette.Entry]) -> PairCounts {
      let plan = plan(entries, colors, isTrial: true)
      workers.forEach(samples.count) { i in
        let sample = samples[i]
        plan.dither(sample.band, of: sample.field, into: sample.indices)
      }
      return PairCounts(scene, entries: entries.count, workers)
    }
    var best = entries
    var counts = pairs(best)
    var least = counts.objective(points(best))
    for round in 0..<rounds {
      WorkMeter.current?.tell(round + 1, of: rounds + 1)
      let solved = DitherAwarePalette.solved(
        counts, from: points(best), isFixed: isFixed)
      var next = best
      for j in next.indices where !isFixed[j] {
        next[j] = next[j].replacing(
          space.color(
            solved[j], isOpaque: next[j].alpha == 255, posterization))
      }
      guard next != best, !WorkMeter.isCancelled else { return (best, round) }
      guard checks || round + 1 < rounds else { return (next, rounds) }
      counts = pairs(next)
      let objective = counts.objective(points(next))
      guard objective < least else { return (best, round) }
      least = objective
      best = next
    }
    return (best, rounds)
  }
}

extension Palette.Entry {
  /// The entry with another colour.
  fileprivate func replacing(
    _ color: (color: RGBColor, alpha: UInt8)
  ) -> Palette.Entry {
    Palette.Entry(
      color: color.color, alpha: color.alpha, component: component,
      count: count)
  }
}
