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
  /// The regions, each connected, numbered in the order of their first pixels. With
  /// a mask they begin at 1, and what is outside is 0.
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
  ///   - mask: Where superpixels are wanted; `nil` everywhere.
  ///   - threads: The most threads to use; the result does not depend on it.
  ///   - merging: Called when all is fitted, before regions are merged.
  /// - Throws: `SegmentationError.superpixels`, `.superpixelTruncation`,
  ///   `.maskSize` or `.emptyMask`.
  /// - Complexity: O(pixels), nearly whatever the number of superpixels; some
  ///   60 bytes a pixel.
  public init(
    _ raster: Raster, _ options: SuperpixelOptions, mask: PixelMask? = nil,
    threads: Int = 1,
    merging: () -> Void = {}
  ) throws(SegmentationError) {
    guard options.count >= 1, options.iterations >= 1,
      options.compactness >= 0, options.compactness.isFinite
    else { throw .superpixels }
    let limits = 1...SuperpixelOptions.maximumTruncation
    guard limits.contains(options.truncation) else {
      throw .superpixelTruncation(options.truncation)
    }
    if let mask {
      guard mask.size == raster.size else {
        throw .maskSize(mask.size, of: raster.size)
      }
      guard mask.count > 0 else { throw .emptyMask }
      // The work is that of the part which the mask is in.
      let box = mask.box
      guard box.size == raster.size else {
        let part = try Superpixels(
          box.cropped(raster), options, mask: mask.cropped(to: box),
          threads: threads, merging: merging)
        map = box.placed(part.map, in: raster.size)
        freeEnergies = part.freeEnergies
        variance = part.variance
        components = part.components
        return
      }
    }
    let pixels = mask?.count ?? raster.size.pixelCount
    let workers = Workers(threads: threads)
    let sharp = LabPlanes(raster, workers)
    let planes = sharp.smoothed(workers)
    let grid = SuperpixelGrid(
      raster.size,
      cells: options.cellsPerSuperpixel * Double(min(options.count, pixels))
        * Double(raster.size.pixelCount) / Double(pixels))
    var mixture = GridMixture(
      grid, compactness: options.compactness,
      isGrey: Pixels.eight(raster).isGrey)
    var expectation = GridExpectation(
      planes, truncation: options.truncation, mask: mask, workers)
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
    var (regions, components) = expectation.map(count: grid.count + 1)
      .connectedRegions()
    let outside = Int32(truncatingIfNeeded: grid.count)
    if components.count(where: { $0 != outside }) < options.count {
      // Where superpixels are nearly as small as pixels, borders that move may
      // leave too few.
      expectation.assign(mixture)
      (regions, components) = expectation.map(count: grid.count + 1)
        .connectedRegions()
    }
    let isOutside = components.map { $0 == outside }
    var merger = SuperpixelMerger(
      regions, planes, isOutside: isOutside, pixels: pixels,
      superpixels: options.count)
    let merged = merger.merged(to: options.count)
    guard mask != nil else {
      map = regions.renumbered(merged, count: regions.count).compacted()
      return
    }
    var numbers = [Int32](repeating: -1, count: regions.count)
    var next: Int32 = 1
    for region in merged.indices {
      // Regions are in the order of their first pixels.
      let root = Int(merged[region])
      if isOutside[region] {
        numbers[region] = 0
      } else {
        if numbers[root] < 0 {
          numbers[root] = next
          next += 1
        }
        numbers[region] = numbers[root]
      }
    }
    map = regions.renumbered(numbers, count: Int(next))
  }
}
