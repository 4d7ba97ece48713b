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

  /// The mixtures of all colours, or of all groups of them, one after the
  /// other.
  private var mixtures: [UInt16] = []

  /// For each cube of `ColorGroups` where its mixture begins, with the highest
  /// bit set if entries have some of its colours; empty where there are none.
  private var cubes: [UInt32] = []

  /// The entries' own colours, which are not mixed, where there are groups.
  private var own: EntryColors?

  private static let hasOwn: UInt32 = 1 << 31

  /// Beyond this many entries in all mixtures those become coarser, down to
  /// ``fairLevels``: an image with this many colours has its own grain.
  private static let fairlyMixed = 1 << 22

  /// Beyond this many they become coarser still, down to ``leastLevels``.
  private static let mostMixed = 1 << 24

  private static let fairLevels = 16

  private static let leastLevels = 4

  /// What is enough to fit a palette.
  private static let trialLevels = 8

  /// Prepares the mixtures of an image's colours.
  ///
  /// - Parameters:
  ///   - pattern: The texture.
  ///   - strength: 0 to 1.
  ///   - colors: The colours of the image.
  ///   - entries: The entries that pixels may get.
  ///   - isTrial: Whether the pixels only show what a palette is worth.
  ///   - workers: The threads to use.
  /// - Complexity: O(colours × levels), or O(groups × levels).
  init(
    _ pattern: OrderedPattern, strength: Float, _ colors: DitherColors,
    _ entries: DitherEntries, isTrial: Bool, _ workers: Workers
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
    let count = colors.points.count
    // More would show more noise than they gain where colours are rounded.
    if colors.groups != nil { wanted = min(wanted, Self.fairLevels) }
    while wanted > Self.fairLevels, wanted * count > Self.fairlyMixed {
      wanted /= 2
    }
    while wanted > Self.leastLevels, wanted * count > Self.mostMixed {
      wanted /= 2
    }
    levels = isTrial ? min(Self.trialLevels, wanted) : wanted
    self.strength = strength
    weights = colors.brightness
    let (levels, mixer) = (levels, self)
    let all = PatternMixer(
      entries.all, brightness: weights, strength: strength)
    let opaque =
      entries.hasOpaquePart
      ? PatternMixer(entries.opaque, brightness: weights, strength: strength)
      : all
    mixtures = [UInt16](unsafeUninitializedCapacity: count * levels) {
      buffer, filled in
      let mixtures = SharedMemory(buffer)
      let pieces = max(1, min(64, count / 1_024))
      workers.forEach(pieces) { piece in
        entries.withChooser { chooser in
          all.withSteps { all in
            opaque.withSteps { opaque in
              for n in (0..<count).piece(piece, of: pieces) {
                mixer.mix(
                  n, colors, all, opaque, chooser,
                  into: mixtures.start + n * levels)
              }
            }
          }
        }
      }
      filled = count * levels
    }
    guard let groups = colors.groups else { return }
    cubes = groups.ofCubes.map { $0 * UInt32(levels) }
    let own = EntryColors(entries.opaque.points)
    for color in own.colors { cubes[ColorGroups.cube(color)] |= Self.hasOwn }
    self.own = own
  }

  /// Finds the mixture of a colour.
  private func mix(
    _ number: Int, _ colors: DitherColors, _ all: PatternMixer.Steps,
    _ opaque: PatternMixer.Steps, _ chooser: DitherChooser,
    into mixture: UnsafeMutablePointer<UInt16>
  ) {
    let known = Int(colors.nearest[number])
    let point = colors.points[number]
    let isOpaque = colors.classes[number] == DitherColors.Class.opaque.rawValue
    // An entry's own colour is not mixed.
    guard colors.classes[number] != DitherColors.Class.transparent.rawValue,
      point != chooser.all.points[known]
    else {
      mixture.initialize(
        repeating: UInt16(truncatingIfNeeded: known), count: levels)
      return
    }
    let first = chooser.allowed(isOpaque: isOpaque).lowerBound
    let isMixed = (isOpaque ? opaque : all).mix(
      point, from: known - first, levels: levels, adding: first, into: mixture)
    if !isMixed {
      search(point, from: known, isOpaque: isOpaque, chooser, into: mixture)
    }
  }

  /// Finds a mixture among all entries.
  private func search(
    _ point: SIMD4<Float>, from known: Int, isOpaque: Bool,
    _ chooser: DitherChooser, into mixture: UnsafeMutablePointer<UInt16>
  ) {
    var known = known
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
    let side = texture.side
    for row in DitherBands.rows(band, field.size) {
      let line = (row & (side - 1)) * side
      let places = texture.ranks[line..<line + side].map {
        Int($0) * levels / (side * side)
      }
      let output = indices.start + field.place(ofRow: row)
      places.withUnsafeBufferPointer { places in
        mixtures.withUnsafeBufferPointer { mixtures in
          if let own {
            dither(row, of: field, own, places, mixtures, output)
            return
          }
          let numbers = field.numbers(ofRows: row..<row + 1)
          for x in 0..<numbers.count {
            output[x] =
              mixtures[Int(numbers[x]) * levels + places[x & (side - 1)]]
          }
        }
      }
    }
  }

  /// Dithers a row of colours that are in groups.
  private func dither(
    _ row: Int, of field: DitherField, _ own: EntryColors,
    _ places: UnsafeBufferPointer<Int>,
    _ mixtures: UnsafeBufferPointer<UInt16>,
    _ output: UnsafeMutablePointer<UInt16>
  ) {
    let mask = places.count - 1
    _ = field.withSamples(ofRows: row..<row + 1) { samples in
      cubes.withUnsafeBufferPointer { cubes in
        var x = 0
        while x < field.size.width {
          let sample = samples + 3 * x
          let start = cubes[ColorGroups.cube(sample[0], sample[1], sample[2])]
          let place = Int(start & ~Self.hasOwn) &+ places[x & mask]
          if start < Self.hasOwn {
            output[x] = mixtures[place]
          } else {
            output[x] =
              own.entry(of: DitherField.color(sample)) ?? mixtures[place]
          }
          x += 1
        }
      }
    }
  }
}
