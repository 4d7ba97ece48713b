import ImageFormats
import Metrics
import Quantization
import Rasters
import TruncatedEM

extension Report {
  /// The report of a job.
  ///
  /// - Parameters:
  ///   - job: What was asked for.
  ///   - size: Width and height.
  ///   - image: What came out.
  ///   - order: For each entry of the written palette the number in the image's.
  ///   - distortion: How far the written pixels are from the input's.
  ///   - metrics: The metrics that take time, where they were measured.
  ///   - space: The space of the samples.
  ///   - stopwatch: The time of each stage.
  ///   - peakMemory: Bytes resident at the peak.
  ///   - inputBytes: The size of the input.
  ///   - outputBytes: The size of the output.
  init(
    _ job: QuantizeJob, _ size: ImageSize, _ image: QuantizationSummary,
    _ order: [Int], _ distortion: Distortion, _ metrics: ImageMetrics?,
    _ space: ColorTarget, _ stopwatch: Stopwatch, peakMemory: Int,
    inputBytes: Int, outputBytes: Int
  ) {
    // How a file's own colours look is not known here.
    let seen = space == .input ? nil : metrics
    let space = space.rawValue
    let model = image.fit.model
    let pixels = size.pixelCount
    self.init(
      tool: Tool(name: Version.name, version: Version.number),
      input: job.input.displayName, output: job.output.displayName,
      width: size.width, height: size.height, pixels: pixels,
      distinctColors: image.distinctColors,
      k: model.components + image.reservedEntries,
      cprime: image.fit.truncation.count, selection: image.selection,
      space: job.options.space.working == .srgb
        ? space : job.options.space.working.rawValue,
      importance: job.options.importance.name,
      balance: job.options.balance,
      dither: image.ditherRounds.map {
        DitherRecord(job.options.dither, rounds: $0)
      },
      seed: job.options.seed, threads: job.options.threads,
      iterations: image.fit.iterations.count, converged: image.fit.converged,
      mixing: job.options.mixing.rawValue,
      variance: job.options.variance.rawValue,
      sigma2: model.variance,
      proportions: model.mixingWeights, variances: model.variances,
      freeEnergy: image.fit.iterations.map(\.freeEnergy),
      inertia: image.inertia, mse: distortion.meanSquaredError,
      psnr: Decibels(distortion.peakSignalToNoiseRatio),
      ssim: metrics?.structuralSimilarity,
      deltaE2000: (seen?.colorDifference).map(ColorDifferenceRecord.init),
      oklabMse: seen?.oklabMeanSquaredError,
      means: (0..<model.components).map(model.mean),
      palette: order.map {
        PaletteRecord(
          image.palette.entries[$0], pixels: pixels, space: space)
      },
      seconds: Seconds(stopwatch), peakMemoryBytes: peakMemory,
      inputBytes: inputBytes, outputBytes: outputBytes)
  }
}
