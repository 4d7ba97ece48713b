import Regions

/// The place in each region that is farthest from its border, where a number has
/// the most room: the pole of inaccessibility, among the middles of pixels.
struct RegionPoles {
  /// A place.
  struct Pole {
    /// Its pixel.
    var pixel = 0

    /// The square of the distance, in pixels, from the middle of it to that of the
    /// nearest pixel of another region or beyond the image.
    var square = 0
  }

  /// One for each region.
  private(set) var poles: [Pole]

  /// Finds them, by the exact distance transform of P. F. Felzenszwalb and D. P.
  /// Huttenlocher, "Distance Transforms of Sampled Functions", Theory of Computing
  /// 8, 2012, doi 10.4086/toc.2012.v008a019, for all regions at once: what is
  /// nearest in another region is never beyond the end of a region's own run in a
  /// row.
  ///
  /// - Parameter map: Connected regions, on one page.
  /// - Complexity: O(pixels).
  init(_ map: LabelMap) {
    poles = [Pole](repeating: Pole(), count: map.count)
    let (width, height) = (map.size.width, map.size.height)
    // Rows up or down to another region, in each column.
    var heights = [Int](repeating: 0, count: width * height)
    for x in 0..<width {
      for y in 0..<height {
        let n = y * width + x
        let isSame = y > 0 && map.labels[n - width] == map.labels[n]
        heights[n] = isSame ? heights[n - width] + 1 : 1
      }
      var below = 1
      for y in (0..<height).reversed() {
        let n = y * width + x
        let isSame = y + 1 < height && map.labels[n + width] == map.labels[n]
        below = isSame ? below + 1 : 1
        heights[n] = min(heights[n], below)
      }
    }
    var envelope = Envelope(width)
    for y in 0..<height {
      var start = 0
      while start < width {
        let label = map.labels[y * width + start]
        var end = start + 1
        while end < width, map.labels[y * width + end] == label { end += 1 }
        let row = y * width
        envelope.squares(start..<end) {
          heights[row + $0]
        } found: {
          x, square in
          if square > poles[Int(label)].square {
            poles[Int(label)] = Pole(pixel: row + x, square: square)
          }
        }
        start = end
      }
    }
  }

  /// The lower envelope of parabolas.
  private struct Envelope {
    private var vertices: [Int]
    private var bounds: [Double]

    init(_ width: Int) {
      vertices = [Int](repeating: 0, count: width + 2)
      bounds = [Double](repeating: 0, count: width + 3)
    }

    /// The least (x − i)² + f(i)² over a run, with f = 0 just outside of it.
    mutating func squares(
      _ run: Range<Int>, _ height: (Int) -> Int,
      found: (Int, Int) -> Void
    ) {
      let places = run.lowerBound - 1...run.upperBound
      func value(_ i: Int) -> Int {
        guard run.contains(i) else { return 0 }
        let height = height(i)
        return height * height
      }
      var count = 0
      for q in places {
        while true {
          guard count > 0 else {
            vertices[0] = q
            bounds[0] = -.infinity
            count = 1
            break
          }
          let p = vertices[count - 1]
          let cut =
            Double(value(q) + q * q - value(p) - p * p) / Double(2 * (q - p))
          if cut <= bounds[count - 1] {
            count -= 1
            continue
          }
          vertices[count] = q
          bounds[count] = cut
          count += 1
          break
        }
      }
      var k = 0
      for x in run {
        while k + 1 < count, bounds[k + 1] < Double(x) { k += 1 }
        let i = vertices[k]
        found(x, (x - i) * (x - i) + value(i))
      }
    }
  }
}
