import ParallelWork
import Quantization
public import Rasters
public import TruncatedEM

/// An image segmented by a Gaussian mixture over colour and position.
public struct SpatialSegmentation: Sendable {
  /// The component most responsible for each pixel.
  public let map: LabelMap

  /// What was fitted.
  public let fit: Fit

  /// The points that it was fitted to.
  public let points: SpatialPoints

  /// The posterior of all pixels.
  public let posterior: Posterior

  /// Fits a mixture and labels each pixel.
  ///
  /// - Parameters:
  ///   - pixels: The image.
  ///   - components: k, 1 to `MixtureModel.maximumComponents`.
  ///   - truncation: C'.
  ///   - spatial: The weight of positions; see ``SpatialPoints``.
  ///   - options: How to fit. Without a least variance of components it is that
  ///     of rounding to the image's own step.
  ///   - seed: The same seed gives the same segments.
  ///   - observer: Called after every iteration.
  /// - Throws: `SegmentationError.spatialWeight` or `.fit`.
  /// - Complexity: That of the fit to as many points as there are pixels; some
  ///   150 bytes a pixel, and 6 C' for the posterior.
  public init(
    _ pixels: Pixels, components: Int, truncation: Truncation, spatial: Double,
    options: FitOptions = FitOptions(), seed: UInt64 = 0,
    observer: TruncatedEM.Observer? = nil
  ) throws(SegmentationError) {
    points = try SpatialPoints(pixels, spatial: spatial)
    var options = options
    options.copiedCoordinates = points.space.copiedCoordinates
    if options.leastComponentVariance == nil {
      options.leastComponentVariance = Self.roundingVariance(
        of: pixels, in: points.space, options.threads)
    }
    if spatial == 0, pixels.channels == .rgb {
      // Without positions pixels of one colour are one point.
      (fit, posterior) = try Self.fitted(
        toColorsOf: pixels, components, truncation, options, seed, observer)
    } else {
      (fit, posterior) = try Self.fitted(
        to: points.points(threads: options.threads), components, truncation,
        options, seed, observer)
    }
    let posterior = posterior
    let firsts = (0..<posterior.count).map { $0 * posterior.truncation }
    map = LabelMap(
      size: pixels.size, labels: firsts.map { Int32(posterior.components[$0]) },
      count: components)
  }

  /// The variance of rounding to the step of the image's samples.
  private static func roundingVariance(
    of pixels: Pixels, in space: CompositeSpace, _ threads: Int
  ) -> Double {
    guard case .sixteen = pixels else { return space.roundingVariance }
    return WorkMeter.silently {
      ColorHistogram(of: pixels, workers: Workers(threads: threads))
    }.roundingVariance(in: space)
  }

  private static func fitted(
    to points: WeightedPoints, _ components: Int, _ truncation: Truncation,
    _ options: FitOptions, _ seed: UInt64, _ observer: TruncatedEM.Observer?
  ) throws(SegmentationError) -> (Fit, Posterior) {
    do {
      let engine = try TruncatedEM(options)
      let tree = PointTree(points, threads: options.threads)
      let fit = try WorkMeter.part(0...0.9) { () throws(FitError) in
        try engine.fit(
          tree, components: components, truncation: truncation, seed: seed,
          observer: observer)
      }
      return (
        fit,
        try engine.posterior(
          of: tree, under: fit.model, truncation: fit.truncation)
      )
    } catch {
      throw .fit(error)
    }
  }

  private static func fitted(
    toColorsOf pixels: Pixels, _ components: Int, _ truncation: Truncation,
    _ options: FitOptions, _ seed: UInt64, _ observer: TruncatedEM.Observer?
  ) throws(SegmentationError) -> (Fit, Posterior) {
    let workers = Workers(threads: options.threads)
    let histogram = WorkMeter.part(0...0.2) {
      ColorHistogram(of: pixels, workers: workers)
    }
    let space: CompositeSpace = histogram.isGrey ? .encoded.ofGreys : .encoded
    let fit: Fit
    do {
      fit = try WorkMeter.part(0.2...0.9) { () throws(FitError) in
        try TruncatedEM(options).fit(
          histogram.tree(in: space, workers: workers), components: components,
          truncation: truncation, seed: seed, observer: observer)
      }
    } catch {
      throw .fit(error)
    }
    let map = try ResponsibilityMap(
      pixels, histogram: histogram, in: space, model: fit.model,
      truncation: fit.truncation, threads: options.threads)
    let all = map.strip(0..<pixels.size.height)
    return (
      fit,
      Posterior(
        count: pixels.size.pixelCount, truncation: fit.truncation.count,
        components: all.components, responsibilities: all.responsibilities)
    )
  }

  /// How responsible the labels of a map are for their pixels.
  ///
  /// - Parameter map: Labels of the components.
  /// - Returns: A number for each pixel, 0 where the label is not one of its C'
  ///   components.
  /// - Complexity: O(pixels × C').
  public func responsibilities(of map: LabelMap) -> [Float] {
    posterior.responsibilities(of: map)
  }

  /// F per pixel of the fitted model with its C', in nats. The iterations of
  /// ``fit`` have those of the models before it.
  ///
  /// - Parameter threads: The most threads to use; the result does not depend
  ///   on it.
  /// - Returns: F divided by the number of pixels.
  /// - Throws: `SegmentationError.fit`.
  /// - Complexity: That of one iteration of the fit.
  public func freeEnergy(
    threads: Int = 1
  ) throws(SegmentationError) -> Double {
    do {
      var options = FitOptions()
      options.threads = threads
      return try TruncatedEM(options).evaluate(
        PointTree(points.points(threads: threads), threads: threads),
        under: fit.model,
        truncation: fit.truncation
      ).freeEnergy
    } catch {
      throw .fit(error)
    }
  }

  /// The map without small regions.
  ///
  /// - Parameter least: The pixels that a connected region has at least; the
  ///   last one may have less.
  /// - Returns: A map in which smaller ones belong to a neighbour; see
  ///   `SpeckMerger`.
  /// - Complexity: O(pixels log(least)), whatever the picture is like; 12 bytes a
  ///   pixel.
  public func map(leastRegion least: Int) -> LabelMap {
    guard least > 1 else { return map }
    return SpeckMerger(map, points, fit.model).merged(least: least)
  }
}
