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
  /// - Complexity: O(pixels + borders × neighbours).
  public init(
    _ labels: LabelMap, _ raster: Raster, responsibilities: [Float]? = nil
  ) {
    precondition(labels.size == raster.size)
    precondition(
      (responsibilities?.count ?? labels.labels.count) == labels.labels.count)
    let (map, labelOf) = labels.connectedRegions()
    let graph = RegionGraph(map) { _, _ in 0 }
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
      tallies[i].region(label: Int(labelOf[i]), graph.borders[i])
    }
  }

  /// The mean colour of each label, black of those without pixels.
  ///
  /// - Parameter count: The number of labels.
  /// - Returns: A colour a label, rounded to 8 bits a sample.
  public func colors(ofLabels count: Int) -> [RGBColor] {
    var sums = [SIMD4<Double>](repeating: .zero, count: count)
    for region in regions {
      sums[region.label] +=
        Double(region.area) * SIMD4(region.meanColor, 1)
    }
    return sums.map { sum in
      guard sum.w > 0 else { return RGBColor(packed: 0) }
      let mean = sum / sum.w
      return RGBColor(rounding: SIMD3(mean.x, mean.y, mean.z))
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

  func region(label: Int, _ borders: [RegionGraph.Border]) -> Region {
    let count = Double(area)
    return Region(
      label: label, area: area, columns: least.x..<greatest.x + 1,
      rows: least.y..<greatest.y + 1,
      centroid: SIMD2(Double(places.x), Double(places.y)) / count,
      meanColor: SIMD3(Double(colors.x), Double(colors.y), Double(colors.z))
        / count,
      perimeter: outside + borders.reduce(0) { $0 + Int($1.length) },
      meanResponsibility: responsibility / count,
      neighbours: borders.map { Int($0.region) }.sorted())
  }
}
