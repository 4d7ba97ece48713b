internal import CKernels
package import ParallelWork

/// Finds the nearest of opaque entries, in a grid of cells that know which
/// entries are nearest to any of their points: mostly four at most, which are
/// looked at together.
///
/// Opaque entries have the same coordinate of alpha, so the other three decide.
package struct NearestGrid: Sendable {
  /// Cells of a side.
  private static let side = 32  // As in `qk_grid_nearest`.

  /// Cells of a side that are found together.
  private static let coarse = 4

  /// Cells with more entries are left to be searched otherwise.
  private static let mostEntries = 16

  /// For each cell its first block, times 8, and how many it has; 0 where it is
  /// left out.
  private var starts: [UInt32] = []

  /// Four entries a block: their first, second and third coordinates, and their
  /// numbers as bits.
  private var blocks: [SIMD4<Float>] = []

  /// The middle of the first cell, and cells in a unit.
  private let origin: SIMD4<Float>
  private let scale: SIMD4<Float>

  /// Looks at entries.
  ///
  /// - Parameters:
  ///   - points: Theirs; at least one, all opaque.
  ///   - workers: The threads to use; the grid does not depend on them.
  /// - Complexity: O(512 entries + 32,768 × entries near a cell).
  package init(_ points: [SIMD4<Float>], _ workers: Workers) {
    let points = points.map { SIMD4($0.x, $0.y, $0.z, 0) }
    var (low, high) = (points[0], points[0])
    for point in points {
      low.replace(with: point, where: point .< low)
      high.replace(with: point, where: point .> high)
    }
    // Error leads beyond the entries.
    let extent = high - low
    let most = max(extent.max(), .leastNormalMagnitude * 1e9)
    let margin = extent / 6 + most / 24
    let full = extent + 2 * margin
    let steps = Float(Self.side - 1)
    origin = low - margin
    scale = SIMD4(steps / full.x, steps / full.y, steps / full.z, 0)
    let step = SIMD4(full.x, full.y, full.z, 0) / steps
    let slabs = Self.side / Self.coarse
    let parts = workers.map(slabs) { [origin] slab in
      var part = Part()
      for y in 0..<slabs {
        for z in 0..<slabs {
          part.add(SIMD3(slab, y, z), points, origin, step)
        }
      }
      return part
    }
    starts = [UInt32](repeating: 0, count: Self.side * Self.side * Self.side)
    for (slab, part) in parts.enumerated() {
      let first = UInt32(truncatingIfNeeded: blocks.count / 4)
      let place = slab * part.starts.count
      for (i, start) in part.starts.enumerated() where start > 0 {
        starts[place + i] = start + first << 3
      }
      blocks += part.blocks
    }
  }

  /// The cells of a range of the first coordinate.
  private struct Part: Sendable {
    var starts = [UInt32](repeating: 0, count: coarse * side * side)
    var blocks: [SIMD4<Float>] = []

    /// Adds neighbouring cells.
    mutating func add(
      _ place: SIMD3<Int>, _ points: [SIMD4<Float>], _ origin: SIMD4<Float>,
      _ step: SIMD4<Float>
    ) {
      // A little more than half a cell: a point's cell is found by rounding.
      let half = step * 0.501
      let first = SIMD4<Float>(
        Float(place.x * coarse), Float(place.y * coarse),
        Float(place.z * coarse), 0)
      let near = Self.near(
        origin + (first + Float(coarse - 1) / 2) * step,
        half * Float(coarse), Array(0..<points.count), points)
      for x in 0..<coarse {
        for y in 0..<coarse {
          for z in 0..<coarse {
            let own = first + SIMD4(Float(x), Float(y), Float(z), 0)
            let entries = Self.near(origin + own * step, half, near, points)
            guard entries.count <= mostEntries else { continue }
            let cell =
              (x * side + place.y * coarse + y) * side + place.z * coarse + z
            let count = (entries.count + 3) / 4
            starts[cell] = UInt32(
              truncatingIfNeeded: (blocks.count / 4) << 3 | count)
            append(entries, points)
          }
        }
      }
    }

    /// The entries that are nearest to any point of a box.
    ///
    /// An entry is not, where the one nearest to the middle is nearer to every
    /// corner.
    private static func near(
      _ middle: SIMD4<Float>, _ half: SIMD4<Float>, _ entries: [Int],
      _ points: [SIMD4<Float>]
    ) -> [Int] {
      var nearest = points[entries[0]]
      var least = Float.infinity
      let distances = entries.map { entry in
        let difference = points[entry] - middle
        let distance = (difference * difference).sum()
        if distance < least { (nearest, least) = (points[entry], distance) }
        return distance
      }
      var result: [Int] = []
      for (i, entry) in entries.enumerated() {
        let way = points[entry] - nearest
        let size = way.replacing(with: -way, where: way .< 0)
        let gain = 2 * (size * half).sum()
        if distances[i] * 0.9999 - least <= gain { result.append(entry) }
      }
      return result
    }

    private mutating func append(_ entries: [Int], _ points: [SIMD4<Float>]) {
      for i in stride(from: 0, to: entries.count, by: 4) {
        // What is left over is farther off than anything.
        var axes = [SIMD4<Float>](repeating: .init(repeating: 1e18), count: 3)
        var numbers = SIMD4<UInt32>.zero
        for lane in 0..<min(4, entries.count - i) {
          for axis in 0..<3 {
            axes[axis][lane] = points[entries[i + lane]][axis]
          }
          numbers[lane] = UInt32(truncatingIfNeeded: entries[i + lane])
        }
        blocks += axes
        blocks.append(unsafeBitCast(numbers, to: SIMD4<Float>.self))
      }
    }
  }

  /// Calls `body` with a searcher that must not outlive the call.
  package func withSearcher<Result>(_ body: (Searcher) -> Result) -> Result {
    starts.withUnsafeBufferPointer { starts in
      blocks.withUnsafeBufferPointer { blocks in
        guard let starts = starts.baseAddress, let blocks = blocks.baseAddress
        else { preconditionFailure("a grid has cells") }
        let grid = qk_grid(
          starts: starts,
          blocks: UnsafeRawPointer(blocks).assumingMemoryBound(to: Float.self),
          origin: (origin.x, origin.y, origin.z),
          scale: (scale.x, scale.y, scale.z))
        return withUnsafePointer(to: grid) { body(Searcher(grid: $0)) }
      }
    }
  }

  /// Finds nearest entries.
  package struct Searcher {
    /// The grid for C.
    let grid: UnsafePointer<qk_grid>

    /// The entry nearest to a point.
    ///
    /// - Parameter point: Any.
    /// - Returns: The nearest, of those that differ by less than a part in
    ///   100,000 the first; −1 where the grid does not say.
    @inline(__always)
    package func nearest(to point: SIMD4<Float>) -> Int {
      Int(qk_find_nearest(grid, point.x, point.y, point.z))
    }
  }
}
