public import ParallelWork
public import TruncatedEM

/// Colours that are too many to be points each.
///
/// A point takes some 40 bytes. Of more than ``mostPoints`` colours, those that are
/// close together are fitted as one point first, their mean; a few exact iterations
/// over all colours, chunk by chunk, end the fit.
extension ColorHistogram {
  /// The most colours that are points each.
  public static let mostPoints = 3 << 18

  /// The most boxes that stand for more colours than that.
  public static let mostBoxes = 1 << 19

  /// Iterations over all colours that end a fit to boxes: more gain nothing that
  /// could be seen.
  private static let mostFinalIterations = 6

  /// Colours that are points at once where there are too many.
  private static let colorsInChunk = 1 << 16

  /// The points to fit a palette to: those of ``tree(workers:)``, or where there
  /// are too many the means of boxes of colours.
  ///
  /// The boxes are those of one level of the Z-order curve, the finest with few
  /// enough. What is lost is the scatter within a box, which no assignment of whole
  /// boxes changes.
  ///
  /// - Parameters:
  ///   - workers: The threads to use; the result does not depend on them.
  ///   - most: The most colours that are points each.
  ///   - boxes: The most boxes where there are more, at least 1.
  /// - Returns: Their tree.
  /// - Complexity: O(colours); memory for the points only.
  public func fittingTree(
    workers: Workers, most: Int = mostPoints, boxes: Int = mostBoxes
  ) -> PointTree {
    guard visible.count > most else { return tree(workers: workers) }
    let starts = PointTree.boxStarts(of: codes[visible], most: boxes)
    let end = visible.upperBound
    let dimension = dimension
    let pieces = max(1, min(16, starts.count / 16_384))
    let points = WeightedPoints(
      count: starts.count, dimension: dimension,
      totalWeight: totalWeight(of: visible)
    ) { planes, weights, stride in
      workers.forEach(pieces) { piece in
        let share =
          starts.count * piece / pieces..<starts.count * (piece + 1) / pieces
        for box in share {
          let next = box + 1 < starts.count ? starts[box + 1] : end
          let (mean, weight) = mean(of: starts[box]..<next)
          weights.start[box] = weight
          for d in 0..<dimension { planes.start[d * stride + box] = mean[d] }
        }
      }
    }
    return PointTree(
      sorted: points, keys: starts.map { codes[$0] }, workers: workers)
  }

  /// The mean of some colours in the working space, and how much they count.
  private func mean(
    of range: Range<Int>
  ) -> (mean: SIMD4<Double>, weight: Double) {
    var sum = SIMD4<Double>.zero
    var weight = 0.0
    for n in range {
      sum += self.weight(n) * point(n)
      weight += self.weight(n)
    }
    // Where nothing counts, any point will do.
    return (weight > 0 ? sum / weight : point(range.lowerBound), weight)
  }

  /// Whether the points of a tree stand for more colours than they are.
  private func isOfBoxes(_ tree: PointTree) -> Bool {
    tree.points.count < visible.count
  }

  /// Fits a mixture to all visible colours, searching means to start from.
  ///
  /// - Parameters:
  ///   - tree: ``fittingTree(workers:most:boxes:)``.
  ///   - engine: Fits.
  ///   - components: C.
  ///   - pinned: Means that stay as they are.
  ///   - truncation: C'.
  ///   - seed: The same seed gives the same result.
  ///   - observer: Called after every E-step over all colours.
  /// - Returns: The fit.
  /// - Throws: `FitError`.
  public func fit(
    _ tree: PointTree, _ engine: TruncatedEM, components: Int,
    pinned: MixtureModel?, truncation: Truncation, seed: UInt64,
    observer: TruncatedEM.Observer? = nil
  ) throws(FitError) -> Fit {
    let fit = try engine.fit(
      tree, components: components, pinned: pinned, truncation: truncation,
      seed: seed, observer: isOfBoxes(tree) ? nil : observer)
    return try refined(fit, tree, engine, observer: observer)
  }

  /// Ends a fit to boxes with iterations over all colours.
  ///
  /// - Parameters:
  ///   - fit: A fit to `tree`.
  ///   - tree: ``fittingTree(workers:most:boxes:)``.
  ///   - engine: Fits.
  ///   - observer: Called after every E-step over all colours.
  /// - Returns: The fit, with the iterations over all colours alone; as it was
  ///   where `tree` has all colours, or nothing was to be fitted.
  /// - Throws: `FitError`.
  public func refined(
    _ fit: Fit, _ tree: PointTree, _ engine: TruncatedEM,
    observer: TruncatedEM.Observer? = nil
  ) throws(FitError) -> Fit {
    guard isOfBoxes(tree), !fit.iterations.isEmpty else { return fit }
    var options = engine.options
    options.maximumIterations = min(
      Self.mostFinalIterations, options.maximumIterations)
    return try self.fit(
      from: fit.model, resumes: true, TruncatedEM(options), fit.truncation,
      observer)
  }

  /// Fits a mixture to all visible colours, starting with given means.
  ///
  /// - Parameters:
  ///   - start: The means.
  ///   - tree: ``fittingTree(workers:most:boxes:)``.
  ///   - engine: Fits.
  ///   - truncation: C'.
  ///   - observer: Called after every E-step.
  /// - Returns: The fit.
  /// - Throws: `FitError`.
  public func fit(
    from start: MixtureModel, _ tree: PointTree, _ engine: TruncatedEM,
    truncation: Truncation, observer: TruncatedEM.Observer? = nil
  ) throws(FitError) -> Fit {
    guard isOfBoxes(tree) else {
      return try engine.fit(
        tree, from: start, truncation: truncation, observer: observer)
    }
    return try fit(
      from: start, resumes: false, engine, truncation, observer)
  }

  private func fit(
    from start: MixtureModel, resumes: Bool, _ engine: TruncatedEM,
    _ truncation: Truncation, _ observer: TruncatedEM.Observer?
  ) throws(FitError) -> Fit {
    // What nothing counts for moves no mean.
    let chunks = chunks.filter { totalWeight(of: $0) > 0 }
    return try engine.fit(
      parts: chunks.count, from: start, resumes: resumes,
      truncation: truncation, observer: observer
    ) { tree(of: chunks[$0], engine, start.dimension) }
  }

  /// The component that each visible colour is nearest to.
  ///
  /// - Parameters:
  ///   - model: Means in the working space.
  ///   - tree: The tree of all visible colours, or ``fittingTree(workers:most:boxes:)``,
  ///     with which they are looked at in chunks.
  ///   - engine: Finds the nearest.
  /// - Returns: A number for each visible colour.
  /// - Throws: `FitError`.
  /// - Complexity: O(colours × components) distances.
  func nearestComponents(
    of model: MixtureModel, _ tree: PointTree, _ engine: TruncatedEM
  ) throws(FitError) -> [UInt16] {
    guard isOfBoxes(tree) else {
      return try engine.nearestComponents(to: tree, in: model)
    }
    var nearest: [UInt16] = []
    nearest.reserveCapacity(visible.count)
    for chunk in chunks {
      nearest += try engine.nearestComponents(
        to: self.tree(of: chunk, engine, model.dimension), in: model)
    }
    return nearest
  }

  /// J of a model for all visible colours, per unit of weight.
  ///
  /// - Parameters:
  ///   - model: Means in the working space.
  ///   - tree: As above.
  ///   - engine: Finds the nearest.
  /// - Returns: Σ w min_c |y − μ_c|² / Σ w.
  /// - Throws: `FitError`.
  /// - Complexity: O(colours × components) distances.
  public func inertia(
    of model: MixtureModel, _ tree: PointTree, _ engine: TruncatedEM
  ) throws(FitError) -> Double {
    guard isOfBoxes(tree) else {
      return try engine.evaluate(tree, under: model, truncation: .hard).inertia
    }
    var sum = 0.0
    for chunk in chunks {
      let weight = totalWeight(of: chunk)
      guard weight > 0 else { continue }
      let part = self.tree(of: chunk, engine, model.dimension)
      sum +=
        weight
        * (try engine.evaluate(part, under: model, truncation: .hard).inertia)
    }
    return sum / totalWeight(of: visible)
  }

  private func tree(
    of chunk: Range<Int>, _ engine: TruncatedEM, _ dimension: Int
  ) -> PointTree {
    tree(
      of: chunk, workers: Workers(threads: engine.options.threads),
      dimension: dimension)
  }

  /// The numbers of the visible colours, some at a time.
  private var chunks: [Range<Int>] {
    stride(
      from: visible.lowerBound, to: visible.upperBound, by: Self.colorsInChunk
    ).map { $0..<min(visible.upperBound, $0 + Self.colorsInChunk) }
  }
}
