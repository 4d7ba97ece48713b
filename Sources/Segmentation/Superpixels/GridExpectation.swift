import CLibrary
package import ParallelWork
import Rasters
package import Regions

/// The E-step of a ``GridMixture``.
///
/// Work is cut into rows of cells, whatever the number of threads, and their
/// sums are added in their order: results do not depend on threads.
package struct GridExpectation: Sendable {
  /// The pixels.
  package let planes: LabPlanes

  /// C', 1 to 9.
  package let truncation: Int

  /// The threads to use.
  package let workers: Workers

  /// The pixels that count, if not all do. The others are of no component, for
  /// which the number behind the last one stands.
  private let mask: PixelMask?

  /// Each pixel's component, rows of `planes.stride`; set by
  /// ``labels(_:)``.
  package private(set) var labels: [Int32]

  /// Room for the labels that ``refine(_:by:)`` finds.
  private var refined: [Int32] = []

  /// Prepares for an image.
  package init(
    _ planes: LabPlanes, truncation: Int, mask: PixelMask? = nil,
    _ workers: Workers
  ) {
    self.planes = planes
    self.mask = mask
    self.truncation = truncation
    self.workers = workers
    labels = [Int32](repeating: 0, count: planes.planeCount)
  }

  /// Σ |y|² over all pixels.
  package func scatter(of mixture: GridMixture) -> Double {
    let (width, stride) = (planes.size.width, planes.stride)
    let squaredWeight = mixture.positionWeight * mixture.positionWeight
    let plane = planes.planeCount
    return planes.samples.withUnsafeBufferPointer { samples in
      let samples = SharedSource(samples)
      let rows = workers.map(planes.size.height) { y in
        var sum = 0.0
        if let mask {
          for x in 0..<width where mask.isInside[y * width + x] {
            for d in 0..<3 {
              let sample = Double(samples.buffer[d * plane + y * stride + x])
              sum += sample * sample
            }
            sum += squaredWeight * Double(x * x + y * y)
          }
          return sum
        }
        for d in 0..<3 {
          let start = d * plane + y * stride
          for x in 0..<width {
            let sample = Double(samples.buffer[start + x])
            sum += sample * sample
          }
        }
        // Σ x² of a row has a closed form, Σ y² of it is the same y.
        let n = Double(width)
        return sum + squaredWeight
          * ((n - 1) * n * (2 * n - 1) / 6 + n * Double(y) * Double(y))
      }
      return rows.reduce(0, +)
    }
  }

  /// Gives each pixel to its own cell.
  package func start(_ mixture: GridMixture) -> GridStatistics {
    collect(mixture.grid) { row, statistics in
      let grid = mixture.grid
      planes.samples.withUnsafeBufferPointer { samples in
        for column in 0..<grid.columns {
          let component = row * grid.columns + column
          for y in grid.rowStarts[row]..<grid.rowStarts[row + 1] {
            for x in grid.columnStarts[column]..<grid.columnStarts[column + 1]
            where isInside(x, y) {
              add(samples, x, y, to: component, 1, &statistics)
            }
          }
        }
      }
    }
  }

  /// One E-step.
  ///
  /// - Parameter mixture: Means, and where C' > 1 the variance.
  /// - Returns: What the M-step needs.
  package mutating func statistics(of mixture: GridMixture) -> GridStatistics {
    guard truncation == 1 else { return softStatistics(mixture) }
    assign(mixture)
    return hardStatistics(mixture.grid)
  }

  @inline(__always)
  private func isInside(_ x: Int, _ y: Int) -> Bool {
    mask.map { $0.isInside[y * planes.size.width + x] } ?? true
  }

  /// Takes pixels outside the mask from their components.
  private mutating func leaveOutside(components count: Int) {
    guard let mask else { return }
    let (width, stride) = (planes.size.width, planes.stride)
    for (n, isInside) in mask.isInside.enumerated() where !isInside {
      labels[n / width * stride + n % width] = Int32(
        truncatingIfNeeded: count)
    }
  }

  private func hardStatistics(_ grid: SuperpixelGrid) -> GridStatistics {
    labels.withUnsafeBufferPointer { labels in
      planes.samples.withUnsafeBufferPointer { samples in
        let (labels, samples) = (SharedSource(labels), SharedSource(samples))
        return collect(grid) { row, statistics in
          for y in grid.rowStarts[row]..<grid.rowStarts[row + 1] {
            sum(
              labels.buffer, samples.buffer, y, components: grid.count,
              &statistics)
          }
        }
      }
    }
  }

  /// Gives each pixel to the closest component of its neighbourhood, of equal
  /// ones the lowest.
  package mutating func assign(_ mixture: GridMixture) {
    let grid = mixture.grid
    let planes = planes
    labels.withUnsafeMutableBufferPointer { labels in
      let labels = SharedMemory(labels)
      planes.samples.withUnsafeBufferPointer { samples in
        let samples = SharedSource(samples)
        workers.forEach(grid.rows) { row in
          guard let start = samples.buffer.baseAddress else { return }
          for column in 0..<grid.columns {
            GridCell(mixture, column: column, row: row).assign(
              start, plane: planes.planeCount, stride: planes.stride,
              labels.start)
          }
        }
      }
    }
    leaveOutside(components: grid.count)
  }

  /// Gives each pixel at a border to the closest of its own component and those of
  /// the four pixels beside it, of equal ones to its own, then the lowest: an E-step
  /// in which K_n is that one of them.
  ///
  /// - Parameters:
  ///   - mixture: The components.
  ///   - sharp: The image before it was smoothed, of the same size.
  /// - Complexity: O(pixels).
  package mutating func refine(_ mixture: GridMixture, by sharp: LabPlanes) {
    let borders = GridBorders(mixture, sharp)
    if refined.isEmpty { refined = labels }
    labels.withUnsafeBufferPointer { old in
      let old = SharedSource(old)
      refined.withUnsafeMutableBufferPointer { new in
        let new = SharedMemory(new)
        workers.forEach(planes.size.height) { y in
          borders.refine(row: y, old.buffer, into: new.start)
        }
      }
    }
    swap(&labels, &refined)
  }

  /// The labels as a map.
  package func map(count: Int) -> LabelMap {
    let (width, stride) = (planes.size.width, planes.stride)
    var result: [Int32] = []
    result.reserveCapacity(planes.size.pixelCount)
    for y in 0..<planes.size.height {
      result += labels[y * stride..<y * stride + width]
    }
    return LabelMap(size: planes.size, labels: result, count: count)
  }

  /// Sums over rows of cells, each of which touches the rows above and below.
  private func collect(
    _ grid: SuperpixelGrid,
    _ body: @Sendable (_ row: Int, inout GridStatistics) -> Void
  ) -> GridStatistics {
    let parts = workers.map(grid.rows) { row in
      let first = max(0, row - 1)
      let last = min(grid.rows - 1, row + 1)
      var part = GridStatistics(
        first: first * grid.columns, count: (last - first + 1) * grid.columns)
      body(row, &part)
      return part
    }
    var result = GridStatistics(first: 0, count: grid.count)
    for part in parts { result.add(part) }
    return result
  }

  @inline(__always)
  private func add(
    _ samples: UnsafeBufferPointer<Float>, _ x: Int, _ y: Int,
    to component: Int, _ share: Double, _ statistics: inout GridStatistics
  ) {
    let plane = planes.planeCount
    let from = y * planes.stride + x
    let to = (component - statistics.first) * GridStatistics.width
    statistics.sums[to] += share
    for d in 0..<3 {
      statistics.sums[to + 1 + d] += share * Double(samples[d * plane + from])
    }
    statistics.sums[to + 4] += share * Double(x)
    statistics.sums[to + 5] += share * Double(y)
  }

  /// Adds the pixels of a row to the components that they have been given to.
  private func sum(
    _ labels: UnsafeBufferPointer<Int32>, _ samples: UnsafeBufferPointer<Float>,
    _ y: Int, components: Int, _ statistics: inout GridStatistics
  ) {
    let plane = planes.planeCount
    let row = y * planes.stride
    let first = statistics.first
    statistics.sums.withUnsafeMutableBufferPointer { sums in
      // Runs of one label are summed before they are added.
      var x = 0
      while x < planes.size.width {
        let label = labels[row + x]
        let start = x
        var (l, a, b) = (0.0, 0.0, 0.0)
        repeat {
          l += Double(samples[row + x])
          a += Double(samples[plane + row + x])
          b += Double(samples[2 * plane + row + x])
          x += 1
        } while x < planes.size.width && labels[row + x] == label
        let to = (Int(label) - first) * GridStatistics.width
        guard mask == nil || Int(label) < components else { continue }
        let count = Double(x - start)
        sums[to] += count
        sums[to + 1] += l
        sums[to + 2] += a
        sums[to + 3] += b
        sums[to + 4] += count * Double(start + x - 1) / 2
        sums[to + 5] += count * Double(y)
      }
    }
  }

  private func softStatistics(_ mixture: GridMixture) -> GridStatistics {
    let grid = mixture.grid
    let rate = -1 / (2 * mixture.variance)
    return planes.samples.withUnsafeBufferPointer { samples in
      let samples = SharedSource(samples)
      return collect(grid) { row, statistics in
        for column in 0..<grid.columns {
          let cell = GridCell(mixture, column: column, row: row)
          var nearest = NearestFew(capacity: truncation)
          for y in cell.rows {
            for x in cell.columns where isInside(x, y) {
              let from = y * planes.stride + x
              nearest.removeAll()
              cell.forEachDistance(
                samples.buffer, plane: planes.planeCount, from, x, y
              ) { nearest.insert($0, distance: $1) }
              let closest = nearest.distance(0)
              var total = 0.0
              for i in 0..<nearest.count {
                total += exp(rate * (nearest.distance(i) - closest))
              }
              for i in 0..<nearest.count {
                let share =
                  exp(rate * (nearest.distance(i) - closest)) / total
                add(
                  samples.buffer, x, y, to: cell.components[nearest.entry(i)],
                  share, &statistics)
              }
              statistics.logShares += rate * closest + log(total)
            }
          }
        }
      }
    }
  }
}
