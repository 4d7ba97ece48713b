import ParallelWork
import Quantization
import Rasters
import TruncatedEM

/// The pixels of an image, ready to be fitted: each a point, or, where positions do
/// not count and all are opaque, each colour one.
struct SegmentedPoints {
  private let points: SpatialPoints
  private let options: SpatialOptions

  /// The distinct colours, where they are the points.
  private let histogram: ColorHistogram?
  private let tree: PointTree

  /// The rows that the tree has, where it has not all.
  private let sample: SampleBands?

  init(_ points: SpatialPoints, _ options: SpatialOptions) {
    self.points = points
    self.options = options
    let threads = options.fit.threads
    if options.smoothness > 0, let sample = SampleBands(points) {
      // The fit with neighbours goes over all pixels, and corrects what a sample
      // gets wrong.
      self.sample = sample
      histogram = nil
      tree = PointTree(
        points.points(of: sample.bands, threads: threads), threads: threads)
      return
    }
    sample = nil
    if let pixels = points.pixels, !points.isSpatial, pixels.channels == .rgb {
      let workers = Workers(threads: threads)
      let histogram = ColorHistogram(of: pixels, workers: workers)
      self.histogram = histogram
      tree = histogram.tree(in: points.space, workers: workers)
    } else {
      histogram = nil
      tree = PointTree(points.points(threads: threads), threads: threads)
    }
  }

  /// Fits the mixture.
  func fit(_ observer: TruncatedEM.Observer?) throws(FitError) -> Fit {
    var pinned: MixtureModel?
    if !options.pinned.isEmpty {
      pinned = try MixtureModel(
        means: options.pinned.flatMap { points.coordinates(of: $0) },
        dimension: points.dimension, pinned: options.pinned.count)
    }
    return try TruncatedEM(options.fit).fit(
      tree, components: options.components, pinned: pinned,
      truncation: options.truncation, seed: options.seed, observer: observer)
  }

  /// The fit with its components from dark to light, of equally bright ones the
  /// larger first.
  func ordered(_ fit: Fit) throws(FitError) -> Fit {
    let brightness = (0..<fit.model.components).map {
      points.brightness(ofMean: fit.model.mean($0))
    }
    var areas = [Int](repeating: 0, count: fit.model.components)
    if Set(brightness).count < brightness.count {
      let posterior = try posterior(of: fit)
      for n in 0..<posterior.count {
        areas[Int(posterior.components[n * posterior.truncation])] += 1
      }
    }
    return fit.reordered(
      brightness.indices.sorted { a, b in
        (brightness[a], -areas[a], a) < (brightness[b], -areas[b], b)
      })
  }

  /// The posterior of all pixels.
  func posterior(of fit: Fit) throws(FitError) -> Posterior {
    guard let histogram, let pixels = points.pixels else {
      return try TruncatedEM(options.fit).posterior(
        of: tree, under: fit.model, truncation: fit.truncation)
    }
    do {
      let all = try ResponsibilityMap(
        pixels, histogram: histogram, in: points.space, model: fit.model,
        truncation: fit.truncation, threads: options.fit.threads
      ).strip(0..<pixels.size.height)
      return Posterior(
        count: pixels.size.pixelCount, truncation: fit.truncation.count,
        components: all.components, responsibilities: all.responsibilities)
    } catch SegmentationError.fit(let error) {
      throw error
    } catch {
      throw .components(fit.model.components)
    }
  }

  /// The fit in which neighbours have components in common.
  func smoothed(
    _ fit: Fit, _ observer: TruncatedEM.Observer?
  ) throws(FitError) -> TruncatedEM.LatticeFit {
    let engine = try TruncatedEM(options.fit)
    let threads = options.fit.threads
    var start = fit
    if let sample {
      let bands = try engine.smoothed(
        fit, points.points(of: sample.bands, threads: threads),
        on: Lattice(
          width: points.size.width, height: SampleBands.height,
          pages: sample.bands.count), coupling: options.smoothness)
      // F of a sample is not that of the image.
      start = bands.fit.withoutHistory()
    }
    return try engine.smoothed(
      start, points.points(threads: threads),
      on: Lattice(
        width: points.size.width, height: points.size.height,
        pages: points.pages),
      coupling: options.smoothness, observer: observer)
  }
}
