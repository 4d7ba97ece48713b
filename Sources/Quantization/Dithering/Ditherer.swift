public import ParallelWork
public import Rasters

/// Dithers images to palettes, and fits palettes to their dithering.
public struct Ditherer: Sendable {
  /// The most entries that a palette may have: with more, plain mapping is as
  /// good.
  public static let mostEntries = 4_096

  private let options: DitherOptions
  private let posterization: Posterization
  private let workers: Workers

  /// Prepares to dither.
  ///
  /// - Parameters:
  ///   - options: How.
  ///   - posterization: The bits that a fitted palette's samples have.
  ///   - workers: The threads to use; the result does not depend on them.
  public init(
    _ options: DitherOptions, posterization: Posterization = .none,
    workers: Workers
  ) {
    self.options = options
    self.posterization = posterization
    self.workers = workers
  }

  /// Dithers an image.
  ///
  /// - Parameters:
  ///   - pixels: The image.
  ///   - histogram: Its colours.
  ///   - assignment: The palette, and which entry each colour is nearest to.
  ///   - isFixed: Whether an entry of the palette must stay as it is.
  /// - Returns: The image.
  /// - Complexity: O(pixels), and O(pixels + entries³) a round.
  public func dither(
    _ pixels: Pixels, _ histogram: ColorHistogram,
    _ assignment: ColorAssignment, isFixed: (Palette.Entry) -> Bool
  ) -> DitheredImage {
    let field = DitherField(
      pixels, histogram, nearest: assignment.entries, workers)
    var entries = assignment.palette.entries
    var rounds = 0
    var indices = [UInt16](repeating: 0, count: pixels.size.pixelCount)
    indices.withUnsafeMutableBufferPointer { buffer in
      let indices = SharedMemory(buffer)
      if options.rounds > 0, entries.count <= DitherAwarePalette.mostEntries {
        (entries, rounds) = refined(
          entries, isFixed: entries.map { $0.alpha == 0 || isFixed($0) },
          field, histogram.space, indices)
      }
      dither(
        Array(0..<DitherBands.count(field.size)), of: field,
        with: prepared(entries, histogram.space), sweeps: options.sweeps,
        into: indices)
    }
    return DitheredImage(
      indices, entries, field, histogram, isFixed: isFixed, rounds: rounds,
      workers)
  }

  private func prepared(
    _ entries: [Palette.Entry], _ space: CompositeSpace
  ) -> DitherEntries {
    DitherEntries(
      entries.map { space.point($0.color, alpha: $0.alpha) },
      firstOpaque: entries.firstIndex { $0.alpha == 255 } ?? entries.count)
  }

  /// Dithers bands.
  private func dither(
    _ bands: [Int], of field: DitherField, with entries: DitherEntries,
    sweeps: Int, into indices: SharedMemory<UInt16>
  ) {
    let strength = Float(options.strength)
    func run(_ dither: @Sendable (_ band: Int) -> Void) {
      workers.forEach(bands.count) { dither(bands[$0]) }
    }
    switch options.method {
    case .none:
      run { band in
        let rows = DitherBands.rows(band, field.size)
        let start = rows.lowerBound * field.size.width
        for (i, number) in field.numbers(ofRows: rows).enumerated() {
          indices.start[start + i] = field.nearest[Int(number)]
        }
      }
      return
    case .errorDiffusion(let kernel):
      let diffusion = ErrorDiffusion(kernel: kernel, strength: strength)
      run { diffusion.dither($0, of: field, with: entries, into: indices) }
    case .riemersma:
      let riemersma = RiemersmaDithering(strength: strength)
      run { riemersma.dither($0, of: field, with: entries, into: indices) }
    case .ordered(let pattern):
      let ordered = OrderedDithering(
        pattern, strength: strength, field, entries, bands: bands, workers)
      run { ordered.dither($0, of: field, into: indices) }
      return
    }
    guard sweeps > 0 else { return }
    let search = DirectSearch(sweeps: sweeps)
    run { search.improve($0, of: field, with: entries, indices) }
  }

  /// Fits the palette to its dithering, round after round. A round after which
  /// the objective is not less is not kept, and ends it.
  private func refined(
    _ entries: [Palette.Entry], isFixed: [Bool], _ field: DitherField,
    _ space: CompositeSpace, _ indices: SharedMemory<UInt16>
  ) -> (entries: [Palette.Entry], rounds: Int) {
    let bands = DitherBands.sample(field.size)
    let scene = BlurredScene(field, bands: bands, workers)
    func points(_ entries: [Palette.Entry]) -> [SIMD4<Double>] {
      entries.map { space.point($0.color, alpha: $0.alpha) }
    }
    func pairs(_ entries: [Palette.Entry]) -> PairCounts {
      dither(
        bands, of: field, with: prepared(entries, space), sweeps: 0,
        into: indices)
      return PairCounts(indices, scene, entries: entries.count, workers)
    }
    var best = entries
    var counts = pairs(best)
    var least = counts.objective(points(best))
    for round in 0..<options.rounds {
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
