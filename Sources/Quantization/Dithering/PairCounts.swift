package import ParallelWork

/// How often the entries of a palette sit near each other in a dithered image,
/// weighted by g, and what the blurred image is where they are: the normal
/// equations of ``DitherAwarePalette``.
package struct PairCounts: Sendable {
  /// M, row by row.
  package private(set) var matrix: [Double]

  /// b.
  package private(set) var blurred: [SIMD4<Double>]

  /// Pixels of each entry.
  package private(set) var counts: [Double]

  private var entries: Int { counts.count }

  /// Bands are added up in so many groups, whatever the threads.
  private static let groups = 4

  private init(entries: Int) {
    matrix = [Double](repeating: 0, count: entries * entries)
    blurred = [SIMD4<Double>](repeating: .zero, count: entries)
    counts = [Double](repeating: 0, count: entries)
  }

  /// Counts.
  ///
  /// - Parameters:
  ///   - scene: The bands to look at, whose pixels have entries.
  ///   - entries: How many entries there are.
  ///   - workers: The threads to use; the sums do not depend on them.
  /// - Complexity: O(41 pixels + entries²).
  package init(
    _ scene: BlurredScene, entries: Int, _ workers: Workers
  ) {
    let bands = scene.samples.count
    let groups = min(Self.groups, bands)
    let parts = workers.map(groups) { group in
      var part = PairCounts(entries: entries)
      for i in bands * group / groups..<bands * (group + 1) / groups {
        part.add(i, scene)
      }
      return part
    }
    self.init(entries: entries)
    for part in parts {
      for i in matrix.indices { matrix[i] += part.matrix[i] }
      for j in counts.indices {
        blurred[j] += part.blurred[j]
        counts[j] += part.counts[j]
      }
    }
    // Each pair was counted once, and no pixel with itself.
    for j in 0..<entries {
      for l in 0..<j {
        let sum = matrix[j * entries + l] + matrix[l * entries + j]
        matrix[j * entries + l] = sum
        matrix[l * entries + j] = sum
      }
      matrix[j * entries + j] =
        2 * matrix[j * entries + j] + scene.blur.peak * counts[j]
    }
  }

  private mutating func add(
    _ band: Int, _ scene: BlurredScene
  ) {
    let sample = scene.samples[band]
    let size = sample.field.size
    let width = size.width
    let rows = DitherBands.rows(sample.band, size)
    let radius = EyeBlur.radius
    let entries = entries
    let weights = scene.blur.correlation.map { Double($0) }
    let near = (0...radius).flatMap { dy in
      weights.map { $0 * weights[dy + radius] }
    }
    let image = scene.blurred[band]
    let start =
      sample.indices.start + sample.field.place(ofRow: rows.lowerBound)
    matrix.withUnsafeMutableBufferPointer { matrix in
      let base = matrix.baseAddress.unsafelyUnwrapped
      for y in 0..<rows.count {
        let below = min(radius, rows.count - 1 - y)
        for x in 0..<width {
          let own = start + y * width + x
          let j = Int(own.pointee)
          blurred[j] += SIMD4<Double>(image[y * width + x])
          counts[j] += 1
          let line = base + j * entries
          if below == radius, x >= radius, x + radius < width {
            near.withUnsafeBufferPointer {
              Self.add($0, own, width, to: line)
            }
            continue
          }
          let left = -min(radius, x)
          let right = min(radius, width - 1 - x)
          for dy in 0...below {
            let first = dy == 0 ? 1 : left
            guard first <= right else { continue }
            let vertical = weights[dy + radius]
            let other = own + dy * width
            for dx in first...right {
              line[Int(other[dx])] += vertical * weights[dx + radius]
            }
          }
        }
      }
    }
  }

  /// Adds the pairs of a pixel that is not near a border.
  ///
  /// - Parameters:
  ///   - near: The weights of its row, and of those below it.
  ///   - own: The pixel.
  ///   - width: Pixels in a row.
  ///   - line: The row of M that is its entry's.
  @inline(__always)
  private static func add(
    _ near: UnsafeBufferPointer<Double>, _ own: UnsafeMutablePointer<UInt16>,
    _ width: Int, to line: UnsafeMutablePointer<Double>
  ) {
    let radius = EyeBlur.radius
    let weights = near.baseAddress.unsafelyUnwrapped + radius
    var dx = 1
    while dx <= radius {
      line[Int(own[dx])] += weights[dx]
      dx += 1
    }
    var dy = 1
    while dy <= radius {
      let other = own + dy * width
      let weights = weights + dy * (2 * radius + 1)
      dx = -radius
      while dx <= radius {
        line[Int(other[dx])] += weights[dx]
        dx += 1
      }
      dy += 1
    }
  }

  /// The objective of a palette but for a constant: pᵀMp − 2 bᵀp.
  package func objective(_ points: [SIMD4<Double>]) -> Double {
    var sum = 0.0
    for j in 0..<entries {
      var row = SIMD4<Double>.zero
      for l in 0..<entries { row += points[l] * matrix[j * entries + l] }
      sum += (points[j] * (row - 2 * blurred[j])).sum()
    }
    return sum
  }
}
