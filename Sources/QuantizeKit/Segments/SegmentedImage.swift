public import Rasters
public import Regions
public import Segmentation
public import TruncatedEM

/// An image cut into segments, in memory.
public struct SegmentedImage: Sendable {
  /// A label for each pixel.
  public let map: LabelMap

  /// The number of connected regions.
  public let regionCount: Int

  /// The mixture that the segments are components of, if they are.
  public let mixture: SpatialSegmentation?

  /// The posterior of superpixels, if the segments are such and it was asked for
  /// or C' > 1.
  public let superpixels: SuperpixelPosterior?

  /// A colour for each label: the mean of its pixels, or that which was given.
  public let colors: [RGBColor]

  /// F per pixel after each iteration, in nats.
  public let freeEnergies: [Double]

  /// σ² of the components.
  public let variance: Double

  /// The number of components.
  public let components: Int

  /// Whether the tolerance was reached; superpixels have a number of iterations.
  public let converged: Bool

  /// Seconds from the decoded image to the labels.
  public let seconds: Double

  /// Cuts an image.
  ///
  /// - Parameters:
  ///   - source: The image, its alpha treated.
  ///   - options: How.
  ///   - isSoft: Whether the posterior is needed also with C' = 1.
  ///   - entering: Called when all is fitted, with the stage that follows:
  ///     ``JobStage/merge``, or ``JobStage/map`` where nothing is merged.
  ///   - observer: Called after every iteration of a mixture's fit.
  /// - Throws: `SegmentationError`.
  public init(
    _ source: SegmentSource, _ options: SegmentOptions, isSoft: Bool = false,
    entering: (JobStage) -> Void = { _ in },
    observer: TruncatedEM.Observer? = nil
  ) throws(SegmentationError) {
    let pixels = source.pixels
    let clock = ContinuousClock()
    let began = clock.now
    let threads = options.fit.threads
    switch options.method {
    case .mixture(let size, let truncation, let spatial):
      var settings = SpatialOptions(
        components: size.count, truncation: truncation)
      settings.pinned = options.pinned
      settings.keepsOrder = options.keepsOrder
      settings.smoothness = options.smoothness
      settings.fit = options.fit
      settings.seed = options.seed
      let points =
        if let channels = source.channels {
          try SpatialPoints(
            channels, options.channels.normalization, spatial: spatial)
        } else {
          try SpatialPoints(pixels, spatial: spatial, in: options.space)
        }
      let segmentation = try SpatialSegmentation(
        points, settings, observer: observer)
      mixture = segmentation
      superpixels = nil
      entering(options.leastRegion > 1 ? .merge : .map)
      map = segmentation.map(leastRegion: options.leastRegion)
      seconds = (clock.now - began) / .seconds(1)
      freeEnergies = segmentation.fit.iterations.map(\.freeEnergy)
      variance = segmentation.fit.model.variance
      components = size.count
      converged = segmentation.fit.converged
    case .superpixels(let superpixelOptions):
      let raster = pixels.rounded()
      let mask = options.mask
      let options = superpixelOptions
      let result = try Superpixels(
        raster, options, mask: mask, threads: threads,
        merging: { entering(.merge) })
      mixture = nil
      map = result.map
      seconds = (clock.now - began) / .seconds(1)
      let posterior =
        isSoft || options.truncation > 1
        ? try SuperpixelPosterior(map, raster, options, threads: threads) : nil
      superpixels = posterior
      freeEnergies = result.freeEnergies
      variance = result.variance
      components = result.components
      converged = true
    }
    regionCount = map.regionCount()
    let means = map.meanColors(of: pixels)
    colors =
      mixture.map { mixture in
        zip(mixture.given, means).map { $0 ?? $1 }
      } ?? means
  }

  /// The connected regions.
  ///
  /// - Parameter source: The image that was cut.
  /// - Returns: A region each, in the order of their first pixels.
  /// - Complexity: O(pixels × numbers of a pixel + sides log sides).
  public func regions(of source: SegmentSource) -> RegionTable {
    RegionTable(
      map, source.samples,
      responsibilities: mixture?.responsibilities(of: map)
        ?? superpixels?.own(map))
  }
}
