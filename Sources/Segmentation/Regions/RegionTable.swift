public import Rasters

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
  ///   - raster: The image; alpha is ignored.
  ///   - responsibilities: How responsible each pixel's label is for it; `nil`
  ///     for 1 each.
  /// - Precondition: All three have the same size.
  /// - Complexity: O(pixels log(neighbours of a region)).
  public init(
    _ labels: LabelMap, _ raster: Raster, responsibilities: [Float]? = nil
  ) {
    precondition(labels.size == raster.size)
    precondition(
      (responsibilities?.count ?? labels.labels.count) == labels.labels.count)
    let (map, labelOf) = labels.connectedRegions()
    let borders = RegionBorders(map)
    var tallies = [Tally](repeating: Tally(), count: map.count)
    let (width, height) = (map.size.width, map.size.height)
    let channels = raster.channels.count
    for y in 0..<height {
      for x in 0..<width {
        let n = y * width + x
        let sample = n * channels
        tallies[Int(map.labels[n])].add(
          x, y,
          SIMD3(
            Int(raster.samples[sample]), Int(raster.samples[sample + 1]),
            Int(raster.samples[sample + 2])),
          Double(responsibilities?[n] ?? 1),
          outside: (x == 0 ? 1 : 0) + (x == width - 1 ? 1 : 0)
            + (y == 0 ? 1 : 0) + (y == height - 1 ? 1 : 0))
      }
    }
    self.map = map
    regions = tallies.indices.map { i in
      tallies[i].region(
        label: Int(labelOf[i]), sides: borders.sides[i], beside: borders[i])
    }
  }
}

/// What adds up to a region.
private struct Tally {
  private var area = 0
  private var least = SIMD2(Int.max, Int.max)
  private var greatest = SIMD2(0, 0)
  private var places = SIMD2(0, 0)
  private var colors = SIMD3(0, 0, 0)
  private var responsibility = 0.0
  private var outside = 0

  mutating func add(
    _ x: Int, _ y: Int, _ color: SIMD3<Int>, _ responsibility: Double,
    outside: Int
  ) {
    area += 1
    least = SIMD2(min(least.x, x), min(least.y, y))
    greatest = SIMD2(max(greatest.x, x), max(greatest.y, y))
    places &+= SIMD2(x, y)
    colors &+= color
    self.responsibility += responsibility
    self.outside += outside
  }

  func region(label: Int, sides: Int, beside neighbours: [Int]) -> Region {
    let count = Double(area)
    return Region(
      label: label, area: area, columns: least.x..<greatest.x + 1,
      rows: least.y..<greatest.y + 1,
      centroid: SIMD2(Double(places.x), Double(places.y)) / count,
      meanColor: SIMD3(Double(colors.x), Double(colors.y), Double(colors.z))
        / count,
      perimeter: outside + sides,
      meanResponsibility: responsibility / count,
      neighbours: neighbours)
  }
}
