import CLibrary

/// A square of ranks that is repeated over the image: each pixel of it says
/// when it is turned on as an area becomes brighter.
package struct ThresholdTexture: Sendable {
  /// Its side, a power of 2.
  package let side: Int

  /// Row by row, the ranks 0 to side² − 1, each once.
  package let ranks: [UInt16]

  /// Bayer's matrix.
  ///
  /// - Parameter size: Its rows and columns.
  /// - Returns: Its ranks.
  package static func bayer(
    _ size: OrderedPattern.BayerSize
  ) -> ThresholdTexture {
    let side = size.rawValue
    var ranks: [UInt16] = [0]
    var size = 1
    while size < side {
      var next = [UInt16](repeating: 0, count: 4 * size * size)
      for y in 0..<2 * size {
        for x in 0..<2 * size {
          let quarter: UInt16 = [0, 2, 3, 1][2 * (y / size) + x / size]
          next[y * 2 * size + x] =
            4 * ranks[y % size * size + x % size] + quarter
        }
      }
      ranks = next
      size *= 2
    }
    return ThresholdTexture(side: side, ranks: ranks)
  }

  /// Blue noise of 64 × 64 by the void-and-cluster method (R. A. Ulichney, "The
  /// void-and-cluster method for dither array generation", SPIE 1913, 1993, doi
  /// 10.1117/12.152707).
  ///
  /// A third of the way in, the minority changes from the points that are on to
  /// those that are off; as the Gaussian's sum over the torus is the same
  /// everywhere, the largest void of the one is the tightest cluster of the
  /// other, so one rule serves for both.
  package static let blueNoise: ThresholdTexture = {
    var builder = VoidAndCluster(side: 64)
    return ThresholdTexture(side: 64, ranks: builder.ranks())
  }()
}

/// Ranks the pixels of a torus so that those up to any rank lie evenly.
private struct VoidAndCluster {
  private let side: Int

  /// For each offset the energy that a point adds there, in whole numbers: sums
  /// are exact, and the same on every machine.
  private let kernel: [Int]

  private var isOn: [Bool]

  /// The energy of all points that are on.
  private var energy: [Int]

  init(side: Int) {
    self.side = side
    isOn = [Bool](repeating: false, count: side * side)
    energy = [Int](repeating: 0, count: side * side)
    // Ulichney's σ of 1.5.
    kernel = (0..<side * side).map { place in
      let x = min(place % side, side - place % side)
      let y = min(place / side, side - place / side)
      return Int((exp(-Double(x * x + y * y) / 4.5) * 1e12).rounded())
    }
  }

  private mutating func set(_ place: Int, _ on: Bool) {
    isOn[place] = on
    let (x, y) = (place % side, place / side)
    let sign = on ? 1 : -1
    for row in 0..<side {
      let line = (row - y + side) % side * side
      for column in 0..<side {
        energy[row * side + column] +=
          sign * kernel[line + (column - x + side) % side]
      }
    }
  }

  /// Where points are densest.
  private var tightestCluster: Int {
    var best = 0
    var most = Int.min
    for place in isOn.indices where isOn[place] && energy[place] > most {
      most = energy[place]
      best = place
    }
    return best
  }

  /// Where there is most room.
  private var largestVoid: Int {
    var best = 0
    var least = Int.max
    for place in isOn.indices where !isOn[place] && energy[place] < least {
      least = energy[place]
      best = place
    }
    return best
  }

  mutating func ranks() -> [UInt16] {
    let count = side * side
    let first = count / 10
    // Any start will do; this one has no pattern.
    var state: UInt64 = 0x9e37_79b9_7f4a_7c15
    var placed = 0
    while placed < first {
      state ^= state << 13
      state ^= state >> 7
      state ^= state << 17
      let place = Int(state >> 33) % count
      guard !isOn[place] else { continue }
      set(place, true)
      placed += 1
    }
    // Move points from clusters to voids until that changes nothing.
    for _ in 0..<count {
      let cluster = tightestCluster
      set(cluster, false)
      let void = largestVoid
      set(void, true)
      if void == cluster { break }
    }
    let start = isOn
    let startEnergy = energy
    var ranks = [UInt16](repeating: 0, count: count)
    for rank in (0..<first).reversed() {
      let place = tightestCluster
      ranks[place] = UInt16(truncatingIfNeeded: rank)
      set(place, false)
    }
    isOn = start
    energy = startEnergy
    for rank in first..<count {
      let place = largestVoid
      ranks[place] = UInt16(truncatingIfNeeded: rank)
      set(place, true)
    }
    return ranks
  }
}
