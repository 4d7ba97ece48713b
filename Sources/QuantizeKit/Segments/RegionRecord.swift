import Rasters
import Segmentation

/// A region as `--regions` writes it.
struct RegionRecord: Encodable {
  let region: Int
  let label: Int
  let area: Int
  let bounds: Bounds
  let centroid: [Double]
  let meanColor: [Double]
  let perimeter: Int
  let meanResponsibility: Double
  let neighbours: [Int]

  /// The least rectangle that holds a region.
  struct Bounds: Encodable {
    let x: Int
    let y: Int
    let width: Int
    let height: Int
  }

  /// The record of a region.
  init(_ number: Int, _ region: Region) {
    self.region = number
    label = region.label
    area = region.area
    bounds = Bounds(
      x: region.columns.lowerBound, y: region.rows.lowerBound,
      width: region.columns.count, height: region.rows.count)
    centroid = [region.centroid.x, region.centroid.y]
    meanColor = [region.meanColor.x, region.meanColor.y, region.meanColor.z]
    perimeter = region.perimeter
    meanResponsibility = region.meanResponsibility
    neighbours = region.neighbours
  }

  /// The columns of a table of regions.
  static let columns = [
    "region", "label", "area", "x", "y", "width", "height", "centroid_x",
    "centroid_y", "red", "green", "blue", "perimeter", "mean_responsibility",
    "neighbours",
  ]

  /// A row of it; neighbours are separated by spaces.
  var row: [String] {
    let numbers =
      [region, label, area, bounds.x, bounds.y]
      + [bounds.width, bounds.height]
    return numbers.map(String.init) + centroid.map { "\($0)" }
      + meanColor.map { "\($0)" }
      + ["\(perimeter)", "\(meanResponsibility)"]
      + [neighbours.map(String.init).joined(separator: " ")]
  }
}

/// All that `--regions` writes as JSON.
struct RegionFile: Encodable {
  let width: Int
  let height: Int
  let components: Int
  let sigma2: Double
  let freeEnergy: [Double]
  let regions: [RegionRecord]
}
