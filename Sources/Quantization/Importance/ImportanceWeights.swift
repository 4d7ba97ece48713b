import CLibrary
public import ParallelWork
public import Rasters

extension ColorHistogram {
  /// Sets how much each colour counts.
  ///
  /// - Parameters:
  ///   - importance: How much pixels count.
  ///   - balance: The power of that by which colours count, 0 to 1.
  ///   - pixels: The image whose colours these are.
  ///   - workers: The threads to use; the weights do not depend on them.
  /// - Throws: `QuantizationError.importanceSize` for a map of another size.
  /// - Complexity: O(pixels).
  public mutating func weigh(
    by importance: Importance, balance: Double, _ pixels: Pixels,
    workers: Workers
  ) throws(QuantizationError) {
    var weights: [Double]
    switch importance {
    case .none:
      self.balance(balance)
      return
    case .automatic:
      weights = sums(pixels, workers) {
        Smoothness.weights(ofRows: $0, of: pixels)
      }
    case .map(let map):
      guard map.size == pixels.size else {
        throw .importanceSize(map.size, of: pixels.size)
      }
      weights = sums(pixels, workers) { rows in
        let range =
          rows.lowerBound * map.size.width..<rows.upperBound * map.size.width
        return range.map { pixel in
          let place = map.channels.count * pixel
          let red = UInt32(map.samples[place])
          let green = UInt32(map.samples[place + 1])
          let blue = UInt32(map.samples[place + 2])
          // BT.709, in whole numbers; never quite 0.
          return 1 + (54 * red + 183 * green + 19 * blue)
        }
      }
    }
    if balance < 1 { weights = weights.map { pow($0, balance) } }
    setWeights(weights)
  }

  /// Replaces the weight of each colour by a power of it.
  ///
  /// - Parameter power: 0 to 1, which changes nothing.
  /// - Complexity: O(colours).
  public mutating func balance(_ power: Double) {
    guard power < 1 else { return }
    setWeights((0..<count).map { pow(weight($0), power) })
  }

  /// Sets weights, in any unit.
  mutating func setWeights(_ weights: [Double]) {
    // In pixels again, so that totals mean what they meant.
    let total = weights[visible].reduce(0, +)
    let wanted = counts[visible].reduce(0.0) { $0 + Double($1) }
    self.weights = weights.map { $0 * wanted / total }
  }

  /// Adds up weights of pixels by their colours, exactly.
  private func sums(
    _ pixels: Pixels, _ workers: Workers,
    _ weights: @Sendable (_ rows: Range<Int>) -> [UInt32]
  ) -> [Double] {
    let ranks = ColorRanks(self)
    let size = pixels.size
    let bands = DitherBands.count(size)
    // Few groups: each has a sum for every colour.
    let groups = min(4, bands)
    let parts = workers.mapMetered(groups) { group in
      var sums = [UInt64](repeating: 0, count: count)
      for band in bands * group / groups..<bands * (group + 1) / groups {
        let rows = DitherBands.rows(band, size)
        let range = rows.lowerBound * size.width..<rows.upperBound * size.width
        let own = weights(rows)
        ranks.forEach(range, of: pixels) { place, color in
          sums[color] += UInt64(own[place])
        }
      }
      return sums
    }
    return (0..<count).map { n in
      Double(parts.reduce(0) { $0 + $1[n] })
    }
  }
}
