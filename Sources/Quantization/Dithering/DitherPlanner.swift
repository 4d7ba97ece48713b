package import ParallelWork
import Rasters

/// Prepares to dither with palettes, and fits palettes to their dithering.
package struct DitherPlanner: Sendable {
  private var options: DitherOptions
  private let posterization: Posterization
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

  /// Prepares to dither bands.
  func plan(
    _ entries: [Palette.Entry], _ colors: DitherColors,
    only samples: [DitherSample]? = nil
  ) -> DitherPlan {
    DitherPlan(
      options,
      DitherEntries(
        entries.map { colors.space.point($0.color, alpha: $0.alpha) },
        firstOpaque: entries.firstIndex { $0.alpha == 255 } ?? entries.count),
      colors, only: samples, workers)
  }

  /// Whether a palette of this many entries is fitted to its dithering.
  func fits(_ entries: Int) -> Bool {
    options.rounds > 0 && entries <= DitherAwarePalette.mostEntries
  }

  /// How much of the time goes into fitting the palette to its dithering, and
  /// not into dithering.
  ///
  /// - Parameters:
  ///   - samples: The bands that stand for the image.
  ///   - pixels: The pixels of the image.
  /// - Returns: An estimate, 0 to 1.
  func share(of samples: [DitherSample], in pixels: Int) -> Double {
    let sampled = samples.reduce(0) {
      $0 + DitherBands.rows($1.band, $1.field.size).count
        * $1.field.size.width
    }
    let fitting = Double(sampled * (options.rounds + 1))
    let dithering = Double(pixels * (1 + 2 * options.sweeps))
    return fitting > 0 ? fitting / (fitting + dithering) : 0
  }

  /// Fits the palette to its dithering, round after round. A round after which
  /// the objective is not less is not kept, and ends it.
  ///
  /// - Parameters:
  ///   - entries: The palette's.
  ///   - samples: The bands that stand for the image.
  ///   - colors: The image's colours.
  ///   - isFixed: Whether an entry must stay as it is.
  /// - Returns: The entries, and how many rounds were kept.
  func fitted(
    _ entries: [Palette.Entry], _ samples: [DitherSample],
    _ colors: DitherColors, isFixed: (Palette.Entry) -> Bool
  ) -> (entries: [Palette.Entry], rounds: Int) {
    guard fits(entries.count) else { return (entries, 0) }
    let space = colors.space
    let isFixed = entries.map { $0.alpha == 0 || isFixed($0) }
    let scene = BlurredScene(samples, workers)
    func points(_ entries: [Palette.Entry]) -> [SIMD4<Double>] {
      entries.map { space.point($0.color, alpha: $0.alpha) }
    }
    func pairs(_ entries: [Palette.Entry]) -> PairCounts {
      let plan = plan(entries, colors, only: samples)
      workers.forEach(samples.count) { i in
        let sample = samples[i]
        plan.dither(sample.band, of: sample.field, into: sample.indices)
      }
      return PairCounts(scene, entries: entries.count, workers)
    }
    var best = entries
    var counts = pairs(best)
    var least = counts.objective(points(best))
    for round in 0..<options.rounds {
      WorkMeter.current?.tell(round + 1, of: options.rounds + 1)
      let solved = DitherAwarePalette.solved(
        counts, from: points(best), isFixed: isFixed)
      var next = best
      for j in next.indices where !isFixed[j] {
        next[j] = next[j].replacing(
          space.color(
            solved[j], isOpaque: next[j].alpha == 255, posterization))
      }
      guard next != best else { return (best, round) }
      counts = pairs(next)
      let objective = counts.objective(points(next))
      guard objective < least else { return (best, round) }
      least = objective
      best = next
    }
    return (best, options.rounds)
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
