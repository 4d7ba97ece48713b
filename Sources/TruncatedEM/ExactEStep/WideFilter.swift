internal import CKernels

/// Drops, for 16 points at a time, candidates that are surely not among the C'
/// cheapest, by costs in single precision: a fast look before the exact one, in
/// more than ``WeightedPoints/fastDimension`` dimensions.
///
/// A squared distance is computed as |c|² − 2x·c about an origin amid the points,
/// by fused multiplication and addition. That is off by at most
/// (D + 8) 2⁻²⁴ (|x|² + |c|²); candidates that are dearer than C' others by more
/// are dropped. What is left is computed in double precision as without the
/// filter, so the results are the same, bit for bit.
struct WideFilter {
  /// With fewer candidates it costs more than it saves.
  private static let leastCandidates = 8

  /// The greatest C' that it knows.
  private static let mostKept = 8

  private let truncation: Int
  private let points: UnsafePoints
  private let dimension: Int

  /// The origin, D numbers.
  private let origin: UnsafeMutablePointer<Double>
  private let scale: Double

  /// By component: the coordinates, then half their squares, factors, offsets,
  /// fixed errors and errors.
  private let numbers: UnsafeMutablePointer<Float>
  private let components: Int
  private let isGeneral: Bool
  private let vanishing: Float

  private let bounds: UnsafeMutablePointer<Float>
  private let kept: UnsafeMutablePointer<Int32>
  private let masks: UnsafeMutablePointer<UInt16>
  private let group: UnsafeMutablePointer<Int32>

  /// A filter of components by their distances. Candidates whose squared distance
  /// is by `vanishing` larger than another's are dropped as well.
  init?(
    _ dimension: some PointDimension, _ tree: UnsafeTree, _ means: UnsafeMeans,
    truncation: Int, vanishing: Double = .infinity
  ) {
    self.init(
      dimension.count, dimension.vectorWidth, tree, means, nil,
      truncation: truncation, vanishing: vanishing)
  }

  /// A filter of components by their costs. Candidates whose cost is by `vanishing`
  /// larger than another's are dropped as well.
  init?(
    _ dimension: some PointDimension, _ tree: UnsafeTree,
    _ components: UnsafeComponents, truncation: Int, vanishing: Double
  ) {
    self.init(
      dimension.count, dimension.vectorWidth, tree, components.means,
      components, truncation: truncation, vanishing: vanishing)
  }

  private init?(
    _ dimension: Int, _ lanes: Int, _ tree: UnsafeTree, _ means: UnsafeMeans,
    _ general: UnsafeComponents?, truncation: Int, vanishing: Double
  ) {
    guard InstructionSet.hasKernels, truncation <= Self.mostKept,
      dimension > WeightedPoints.fastDimension,
      dimension <= qk_most_wide, means.count >= Self.leastCandidates
    else { return nil }
    let count = means.count
    self.truncation = truncation
    self.dimension = dimension
    points = tree.points
    components = count
    isGeneral = general != nil
    origin = .allocate(capacity: dimension)
    numbers = .allocate(capacity: count * (dimension + 5))
    bounds = .allocate(capacity: count * Int(qk_filtered_points))
    kept = .allocate(capacity: count + 1)
    masks = .allocate(capacity: count + 1)
    group = .allocate(capacity: count)
    // The root's box is around all points.
    var largest = 0.0
    for d in 0..<dimension {
      origin[d] = 0.5 * (tree.bounds[d] + tree.bounds[lanes + d])
      largest = max(largest, tree.bounds[lanes + d] - origin[d])
    }
    for c in 0..<count {
      for d in 0..<dimension {
        largest = max(largest, abs(means.values[c * lanes + d] - origin[d]))
      }
    }
    let scale = largest > 0 ? 1 / largest : 1
    self.scale = scale
    // Costs are of half the squares of what is scaled.
    self.vanishing = Float(
      general == nil ? 0.5 * vanishing * scale * scale : vanishing)
    let error = 1.1 * Double(dimension + 8) * 0x1p-24
    let planes = numbers + count * dimension
    for c in 0..<count {
      var square = 0.0
      for d in 0..<dimension {
        let coordinate = (means.values[c * lanes + d] - origin[d]) * scale
        numbers[c * dimension + d] = Float(coordinate)
        square += coordinate * coordinate
      }
      var (factor, offset) = (1.0, 0.0)
      if let general {
        factor = 2 * general.precisions[c] / (scale * scale)
        offset = general.offsets[c]
      }
      planes[c] = Float(0.5 * square)
      planes[count + c] = Float(factor)
      planes[2 * count + c] = Float(offset)
      planes[3 * count + c] = Float(
        factor * (error * square + 1e-35) + 0x1p-21 * abs(offset))
      planes[4 * count + c] = Float(factor * error)
    }
  }

  /// Frees the memory.
  func deallocate() {
    origin.deallocate()
    numbers.deallocate()
    bounds.deallocate()
    kept.deallocate()
    masks.deallocate()
    group.deallocate()
  }

  /// Calls `body` with what the kernels know of the components.
  @inline(__always)
  private func withKernel<Result>(
    _ body: (UnsafePointer<qk_wide_filter>) -> Result
  ) -> Result {
    let planes = numbers + components * dimension
    return withUnsafePointer(
      to: qk_wide_filter(
        dimension: dimension, origin: origin, scale: scale, means: numbers,
        half_squares: planes,
        factors: isGeneral ? UnsafePointer(planes + components) : nil,
        offsets: planes + 2 * components,
        fixed_errors: planes + 3 * components, errors: planes + 4 * components,
        vanishing: vanishing), body)
  }

  /// Whether to look through some candidates.
  @inline(__always)
  func isWorth(_ candidates: UnsafeBufferPointer<Int32>) -> Bool {
    candidates.count >= Self.leastCandidates
  }

  /// `NearestKernel.assign`.
  func assign(
    _ range: Range<Int>, among candidates: UnsafeBufferPointer<Int32>,
    of means: UnsafeMeans, lanes: Int, into outputs: PassOutputs
  ) -> Double {
    withKernel { filter in
      qk_assign_filtered(
        points.coordinates, points.stride, points.weights, range.lowerBound,
        range.upperBound, candidates.baseAddress, candidates.count,
        means.values, lanes, dimension, outputs.statistics, outputs.nearest,
        filter, bounds, kept, masks)
    }
  }

  /// Calls `body` with every four points of a range, and the candidates that are
  /// left for them, in the same order.
  ///
  /// - Complexity: O(points × candidates × D), in single precision.
  @inline(__always)
  func forEachFour(
    _ range: Range<Int>, _ candidates: UnsafeBufferPointer<Int32>,
    _ body: (_ n: Int, _ left: UnsafeBufferPointer<Int32>) -> Void
  ) {
    let most = Int(qk_filtered_points)
    var start = range.lowerBound
    while start < range.upperBound {
      let count = min(most, range.upperBound - start)
      let found = withKernel { filter in
        qk_filter_wide(
          filter, points.coordinates, points.stride, start, count,
          candidates.baseAddress, candidates.count,
          min(truncation, candidates.count), bounds, kept, masks)
      }
      for lane in stride(from: 0, to: count, by: 4) {
        var left = 0
        for i in 0..<found where (masks[i] >> UInt16(lane)) & 15 != 0 {
          group[left] = kept[i]
          left += 1
        }
        body(start + lane, UnsafeBufferPointer(start: group, count: left))
      }
      start += count
    }
  }
}
