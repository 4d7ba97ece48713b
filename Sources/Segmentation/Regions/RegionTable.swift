import Rasters
public import Regions

/// The connected regions of a label map.
public struct RegionTable: Sendable {
  /// For each pixel the number of its region.
  public let map: LabelMap

  /// The regions, in the order of their first pixels.
  public let regions: [Region]

  /// Measures regions.
  ///
  /// - Parameters:
  ///   - labels: A label for each pixel.
  ///   - samples: The numbers of the pixels.
  ///   - responsibilities: How responsible each pixel's label is for it; `nil`
  ///     for 1 each.
  /// - Precondition: All three have the same size.
  /// - Complexity: O(pixels × numbers + sides log sides).
  public init(
    _ labels: LabelMap, _ samples: RegionSamples,
    responsibilities: [Float]? = nil
  ) {
    precondition(labels.size.pixelCount == samples.pixelCount)
    precondition(
      (responsibilities?.count ?? labels.labels.count) == labels.labels.count)
    let (map, labelOf) = labels.connectedRegions()
    let borders = RegionBorders(map)
    var tallies = [RegionTally](repeating: RegionTally(), count: map.count)
    var sums = NumberSums(regions: map.count, numbers: samples.names.count)
    let (width, height) = (map.size.width, map.pageHeight)
    for n in 0..<map.labels.count {
      let (row, x) = n.quotientAndRemainder(dividingBy: width)
      let y = row % height
      let region = Int(map.labels[n])
      tallies[region].add(
        x, y, Double(responsibilities?[n] ?? 1),
        outside: (x == 0 ? 1 : 0) + (x == width - 1 ? 1 : 0)
          + (y == 0 ? 1 : 0) + (y == height - 1 ? 1 : 0))
      sums.add(region, isFirst: tallies[region].area == 1) { body in
        samples.forEachNumber(of: n, body)
      }
    }
    RegionEdge(map).forEachPixel { pixel, code in
      tallies[Int(map.labels[pixel])].addBorder(code: code)
    }
    self.map = map
    var pageOf = [Int](repeating: 0, count: map.count)
    if map.pages > 1 {
      for n in map.labels.indices {
        pageOf[Int(map.labels[n])] = n / (width * height)
      }
    }
    regions = tallies.indices.map { i in
      let (means, spreads) = sums.result(i, count: tallies[i].area)
      return tallies[i].region(
        label: Int(labelOf[i]), page: pageOf[i], sides: borders.sides[i],
        means: means, spreads: spreads, beside: borders[i])
    }
  }
}

/// Sums of the numbers of regions and of their squares, each less that of the
/// region's first pixel, so that nothing is lost where numbers are far from 0.
private struct NumberSums {
  private let numbers: Int
  private var firsts: [Double]
  private var sums: [Double]
  private var squares: [Double]

  init(regions: Int, numbers: Int) {
    self.numbers = numbers
    firsts = [Double](repeating: 0, count: regions * numbers)
    sums = firsts
    squares = firsts
  }

  @inline(__always)
  mutating func add(
    _ region: Int, isFirst: Bool,
    _ forEachNumber: ((Int, Double) -> Void) -> Void
  ) {
    let start = region * numbers
    forEachNumber { d, value in
      if isFirst { firsts[start + d] = value }
      let difference = value - firsts[start + d]
      sums[start + d] += difference
      squares[start + d] += difference * difference
    }
  }

  func result(
    _ region: Int, count: Int
  ) -> (means: [Double], spreads: [Double]) {
    let range = region * numbers..<(region + 1) * numbers
    let count = Double(count)
    return (
      range.map { firsts[$0] + sums[$0] / count },
      range.map {
        let mean = sums[$0] / count
        return max(0, squares[$0] / count - mean * mean).squareRoot()
      }
    )
  }
}
