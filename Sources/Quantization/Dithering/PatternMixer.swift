/// Mixes entries of a palette one after the other, each the nearest to what is
/// still missing, without looking for it anew at every step.
///
/// With q the entries as seen from one of them, and w what is wanted, the
/// nearest minimises |q|²/2 − q·w. A step adds to w the share s of the colour
/// minus the entry that was chosen, so each entry's value grows by s times a
/// product of two entries, which is in a table, minus its product with the
/// colour, which stays the same. Only entries near the first one are looked at;
/// where another could be nearer, that is noticed.
///
/// Values are whole numbers, their last bits the place of the entry: the least of
/// them tells which entry it is, and is found without comparing.
struct PatternMixer: Sendable {
  /// How many entries are looked at: a multiple of 8.
  private let width: Int

  /// By entry, those near it, sorted by brightness; what is left over has a
  /// value that is never the least.
  private var near: [UInt16] = []

  /// The same entries, as seen from the entry itself.
  private var offsets: [SIMD4<Float>] = []

  /// The same, by coordinate, in units of values.
  private var axes: [SIMD8<Float>] = []

  /// |q|²/2, with the place.
  private var halves: [SIMD8<Int32>] = []

  /// s times the products of two of them.
  private var products: [SIMD8<Int32>] = []

  /// The units of a value in a squared distance, by entry.
  private var scales: [Float] = []

  /// The squared length of w up to which values fit, by entry.
  private var rooms: [Float] = []

  /// The squared distance of the nearest entry that is not among them.
  private var reach: [Float] = []

  private let points: [SIMD4<Float>]

  /// The share of the error that counts.
  private let strength: Float

  private static let mostWidth = 32

  /// Bits of a place.
  private static let placeBits: Int32 = 5

  /// Values are below 2²⁴, so that their differences fit with the place.
  private static let bits: Float = 16_777_216

  /// How many times the longest q the length of w can be.
  private static let longest: Float = 14

  /// Prepares to mix.
  ///
  /// - Parameters:
  ///   - palette: The entries.
  ///   - brightness: The weights of coordinates in the brightness.
  ///   - strength: 0 to 1.
  /// - Complexity: O(entries × 1024) at most.
  init(
    _ palette: DitherPalette, brightness: SIMD4<Float>, strength: Float
  ) {
    points = palette.points
    self.strength = strength
    width = min(Self.mostWidth, (points.count + 7) & ~7)
    for entry in points.indices {
      let all = palette.nearest(to: entry, most: width)
      let own = all.prefix(width).map {
        (value: (points[$0] * brightness).sum(), entry: $0)
      }.sorted { ($0.value, $0.entry) < ($1.value, $1.entry) }.map(\.entry)
      let q = own.map { points[$0] - points[entry] }
      let room = width - own.count
      near += own.map { UInt16(truncatingIfNeeded: $0) }
      near += [UInt16](repeating: UInt16(entry), count: room)
      let padded = q + [SIMD4<Float>](repeating: .zero, count: room)
      let most = max(
        q.map(Self.squared).max() ?? 0, Float.leastNormalMagnitude * 1e9)
      let scale = Self.bits / (most * (Self.longest + 1))
      scales.append(scale)
      rooms.append(most * Self.longest * Self.longest)
      offsets += padded
      for axis in 0..<4 {
        axes += Self.blocks(padded.map { $0[axis] * scale })
      }
      let values = padded.indices.map { place in
        let value =
          place < q.count
          ? Self.whole(Self.squared(q[place]) / 2 * scale) : Self.never
        return value | Int32(truncatingIfNeeded: place)
      }
      halves += Self.blocks(values)
      for one in padded {
        products += Self.blocks(
          padded.map { Self.whole(($0 * one).sum() * strength * scale) })
      }
      reach.append(
        all.count > width
          ? Self.squared(points[all[width]] - points[entry]) : .infinity)
    }
  }

  /// A value that is never the least: what grows in steps is 0 there.
  private static let never = Int32(1 << 24) << placeBits

  private static func whole(_ value: Float) -> Int32 {
    Int32(value.rounded()) << placeBits
  }

  private static func blocks<Value: SIMDScalar>(
    _ values: [Value]
  ) -> [SIMD8<Value>] {
    stride(from: 0, to: values.count, by: 8).map {
      SIMD8(values[$0..<$0 + 8])
    }
  }

  @inline(__always)
  private static func squared(_ vector: SIMD4<Float>) -> Float {
    (vector * vector).sum()
  }

  /// Calls `body` with a mixer that must not outlive the call.
  func withSteps<Result>(_ body: (Steps) -> Result) -> Result {
    let blocks = width / 8
    var scratch = [SIMD8<Int32>](repeating: .zero, count: 2 * blocks)
    var counts = [Int32](repeating: 0, count: width)
    return scratch.withUnsafeMutableBufferPointer { scratch in
      counts.withUnsafeMutableBufferPointer { counts in
        near.withUnsafeBufferPointer { near in
          offsets.withUnsafeBufferPointer { offsets in
            axes.withUnsafeBufferPointer { axes in
              halves.withUnsafeBufferPointer { halves in
                products.withUnsafeBufferPointer { products in
                  points.withUnsafeBufferPointer { points in
                    reach.withUnsafeBufferPointer { reach in
                      body(
                        Steps(
                          near: near, offsets: offsets, axes: axes,
                          halves: halves, products: products, points: points,
                          reach: reach, scales: scales, rooms: rooms,
                          width: width, blocks: blocks, strength: strength,
                          scratch: scratch, counts: counts))
                    }
                  }
                }
              }
            }
          }
        }
      }
    }
  }

  /// Mixes; for one thread.
  struct Steps {
    fileprivate let near: UnsafeBufferPointer<UInt16>
    fileprivate let offsets: UnsafeBufferPointer<SIMD4<Float>>
    fileprivate let axes: UnsafeBufferPointer<SIMD8<Float>>
    fileprivate let halves: UnsafeBufferPointer<SIMD8<Int32>>
    fileprivate let products: UnsafeBufferPointer<SIMD8<Int32>>
    fileprivate let points: UnsafeBufferPointer<SIMD4<Float>>
    fileprivate let reach: UnsafeBufferPointer<Float>
    fileprivate let scales: [Float]
    fileprivate let rooms: [Float]
    fileprivate let width: Int
    fileprivate let blocks: Int
    fileprivate let strength: Float

    /// The values of entries, and by how much less they grow in each step.
    fileprivate let scratch: UnsafeMutableBufferPointer<SIMD8<Int32>>

    /// How often each entry was chosen: 0 between calls.
    fileprivate let counts: UnsafeMutableBufferPointer<Int32>

    /// Mixes entries.
    ///
    /// - Parameters:
    ///   - point: The colour.
    ///   - entry: An entry near it.
    ///   - levels: How many.
    ///   - first: Is added to the numbers of entries.
    ///   - mixture: Gets the entries, sorted by brightness.
    /// - Returns: Whether these are they; if not, entries that are farther off
    ///   are to be looked at, too, and nothing was written.
    /// - Complexity: O(levels).
    func mix(
      _ point: SIMD4<Float>, from entry: Int, levels: Int, adding first: Int,
      into mixture: UnsafeMutablePointer<UInt16>
    ) -> Bool {
      let wanted = point - points[entry]
      let (reach, room, scale) = (reach[entry], rooms[entry], scales[entry])
      // As far from w no other entry can be nearer, and values fit.
      let nearest = min(reach / 4, room)
      guard squared(wanted) <= room else { return false }
      let base = entry * width
      let line = entry * blocks
      let values = scratch.baseAddress.unsafelyUnwrapped
      let falls = values + blocks
      let axis = axes.baseAddress.unsafelyUnwrapped + 4 * line
      for b in 0..<blocks {
        let product =
          axis[b] * wanted.x + axis[blocks + b] * wanted.y
          + (axis[2 * blocks + b] * wanted.z + axis[3 * blocks + b] * wanted.w)
        values[b] = halves[line + b] &- (Self.whole(product) &<< Self.shift)
        falls[b] = Self.whole(product * strength) &<< Self.shift
      }
      let table = products.baseAddress.unsafelyUnwrapped + base * blocks
      var target = wanted
      var isComplete = true
      var step = 0
      while step < levels {
        var least = values[0]
        var b = 1
        while b < blocks {
          least = Self.lesser(least, values[b])
          b += 1
        }
        let four = Self.lesser(least.lowHalf, least.highHalf)
        let two = SIMD2(min(four.x, four.z), min(four.y, four.w))
        let one = min(two.x, two.y)
        let chosen = Int(one & Self.places)
        let size = squared(target)
        if size > nearest {
          let value = Float(one >> PatternMixer.placeBits) / scale
          let distance = max(0, size + 2 * value).squareRoot()
          guard size <= room,
            distance + size.squareRoot() <= reach.squareRoot()
          else {
            isComplete = false
            break
          }
        }
        counts[chosen] += 1
        target += (wanted - offsets[base + chosen]) * strength
        let row = table + chosen * blocks
        b = 0
        while b < blocks {
          values[b] = values[b] &+ row[b] &- falls[b]
          b += 1
        }
        step += 1
      }
      var place = 0
      for i in 0..<width {
        let count = Int(counts[i])
        guard count > 0 else { continue }
        counts[i] = 0
        guard isComplete else { continue }
        let number = UInt16(truncatingIfNeeded: Int(near[base + i]) + first)
        for _ in 0..<count {
          mixture[place] = number
          place += 1
        }
      }
      return isComplete
    }

    private static let places = Int32(1 << PatternMixer.placeBits - 1)

    private static let shift = SIMD8<Int32>(repeating: PatternMixer.placeBits)

    @inline(__always)
    private func squared(_ vector: SIMD4<Float>) -> Float {
      PatternMixer.squared(vector)
    }

    @inline(__always)
    private static func whole(_ values: SIMD8<Float>) -> SIMD8<Int32> {
      SIMD8<Int32>(
        Int32(values[0]), Int32(values[1]), Int32(values[2]), Int32(values[3]),
        Int32(values[4]), Int32(values[5]), Int32(values[6]), Int32(values[7]))
    }

    /// The lesser of numbers whose difference fits, lane by lane.
    @inline(__always)
    private static func lesser(
      _ one: SIMD8<Int32>, _ other: SIMD8<Int32>
    ) -> SIMD8<Int32> {
      let difference = one &- other
      return other &+ (difference & (difference &>> SIMD8(repeating: 31)))
    }

    @inline(__always)
    private static func lesser(
      _ one: SIMD4<Int32>, _ other: SIMD4<Int32>
    ) -> SIMD4<Int32> {
      let difference = one &- other
      return other &+ (difference & (difference &>> SIMD4(repeating: 31)))
    }
  }
}
