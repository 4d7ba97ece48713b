import Rasters
import Segmentation

/// A region as `--regions` writes it.
struct RegionRecord: Encodable {
  let region: Int
  let page: Int?
  let label: Int
  let area: Int
  let bounds: Bounds
  let centroid: [Double]
  let orientation: Double
  let eccentricity: Double
  let majorAxis: Double
  let minorAxis: Double
  let perimeter: Double
  let sides: Int

  /// Red, green and blue; of pictures only.
  let meanColor: [Double]?

  /// Of each channel; of channels only.
  let mean: [Double]?
  let spread: [Double]
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
  ///
  /// - Parameters:
  ///   - number: Its number.
  ///   - region: The region.
  ///   - isPicture: Whether its numbers are red, green and blue.
  ///   - hasPages: Whether the image has pages.
  init(_ number: Int, _ region: Region, isPicture: Bool, hasPages: Bool) {
    self.region = number
    page = hasPages ? region.page + 1 : nil
    label = region.label
    area = region.area
    bounds = Bounds(
      x: region.columns.lowerBound, y: region.rows.lowerBound,
      width: region.columns.count, height: region.rows.count)
    centroid = [region.centroid.x, region.centroid.y]
    orientation = region.shape.orientation
    eccentricity = region.shape.eccentricity
    majorAxis = region.shape.majorAxis
    minorAxis = region.shape.minorAxis
    perimeter = region.perimeter
    sides = region.sides
    meanColor = isPicture ? region.means : nil
    mean = isPicture ? nil : region.means
    spread = region.spreads
    meanResponsibility = region.meanResponsibility
    neighbours = region.neighbours
  }

  /// The columns of a table of regions.
  ///
  /// - Parameters:
  ///   - names: Those of the numbers of a pixel.
  ///   - isPicture: Whether they are red, green and blue.
  ///   - hasPages: Whether the image has pages.
  /// - Returns: Their names.
  static func columns(
    _ names: [String], isPicture: Bool, hasPages: Bool
  ) -> [String] {
    ["region"] + (hasPages ? ["page"] : [])
      + ["label", "area", "x", "y", "width", "height"]
      + ["centroid_x", "centroid_y", "orientation", "eccentricity"]
      + ["major_axis", "minor_axis"]
      + (isPicture ? names : names.map { "mean_\($0)" })
      + names.map { isPicture ? "\($0)_spread" : "spread_\($0)" }
      + ["perimeter", "sides", "mean_responsibility", "neighbours"]
  }

  /// A row of it; neighbours are separated by spaces.
  var row: [String] {
    let places = [label, area, bounds.x, bounds.y, bounds.width, bounds.height]
    let shape =
      centroid + [orientation, eccentricity, majorAxis, minorAxis]
      + (meanColor ?? mean ?? []) + spread + [perimeter]
    return ["\(region)"] + (page.map { ["\($0)"] } ?? [])
      + places.map(String.init) + shape.map { "\($0)" }
      + ["\(sides)", "\(meanResponsibility)"]
      + [neighbours.map(String.init).joined(separator: " ")]
  }
}

/// All that `--regions` writes as JSON.
struct RegionFile: Encodable {
  let width: Int
  let height: Int
  let pages: Int?
  let channels: [String]?
  let components: Int
  let sigma2: Double
  let freeEnergy: [Double]
  let regions: [RegionRecord]
}
