import ParallelWork

/// Ordered dithering with any palette.
///
/// For each colour a mixture of entries is found whose mean is the colour: one
/// entry after the other is chosen as the nearest to what is still missing
/// (T. Knoll's pattern dithering, US patent 6,606,166, expired). Sorted by
/// brightness, the threshold of a pixel's place says which of them it gets.
/// What a pixel gets depends on its colour and place alone.
struct OrderedDithering: Sendable {
  private let texture: ThresholdTexture

  /// Entries of a mixture.
  private let levels: Int

  /// The weights of coordinates in the brightness.
  private let weights: SIMD4<Float>

  /// The share of the error that counts.
  private let strength: Float

  /// The mixtures of all colours, one after the other.
  private var mixtures: [UInt16] = []

  /// Beyond this many entries in all mixtures those become coarser: an image
  /// with this many colours has its own grain.
  private static let mostMixed = 1 << 24

  private static let leastLevels = 4

  /// Prepares the mixtures of an image's colours.
  ///
  /// - Parameters:
  ///   - pattern: The texture.
  ///   - strength: 0 to 1.
  ///   - colors: The colours of the image.
  ///   - entries: The entries that pixels may get.
  ///   - samples: The bands that will be dithered; `nil` for all.
  ///   - workers: The threads to use.
  /// - Complexity: O(colours of the bands × levels).
  init(
    _ pattern: OrderedPattern, strength: Float, _ colors: DitherColors,
    _ entries: DitherEntries, only samples: [DitherSample]?, _ workers: Workers
  ) {
    var wanted: Int
    switch pattern {
    case .blueNoise:
      texture = .blueNoise
      wanted = 32
    case .bayer(let size):
      texture = .bayer(size)
      wanted = min(64, size.rawValue * size.rawValue)
    }
    while wanted > Self.leastLevels,
      wanted * colors.points.count > Self.mostMixed
    { wanted /= 2 }
    levels = wanted
    self.strength = strength
    weights = colors.brightness
    let count = colors.points.count
    let (levels, mixer) = (levels, self)
    let isUsed = samples.map { Self.used(colors, $0) }
    mixtures = [UInt16](unsafeUninitializedCapacity: count * levels) {
      buffer, filled in
      let mixtures = SharedMemory(buffer)
      let pieces = max(1, min(64, count / 1_024))
      workers.forEach(pieces) { piece in
        entries.withChooser { chooser in
          for n in count * piece / pieces..<count * (piece + 1) / pieces {
            // What is not used may be anything, but not left uninitialised.
            (mixtures.start + n * levels).initialize(
              repeating: 0, count: levels)
            guard isUsed?[n] ?? true else { continue }
            mixer.mix(n, colors, chooser, into: mixtures.start + n * levels)
          }
        }
      }
      filled = count * levels
    }
  }

  /// Whether each colour is in some bands.
  private static func used(
    _ colors: DitherColors, _ samples: [DitherSample]
  ) -> [Bool] {
    var isUsed = [Bool](repeating: false, count: colors.points.count)
    for sample in samples {
      let rows = DitherBands.rows(sample.band, sample.field.size)
      for number in sample.field.numbers(ofRows: rows) {
        isUsed[Int(number)] = true
      }
    }
    return isUsed
  }

  /// Finds the mixture of a colour.
  private func mix(
    _ number: Int, _ colors: DitherColors, _ chooser: DitherChooser,
    into mixture: UnsafeMutablePointer<UInt16>
  ) {
    var known = Int(colors.nearest[number])
    guard colors.classes[number] != DitherColors.Class.transparent.rawValue
    else {
      for i in 0..<levels { mixture[i] = UInt16(truncatingIfNeeded: known) }
      return
    }
    let point = colors.points[number]
    let isOpaque = colors.classes[number] == DitherColors.Class.opaque.rawValue
    let points = chooser.all.points
    var missing = SIMD4<Float>.zero
    for i in 0..<levels {
      let entry = chooser.nearest(
        to: point + missing * strength, from: known, isOpaque: isOpaque)
      missing += point - points[entry]
      known = entry
      // Sorted in: mixtures have few different entries.
      var place = i
      let own = brightness(points[entry])
      while place > 0,
        brightness(points[Int(mixture[place - 1])]) > own
      {
        mixture[place] = mixture[place - 1]
        place -= 1
      }
      mixture[place] = UInt16(truncatingIfNeeded: entry)
    }
  }

  /// What grows from black to white, and with alpha.
  @inline(__always)
  private func brightness(_ point: SIMD4<Float>) -> Float {
    (point * weights).sum()
  }

  /// Dithers a band; see `ErrorDiffusion.dither`.
  func dither(
    _ band: Int, of field: DitherField, into indices: SharedMemory<UInt16>
  ) {
    let width = field.size.width
    let mask = texture.side - 1
    let scale = texture.side * texture.side
    mixtures.withUnsafeBufferPointer { mixtures in
      texture.ranks.withUnsafeBufferPointer { ranks in
        for row in DitherBands.rows(band, field.size) {
          let numbers = field.numbers(ofRows: row..<row + 1)
          let line = (row & mask) * texture.side
          for x in 0..<width {
            let level = Int(ranks[line + (x & mask)]) * levels / scale
            indices.start[field.place(ofRow: row) + x] =
              mixtures[Int(numbers[x]) * levels + level]
          }
        }
      }
    }
  }
}
