public import Rasters
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

  /// A colour for each label: the mean of its pixels.
  public let colors: [RGBColor]

  /// F per pixel after each iteration, in nats.
  public let freeEnergies: [Double]

  /// σ² of the components.
  public let variance: Double

  /// The number of components.
  public let components: Int

  /// Seconds from the decoded image to the labels.
  public let seconds: Double

  /// Cuts an image.
  ///
  /// - Parameters:
  ///   - pixels: The image, its alpha treated.
  ///   - options: How.
  ///   - isSoft: Whether the posterior is needed also with C' = 1.
  ///   - entering: Called when all is fitted, with the stage that follows:
  ///     ``JobStage/merge``, or ``JobStage/map`` where nothing is merged.
  ///   - observer: Called after every iteration of a mixture's fit.
  /// - Throws: `SegmentationError`.
  public init(
    _ pixels: Pixels, _ options: SegmentOptions, isSoft: Bool = false,
    entering: (JobStage) -> Void = { _ in },
    observer: TruncatedEM.Observer? = nil
  ) throws(SegmentationError) {
    let raster = pixels.rounded()
    let clock = ContinuousClock()
    let began = clock.now
    let threads = options.fit.threads
    switch options.method {
    case .mixture(let size, let truncation, let spatial):
      let segmentation = try SpatialSegmentation(
        pixels, components: size.count, truncation: truncation,
        spatial: spatial, options: options.fit, seed: options.seed,
        observer: observer)
      mixture = segmentation
      superpixels = nil
      entering(options.leastRegion > 1 ? .merge : .map)
      map = segmentation.map(leastRegion: options.leastRegion)
      seconds = (clock.now - began) / .seconds(1)
      freeEnergies = segmentation.fit.iterations.map(\.freeEnergy)
      variance = segmentation.fit.model.variance
      components = size.count
    case .superpixels(let options):
      let result = try Superpixels(
        raster, options, threads: threads, merging: { entering(.merge) })
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
    }
    regionCount = map.regionCount()
    colors = map.meanColors(of: raster)
  }

  /// The connected regions.
  ///
  /// - Parameter pixels: The image that was cut.
  /// - Returns: A region each, in the order of their first pixels.
  /// - Complexity: O(pixels log(neighbours of a region)).
  public func regions(of pixels: Pixels) -> RegionTable {
    RegionTable(
      map, pixels.rounded(),
      responsibilities: mixture?.responsibilities(of: map)
        ?? superpixels?.own(map))
  }
}
