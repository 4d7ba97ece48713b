import ParallelWork
import Rasters
import Segmentation
import SoftFormats
import TruncatedEM

extension FittedSource {
  /// Stages the outputs of the posterior, reading the image again as often as
  /// they need.
  ///
  /// - Parameters:
  ///   - soft: The outputs; nothing is done where there are none.
  ///   - options: How the palette was fitted.
  ///   - outputs: The files and folders.
  ///   - measures: Whether layers are measured.
  ///   - monitor: Told of what people should know.
  /// - Returns: The figures of layers, if they are written and measured.
  /// - Throws: A `QuantizeError` that names the file at fault.
  func stage(
    _ soft: SoftOutputs, _ options: QuantizeOptions, to outputs: OutputSet,
    measuring measures: Bool, _ monitor: JobMonitor
  ) throws(QuantizeError) -> LayersRecord? {
    guard !soft.isEmpty else { return nil }
    var record: LayersRecord?
    try source.withRows { rows throws(QuantizeError) in
      let image: SoftImage
      do throws(SegmentationError) {
        image = try softImage(rows, options)
      } catch {
        throw .segmentation(source.location, error)
      }
      record = try soft.stage(
        image, of: source.location, to: outputs, measuring: measures, monitor)
    }
    return record
  }

  /// The posterior of the image.
  private func softImage(
    _ rows: any PixelRows, _ options: QuantizeOptions
  ) throws(SegmentationError) -> SoftImage {
    let (histogram, fit) = (fitted.histogram, fitted.fit)
    let threads = options.quantizer.threads
    let map = try ResponsibilityMap(
      rows, histogram: histogram, in: fitted.space, model: fit.model,
      truncation: fit.truncation, threads: threads)
    let evaluation: Evaluation
    do {
      var engine = FitOptions()
      engine.threads = threads
      // Every pixel counts once, whatever the fit weighed: F can be computed
      // again from the image and the file alone.
      var counted = histogram
      counted.weights = nil
      evaluation = try TruncatedEM(engine).evaluate(
        counted.tree(
          in: fitted.space, workers: Workers(threads: threads)),
        under: fit.model,
        truncation: fit.truncation)
    } catch {
      throw .fit(error)
    }
    var result = SoftImage(
      map, posterization: options.quantizer.posterization,
      space: fitted.space, target: source.space,
      freeEnergy: evaluation.freeEnergy, threads: threads)
    result.annotations = options.encoding.metadata.kept(source.annotations)
    result.marksSRGB = options.encoding.metadata != .nothing
    return result
  }
}
