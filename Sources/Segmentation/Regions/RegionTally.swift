/// What adds up to a region.
struct RegionTally {
  private(set) var area = 0
  private var least = SIMD2(Int.max, Int.max)
  private var greatest = SIMD2(0, 0)

  /// Sums of columns and rows, counted from the first pixel.
  private var first = SIMD2(0, 0)
  private var places = SIMD2(0, 0)
  private var squares = SIMD2(0, 0)
  private var products = 0

  private var responsibility = 0.0
  private var outside = 0

  /// How many pixels of the border have neighbours of it so that a piece of it is
  /// 1 long, √2, or half of each.
  private var straight = 0
  private var diagonal = 0
  private var mixed = 0

  mutating func add(
    _ x: Int, _ y: Int, _ responsibility: Double, outside: Int
  ) {
    if area == 0 { first = SIMD2(x, y) }
    area += 1
    least = SIMD2(min(least.x, x), min(least.y, y))
    greatest = SIMD2(max(greatest.x, x), max(greatest.y, y))
    let place = SIMD2(x, y) &- first
    places &+= place
    squares &+= place &* place
    products &+= place.x &* place.y
    self.responsibility += responsibility
    self.outside += outside
  }

  /// Adds a pixel of the border.
  ///
  /// - Parameter code: 1 for the pixel, 2 for each neighbour of the border beside
  ///   it, 10 for each at a corner.
  mutating func addBorder(code: Int) {
    switch code {
    case 5, 7, 15, 17, 25, 27: straight += 1
    case 21, 33: diagonal += 1
    case 13, 23: mixed += 1
    default: break
    }
  }

  private var perimeter: Double {
    let root = 2.0.squareRoot()
    return Double(straight) + Double(diagonal) * root
      + Double(mixed) * (1 + root) / 2
  }

  func region(
    label: Int, page: Int, sides: Int, means: [Double], spreads: [Double],
    beside neighbours: [Int]
  ) -> Region {
    let count = Double(area)
    let mean = SIMD2(Double(places.x), Double(places.y)) / count
    let xx = Double(squares.x) / count - mean.x * mean.x
    let yy = Double(squares.y) / count - mean.y * mean.y
    return Region(
      label: label, page: page, area: area,
      columns: least.x..<greatest.x + 1, rows: least.y..<greatest.y + 1,
      // Of whole sums, so that it is rounded once.
      centroid: SIMD2<Double>(places &+ first &* area) / count,
      shape: RegionShape(
        xx: max(0, xx), yy: max(0, yy),
        xy: Double(products) / count - mean.x * mean.y),
      perimeter: perimeter, sides: outside + sides, means: means,
      spreads: spreads, meanResponsibility: responsibility / count,
      neighbours: neighbours)
  }
}
