import ParallelWork
import Quantization
public import Rasters
public import Regions
public import TruncatedEM

/// An image segmented by a Gaussian mixture over colour, or channels, and position.
///
/// Components are numbered from dark to light; of equally bright ones the one with
/// more pixels comes first.
public struct SpatialSegmentation: Sendable {
  /// The component most responsible for each pixel.
  public let map: LabelMap

  /// What was fitted.
  public let fit: Fit

  /// The points that it was fitted to.
  public let points: SpatialPoints

  /// The posterior of all pixels.
  public let posterior: Posterior

  /// For each component the colour that was given for it, if one was.
  public let given: [RGBColor?]

  /// F per pixel of the fitted model with the prior of neighbours, where there is
  /// one.
  private let smoothFreeEnergy: Double?

  /// Fits a mixture and labels each pixel.
  ///
  /// - Parameters:
  ///   - points: The pixels.
  ///   - options: How.
  ///   - observer: Called after every iteration.
  /// - Throws: `SegmentationError.pinned`, `.smoothness` or `.fit`.
  /// - Complexity: That of the fit to as many points as there are pixels; some
  ///   150 bytes a pixel, and 6 C' for the posterior.
  public init(
    _ points: SpatialPoints, _ options: SpatialOptions,
    observer: TruncatedEM.Observer? = nil
  ) throws(SegmentationError) {
    guard options.smoothness >= 0, options.smoothness.isFinite else {
      throw .smoothness(options.smoothness)
    }
    guard options.pinned.isEmpty || points.pixels != nil && !points.isSpatial
    else { throw .pinned }
    guard
      let size = ImageSize(
        width: points.size.width, height: points.size.height * points.pages)
    else { throw .tooManyPixels }
    self.points = points
    var settings = options
    settings.fit.copiedCoordinates = points.space.copiedCoordinates
    if settings.fit.leastComponentVariance == nil {
      let variance = points.roundingVariance(threads: options.fit.threads)
      settings.fit.leastComponentVariance = variance > 0 ? variance : nil
    }
    let data = WorkMeter.part(0...0.2) { SegmentedPoints(points, settings) }
    do {
      let share = options.smoothness > 0 ? 0.5 : 0.9
      var fit = try WorkMeter.part(0.2...share) { () throws(FitError) in
        try data.fit(observer)
      }
      if !options.keepsOrder { fit = try data.ordered(fit) }
      if options.smoothness > 0 {
        let plain = fit
        let smooth = try WorkMeter.part(share...1) { () throws(FitError) in
          try data.smoothed(plain, observer)
        }
        (self.fit, posterior) = (smooth.fit, smooth.posterior)
        smoothFreeEnergy = smooth.freeEnergy
      } else {
        self.fit = fit
        posterior = try data.posterior(of: fit)
        smoothFreeEnergy = nil
      }
    } catch {
      throw .fit(error)
    }
    let model = fit.model
    var given = [RGBColor?](repeating: nil, count: model.components)
    for color in options.pinned {
      let mean = points.coordinates(of: color)
      let component = given.indices.first {
        given[$0] == nil && model.mean($0) == mean
      }
      if let component { given[component] = color }
    }
    self.given = given
    let posterior = posterior
    map = LabelMap(
      size: size,
      labels: (0..<posterior.count).map {
        Int32(posterior.components[$0 * posterior.truncation])
      }, count: model.components, pages: points.pages)
  }

  /// Fits a mixture to a picture and labels each pixel.
  ///
  /// - Parameters:
  ///   - pixels: The image.
  ///   - components: k, 1 to `MixtureModel.maximumComponents`.
  ///   - truncation: C'.
  ///   - spatial: The weight of positions; see ``SpatialPoints``.
  ///   - options: How to fit.
  ///   - seed: The same seed gives the same segments.
  ///   - observer: Called after every iteration.
  /// - Throws: `SegmentationError.spatialWeight` or `.fit`.
  /// - Complexity: As above.
  public init(
    _ pixels: Pixels, components: Int, truncation: Truncation, spatial: Double,
    options: FitOptions = FitOptions(), seed: UInt64 = 0,
    observer: TruncatedEM.Observer? = nil
  ) throws(SegmentationError) {
    var settings = SpatialOptions(
      components: components, truncation: truncation)
    settings.fit = options
    settings.seed = seed
    try self.init(
      try SpatialPoints(pixels, spatial: spatial), settings, observer: observer)
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

  /// F per pixel of the fitted model with its C', in nats, and with the prior of
  /// neighbours where there is one. The iterations of ``fit`` have those of the
  /// models before it.
  ///
  /// - Parameter threads: The most threads to use; the result does not depend
  ///   on it.
  /// - Returns: F divided by the number of pixels.
  /// - Throws: `SegmentationError.fit`.
  /// - Complexity: That of one iteration of the fit.
  public func freeEnergy(
    threads: Int = 1
  ) throws(SegmentationError) -> Double {
    if let smoothFreeEnergy { return smoothFreeEnergy }
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
    return SpeckMerger(
      map, means: fit.model.means, dimension: points.dimension
    ) { [points] pixel, sums in
      points.forEachCoordinate(ofPixel: pixel) { sums[$0] += $1 }
    }.merged(least: least)
  }
}
