import ParallelWork
public import Rasters
public import Regions

/// An image cut into connected regions of alike pixels.
///
/// Pixels are clustered by truncated EM over colour and position in which each
/// looks only at the components of the grid around it; the connected regions of
/// the closest components are then merged, those first that lose the least,
/// until there are as many as wanted. docs/segmentation.md has the equations
/// and the figures.
public struct Superpixels: Sendable {
  /// The regions, each connected, numbered in the order of their first pixels.
  public let map: LabelMap

  /// F per pixel after each M-step of the components of the grid (with C' > 1:
  /// of each E-step), in nats.
  public let freeEnergies: [Double]

  /// σ² of those components, in squared units of CIELAB.
  public let variance: Double

  /// The number of components, the cells of the grid.
  public let components: Int

  /// Cuts an image.
  ///
  /// - Parameters:
  ///   - raster: sRGB; alpha is ignored.
  ///   - options: How many, and how.
  ///   - threads: The most threads to use; the result does not depend on it.
  ///   - merging: Called when all is fitted, before regions are merged.
  /// - Throws: `SegmentationError.superpixels` or
  ///   `.superpixelTruncation`.
  /// - Complexity: O(pixels), nearly whatever the number of superpixels; some
  ///   60 bytes a pixel.
  public init(
    _ raster: Raster, _ options: SuperpixelOptions, threads: Int = 1,
    merging: () -> Void = {}
  ) throws(SegmentationError) {
    guard options.count >= 1, options.iterations >= 1,
      options.compactness >= 0, options.compactness.isFinite
    else { throw .superpixels }
    let limits = 1...SuperpixelOptions.maximumTruncation
    guard limits.contains(options.truncation) else {
      throw .superpixelTruncation(options.truncation)
    }
    let workers = Workers(threads: threads)
    let sharp = LabPlanes(raster, workers)
    let planes = sharp.smoothed(workers)
    let grid = SuperpixelGrid(
      raster.size, cells: options.cellsPerSuperpixel * Double(options.count))
    var mixture = GridMixture(
      grid, compactness: options.compactness,
      isGrey: Pixels.eight(raster).isGrey)
    var expectation = GridExpectation(
      planes, truncation: options.truncation, workers)
    let pixels = raster.size.pixelCount
    let scatter = expectation.scatter(of: mixture)
    mixture.maximize(
      expectation.start(mixture), scatter: scatter, pixels: pixels)
    var freeEnergies: [Double] = []
    for iteration in 1..<options.iterations {
      WorkMeter.current?.tell(iteration, of: options.iterations)
      let statistics = expectation.statistics(of: mixture)
      if options.truncation > 1 {
        freeEnergies.append(
          mixture.freeEnergy(logShares: statistics.logShares, pixels: pixels))
      }
      mixture.maximize(statistics, scatter: scatter, pixels: pixels)
      if options.truncation == 1 {
        freeEnergies.append(mixture.hardFreeEnergy())
      }
    }
    expectation.assign(mixture)
    // Specks would come of the whole image in this sharpness; borders only move.
    for _ in 0..<options.refinements { expectation.refine(mixture, by: sharp) }
    self.freeEnergies = freeEnergies
    variance = mixture.variance
    components = grid.count
    merging()
    let regions = expectation.map(count: grid.count).connectedRegions().regions
    var merger = SuperpixelMerger(regions, planes, superpixels: options.count)
    let merged = merger.merged(to: options.count)
    map = regions.renumbered(merged, count: regions.count).compacted()
  }
}
