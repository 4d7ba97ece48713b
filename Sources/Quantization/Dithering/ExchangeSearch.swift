/// Finds exchanges of the entries of single pixels that bring the mean of an
/// area nearer to what it should be.
struct ExchangeSearch {
  /// A pixel of the area that may get another entry.
  struct Pixel {
    /// Its place in the band.
    let place: Int

    /// The entry that it has, and whether another must be opaque.
    let kind: Kind

    /// What the blurred eye sees there (``SeenErrors``).
    let seen: SIMD4<Float>
  }

  /// What decides which entries a pixel may get.
  struct Kind: Hashable {
    let entry: Int
    let isOpaque: Bool
  }

  /// A pixel that gets another entry.
  struct Exchange {
    let place: Int
    let entry: Int
    let change: SIMD4<Float>
  }

  /// What the error of the mean counts against what is seen.
  private static let weight: Float = 0.1

  /// In palettes of more entries, exchanges are looked for near ``aims``.
  private static let fewEntries = 16

  /// How much of an area's error an exchange aims at.
  private static let aims: [Float] = [1, 0.25, 0.0625]

  private let chooser: DitherChooser

  /// The sum of the errors of the area's pixels.
  private let missing: SIMD4<Float>

  private let pixels: [Pixel]

  /// The entries that pixels of the area have.
  private let present: Set<Int>

  /// For each kind of pixels the entries that they may get.
  private var targets: [Kind: [Int]] = [:]

  /// Prepares to search.
  ///
  /// - Parameters:
  ///   - chooser: Chooses entries.
  ///   - missing: The sum of the errors of the area's pixels.
  ///   - pixels: Those that may get other entries.
  init(
    _ chooser: DitherChooser, missing: SIMD4<Float>, _ pixels: [Pixel]
  ) {
    self.chooser = chooser
    self.missing = missing
    self.pixels = pixels
    present = Set(pixels.map(\.kind.entry))
    for pixel in pixels where targets[pixel.kind] == nil {
      targets[pixel.kind] = targets(of: pixel.kind)
    }
  }

  private var isSmall: Bool { chooser.all.points.count <= Self.fewEntries }

  /// What brings the mean nearer and is seen least.
  ///
  /// - Returns: One exchange, or two where the palette is small and no single
  ///   one helps; none where nothing does.
  /// - Complexity: O(pixels × entries) for few entries.
  func exchanges() -> [Exchange] {
    // An entry that none of them has would be a lone dot.
    if let single = single(among: present) ?? single(among: nil) {
      return [single]
    }
    return isSmall ? pair() : []
  }

  private func targets(of kind: Kind) -> [Int] {
    let point = chooser.all.points[kind.entry]
    let near =
      isSmall
      ? Array(chooser.allowed(isOpaque: kind.isOpaque))
      : Self.aims.map {
        chooser.nearest(
          to: point + missing * $0, from: kind.entry, isOpaque: kind.isOpaque)
      }
    return near.filter { $0 != kind.entry }
  }

  /// By how much the squared error of the sum grows with a change.
  private func growth(_ change: SIMD4<Float>) -> Float {
    (change * (change - 2 * missing)).sum()
  }

  private func change(_ kind: Kind, _ entry: Int) -> SIMD4<Float> {
    chooser.all.points[entry] - chooser.all.points[kind.entry]
  }

  private func single(among wanted: Set<Int>?) -> Exchange? {
    var best: Exchange?
    var least = Float.infinity
    for pixel in pixels {
      for entry in targets[pixel.kind] ?? []
      where wanted?.contains(entry) ?? true {
        let change = change(pixel.kind, entry)
        let growth = growth(change)
        guard growth < 0 else { continue }
        let cost =
          Self.weight * growth + SeenErrors.cost(of: change, pixel.seen)
        guard cost < least else { continue }
        least = cost
        best = Exchange(place: pixel.place, entry: entry, change: change)
      }
    }
    return best
  }

  /// The two exchanges that together bring the mean nearest.
  private func pair() -> [Exchange] {
    // In a fixed order, so that ties do not depend on hashing.
    let kinds = targets.keys.sorted {
      ($0.entry, $0.isOpaque ? 1 : 0) < ($1.entry, $1.isOpaque ? 1 : 0)
    }
    let moves = kinds.flatMap { kind in
      (targets[kind] ?? []).map {
        (kind: kind, entry: $0, change: change(kind, $0))
      }
    }
    var least: Float = 0
    var best: [Exchange] = []
    for i in moves.indices {
      for j in i..<moves.count {
        let growth = growth(moves[i].change + moves[j].change)
        guard growth < least,
          let first = exchange(moves[i].kind, moves[i].entry, besides: nil),
          let second = exchange(
            moves[j].kind, moves[j].entry, besides: first.place)
        else { continue }
        least = growth
        best = [first, second]
      }
    }
    return best
  }

  /// The pixel of a kind at which an exchange is seen least.
  private func exchange(
    _ kind: Kind, _ entry: Int, besides taken: Int?
  ) -> Exchange? {
    let change = change(kind, entry)
    let pixel = pixels.filter { $0.kind == kind && $0.place != taken }.min {
      SeenErrors.cost(of: change, $0.seen)
        < SeenErrors.cost(of: change, $1.seen)
    }
    return pixel.map {
      Exchange(place: $0.place, entry: entry, change: change)
    }
  }
}
