public import ParallelWork
public import Rasters
public import TruncatedEM

extension ColorHistogram {
  /// The visible colours as points of the working space, weighted by their
  /// counts or ``weights``, in the order of their numbers: three coordinates of
  /// the space; with translucent colours the four that docs/alpha.md derives,
  /// whose squared distance is the mean squared error on a black, a grey and a
  /// white background. In a space of greys there is one in place of three.
  ///
  /// - Parameters:
  ///   - space: The working space.
  ///   - workers: The threads to use; the result does not depend on them.
  /// - Returns: The tree of the visible colours; of one black point where there
  ///   are none.
  /// - Complexity: O(colours).
  public func tree(
    in space: CompositeSpace = .encoded, workers: Workers = Workers(threads: 1)
  ) -> PointTree {
    tree(in: space, workers: workers, dimension: dimension(in: space))
  }

  /// The visible colours as points with the coordinates of another image, of
  /// which this is a part.
  ///
  /// - Parameters:
  ///   - space: The working space.
  ///   - workers: The threads to use; the result does not depend on them.
  ///   - dimension: That of the other image in this space; with alpha where this
  ///     one has it.
  /// - Returns: As above.
  /// - Complexity: O(colours).
  public func tree(
    in space: CompositeSpace, workers: Workers, dimension: Int
  ) -> PointTree {
    precondition(
      self.dimension(in: space) <= dimension
        && dimension <= space.dimension(withAlpha: true))
    let visible = visible
    guard !visible.isEmpty else {
      return PointTree(
        sorted: WeightedPoints(
          count: 1, dimension: dimension, totalWeight: Double(pixelCount)
        ) { planes, weights, stride in
          for d in 0..<dimension { planes.start[d * stride] = 0 }
          weights.start[0] = Double(pixelCount)
        }, keys: [0], workers: workers)
    }
    return tree(of: visible, in: space, workers: workers, dimension: dimension)
  }

  /// Some visible colours as points.
  ///
  /// - Parameters:
  ///   - range: Their numbers, at least one.
  ///   - space: The working space.
  ///   - workers: The threads to use; the result does not depend on them.
  ///   - dimension: D, with alpha or without.
  /// - Returns: The tree of these colours, in the order of their numbers.
  /// - Complexity: O(colours of the range).
  package func tree(
    of range: Range<Int>, in space: CompositeSpace, workers: Workers,
    dimension: Int
  ) -> PointTree {
    let count = range.count
    let pieces = max(1, min(16, count / 16_384))
    let points = WeightedPoints(
      count: count, dimension: dimension, totalWeight: totalWeight(of: range)
    ) { planes, weights, stride in
      workers.forEach(pieces) { piece in
        let share = (0..<count).piece(piece, of: pieces)
        for n in share {
          weights.start[n] = weight(range.lowerBound + n)
        }
        write(
          share, of: range.lowerBound, in: space, to: planes, stride, dimension)
      }
    }
    return PointTree(
      sorted: points,
      keys: range.count == codes.count ? codes : Array(codes[range]),
      workers: workers)
  }

  /// How much some colours count together.
  func totalWeight(of range: Range<Int>) -> Double {
    weights.map { $0[range].reduce(0, +) }
      ?? Double(counts[range].reduce(0) { $0 + Int($1) })
  }

  /// Writes the coordinates of some visible colours.
  @inline(__always)
  private func write(
    _ share: Range<Int>, of first: Int, in space: CompositeSpace,
    to planes: SharedMemory<Double>, _ stride: Int, _ dimension: Int
  ) {
    let places = space.places(dimension: dimension)
    switch layout {
    case .rgb8 where !space.isGrey:
      for n in share {
        let color = space.coordinates(
          MortonCode.decode(UInt32(truncatingIfNeeded: codes[first + n])))
        // Not in a loop, which takes three times as long.
        let point = planes.start + n
        point[0] = color.x
        point[stride] = color.y
        point[2 * stride] = color.z
      }
    case .rgb8:
      for n in share {
        let point = space.point(
          MortonCode.decode(UInt32(truncatingIfNeeded: codes[first + n])))
        for (d, place) in places.enumerated() {
          planes.start[d * stride + n] = point[place]
        }
      }
    default:
      for n in share {
        let point = space.point(layout.color(codes[first + n]))
        for (d, place) in places.enumerated() {
          planes.start[d * stride + n] = point[place]
        }
      }
    }
  }

  /// Means that no fit moves: complete transparency, where it is a component
  /// (``hasTransparentComponent``), and behind it opaque colours that are to
  /// stay.
  ///
  /// - Parameters:
  ///   - colors: Opaque colours, none twice.
  ///   - space: The working space.
  /// - Returns: A model of nothing but pinned means, or `nil` where there are
  ///   none.
  /// - Complexity: O(colours given).
  public func pinnedMeans(
    keeping colors: [RGBColor] = [], in space: CompositeSpace = .encoded
  ) -> MixtureModel? {
    let dimension = dimension(in: space)
    let transparent = hasTransparentComponent ? [space.transparent] : []
    let points = transparent + colors.map { space.point($0) }
    guard !points.isEmpty else { return nil }
    return try? MixtureModel(
      means: space.coordinates(of: points, dimension: dimension),
      dimension: dimension, pinned: points.count)
  }

  /// A visible colour in a working space.
  func point(_ n: Int, in space: CompositeSpace) -> SIMD4<Double> {
    layout == .rgb8
      ? space.point(MortonCode.decode(UInt32(truncatingIfNeeded: codes[n])))
      : space.point(layout.color(codes[n]))
  }
}
