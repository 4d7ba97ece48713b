public import Rasters
public import Regions

/// Label maps and pictures for the tests of segments.
public enum TestMaps {
  /// A map of random labels in patches.
  ///
  /// - Parameters:
  ///   - width: Columns.
  ///   - height: Rows.
  ///   - labels: How many there are.
  ///   - seed: Another seed makes another map.
  ///   - patch: The side of a patch.
  /// - Returns: The map.
  public static func random(
    width: Int, height: Int, labels: Int, seed: UInt64, patch: Int = 2
  ) -> LabelMap {
    guard let size = ImageSize(width: width, height: height) else {
      preconditionFailure("a test asks for a map without pixels")
    }
    var numbers = Generator(seed: seed)
    let columns = width / patch + 1
    let patches = (0..<columns * (height / patch + 1)).map { _ in
      Int32.random(in: 0..<Int32(labels), using: &numbers)
    }
    let values = (0..<size.pixelCount).map { n -> Int32 in
      let (y, x) = n.quotientAndRemainder(dividingBy: width)
      let noise = Int.random(in: 0..<8, using: &numbers)
      return noise == 0
        ? Int32.random(in: 0..<Int32(labels), using: &numbers)
        : patches[y / patch * columns + x / patch]
    }
    return LabelMap(size: size, labels: values, count: labels)
  }

  /// The connected regions, each found by a flood.
  ///
  /// - Parameter map: A map.
  /// - Returns: For each pixel the number of its region.
  public static func flooded(_ map: LabelMap) -> [Int32] {
    let (width, height) = (map.size.width, map.size.height)
    var regions = [Int32](repeating: -1, count: map.labels.count)
    var next: Int32 = 0
    for start in map.labels.indices where regions[start] < 0 {
      var open = [start]
      regions[start] = next
      while let n = open.popLast() {
        let (y, x) = n.quotientAndRemainder(dividingBy: width)
        for (dx, dy) in [(1, 0), (-1, 0), (0, 1), (0, -1)] {
          let (u, v) = (x + dx, y + dy)
          guard u >= 0, v >= 0, u < width, v < height else { continue }
          let m = v * width + u
          guard regions[m] < 0, map.labels[m] == map.labels[start] else {
            continue
          }
          regions[m] = next
          open.append(m)
        }
      }
      next += 1
    }
    return regions
  }

  /// Discs of colour on a gradient, with noise.
  ///
  /// - Parameters:
  ///   - width: Columns.
  ///   - height: Rows.
  /// - Returns: The picture.
  public static func picture(width: Int, height: Int) -> Raster {
    var numbers = Generator(seed: 5)
    return TestRasters.make(width: width, height: height) { x, y in
      let (u, v) = (x % 24 - 12, y % 20 - 10)
      let noise = UInt32(numbers.next() % 12)
      guard u * u + v * v > 49 else {
        return (UInt32(200 - x % 100) + noise) << 16 | 40 + noise
      }
      let shade = UInt32(x * 120 / width + 60) + noise
      return shade << 16 | shade << 8 | UInt32(y * 100 / height)
    }
  }
}
