import ImageFormats
import ImageQuality
import Quantization
import Rasters
import TruncatedEM

extension Report {
  /// The report of a job.
  ///
  /// - Parameters:
  ///   - job: What was asked for.
  ///   - source: The image that was read.
  ///   - image: The result.
  ///   - palette: The entries of the written palette.
  ///   - distortion: How far the written pixels are from the input's.
  ///   - metrics: The metrics that take time, where they were measured.
  ///   - monitor: The time of each stage.
  ///   - peakMemory: Bytes resident at the peak.
  ///   - outputBytes: The size of the output.
  init(
    _ job: QuantizeJob, _ source: any ImageSource,
    _ image: QuantizationSummary, palette: [PaletteRecord],
    _ distortion: Distortion, _ metrics: ImageMetrics?, _ monitor: JobMonitor,
    peakMemory: Int, outputBytes: Int
  ) {
    // How a file's own colours look is not known here.
    let seen = source.space == .input ? nil : metrics
    let options = job.options.quantizer
    let model = image.fit.model
    self.init(
      tool: Tool(name: Version.name, version: Version.number),
      input: job.input.displayName, output: job.output.displayName,
      width: source.size.width, height: source.size.height,
      pixels: source.size.pixelCount, distinctColors: image.distinctColors,
      k: model.components + image.separateEntries,
      cprime: image.fit.truncation.count,
      selection: image.selection.map(SelectionRecord.init),
      space: options.space.working == .srgb
        ? source.space.rawValue : options.space.working.rawValue,
      dimension: model.dimension,
      outputDepth: image.palette.depth.rawValue,
      importance: options.importance.name, balance: options.balance,
      minRegion: options.leastRegion > 1 ? options.leastRegion : nil,
      dither: image.ditherRounds.map {
        DitherRecord(options.dither, rounds: $0)
      },
      seed: options.seed, threads: options.threads,
      iterations: image.fit.iterations.count, converged: image.fit.converged,
      ending: image.fit.ending.rawValue,
      rejectedSteps: image.fit.rejectedSteps,
      mixing: options.mixing.rawValue, variance: options.variance.rawValue,
      sigma2: model.variance,
      proportions: model.mixingWeights, variances: model.variances,
      freeEnergy: image.fit.iterations.map(\.freeEnergy),
      inertia: job.isMeasured ? image.inertia : nil,
      mse: distortion.meanSquaredError,
      psnr: Decibels(distortion.peakSignalToNoiseRatio),
      ssim: metrics?.structuralSimilarity,
      deltaE2000: (seen?.colorDifference).map(ColorDifferenceRecord.init),
      oklabMse: seen?.oklabMeanSquaredError,
      means: (0..<model.components).map(model.mean),
      palette: palette, seconds: Seconds(monitor),
      peakMemoryBytes: peakMemory, inputBytes: source.bytes,
      outputBytes: outputBytes)
  }
}
