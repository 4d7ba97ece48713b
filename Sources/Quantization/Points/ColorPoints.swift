import ParallelWork
public import TruncatedEM

/// The colours of a histogram as points of a working space, with the engine
/// that clusters them.
///
/// A point takes some 40 bytes. Of more than ``mostColors`` colours, those that
/// are close together are fitted as one point first, their mean; a few exact
/// iterations over all colours, chunk by chunk, end the fit.
public struct ColorPoints: Sendable {
  /// The most colours that are points each.
  public static let mostColors = 3 << 18

  /// The most boxes that stand for more colours than that.
  public static let mostBoxes = 1 << 19

  /// Colours that are points at once where there are too many.
  private static let colorsInChunk = 1 << 16

  /// The colours.
  public let histogram: ColorHistogram

  /// The working space.
  public let space: CompositeSpace

  /// The points that a mixture is fitted to first: the visible colours, or
  /// where they are too many the means of boxes of colours.
  public let tree: PointTree

  /// Clusters them.
  public var engine: TruncatedEM

  /// Prepares colours to be clustered.
  ///
  /// Boxes are those of one level of the Z-order curve, the finest with few
  /// enough. Only the scatter within a box is lost, which no assignment of
  /// whole boxes changes.
  ///
  /// - Parameters:
  ///   - histogram: The colours, with their weights.
  ///   - space: The working space.
  ///   - engine: Clusters them; the points do not depend on its threads.
  ///   - most: The most colours that are points each.
  ///   - boxes: The most boxes where there are more, at least 1.
  /// - Complexity: O(colours); memory for the points only.
  public init(
    _ histogram: ColorHistogram, in space: CompositeSpace = .encoded,
    engine: TruncatedEM, most: Int = mostColors, boxes: Int = mostBoxes
  ) {
    self.histogram = histogram
    self.space = space
    self.engine = engine
    let workers = Workers(threads: engine.options.threads)
    tree =
      histogram.visible.count > most
      ? histogram.boxTree(in: space, most: boxes, workers: workers)
      : histogram.tree(in: space, workers: workers)
  }

  /// Whether the points stand for more colours than they are.
  public var areBoxes: Bool { tree.points.count < histogram.visible.count }

  /// All visible colours as points, however many there are.
  ///
  /// - Complexity: O(1), or O(colours) where the points are boxes.
  public var allColors: PointTree {
    areBoxes ? histogram.tree(in: space, workers: workers) : tree
  }

  /// Calls `body` with all visible colours as points: all at once, or some at a
  /// time where they are too many.
  ///
  /// - Parameters:
  ///   - dimension: The coordinates of the points.
  ///   - body: Gets the points and their weight.
  /// - Throws: What `body` throws.
  func forEachPart(
    dimension: Int,
    _ body: (_ tree: PointTree, _ weight: Double) throws(FitError) -> Void
  ) throws(FitError) {
    guard areBoxes else {
      try body(tree, tree.points.totalWeight)
      return
    }
    for chunk in chunks {
      try body(
        tree(of: chunk, dimension: dimension), histogram.totalWeight(of: chunk))
    }
  }

  /// Some visible colours as points.
  func tree(of chunk: Range<Int>, dimension: Int) -> PointTree {
    histogram.tree(of: chunk, in: space, workers: workers, dimension: dimension)
  }

  /// The numbers of the visible colours, some at a time.
  var chunks: [Range<Int>] {
    let visible = histogram.visible
    return stride(
      from: visible.lowerBound, to: visible.upperBound, by: Self.colorsInChunk
    ).map { $0..<min(visible.upperBound, $0 + Self.colorsInChunk) }
  }

  /// The threads of the engine.
  var workers: Workers { Workers(threads: engine.options.threads) }
}
