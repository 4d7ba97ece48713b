import ImageFormats
import Quantization
import Rasters
import TruncatedEM

/// What a job did, as `--report` writes it.
///
/// docs/report.md documents every field with its unit; names and meanings do
/// not change within a major version.
public struct Report: Codable, Sendable {
  /// The program that wrote the report.
  public struct Tool: Codable, Sendable {
    /// The name of the command.
    public let name: String

    /// The version, by semver.org.
    public let version: String
  }

  /// Seconds of each stage.
  public struct Seconds: Codable, Sendable {
    /// Reading pixels out of the file.
    public let decode: Double

    /// Counting the distinct colours.
    public let histogram: Double

    /// Finding the start, and EM.
    public let fit: Double

    /// Rounding the palette and mapping the pixels.
    public let map: Double

    /// Compressing the output.
    public let encode: Double

    /// Measuring the written image for the report.
    public let metrics: Double

    /// The whole job, reading the input included, until the outputs are written.
    public let total: Double

    init(_ monitor: JobMonitor) {
      decode = monitor.seconds(.decode)
      histogram = monitor.seconds(.histogram)
      fit = monitor.seconds(.fit)
      map = monitor.seconds(.map)
      encode = monitor.seconds(.encode)
      metrics = monitor.seconds(.metrics)
      total = monitor.totalSeconds
    }
  }

  /// The program that wrote the report.
  public let tool: Tool

  /// The file read; `-` is standard input.
  public let input: String

  /// The file written; `-` is standard output.
  public let output: String

  /// Pixels in a row.
  public let width: Int

  /// Rows.
  public let height: Int

  /// Width times height.
  public let pixels: Int

  /// The number of different colours of the input.
  public let distinctColors: Int

  /// The number of components asked for or chosen.
  public let k: Int

  /// C'.
  public let cprime: Int

  /// How k was chosen; absent where it was asked for.
  public let selection: SelectionRecord?

  /// The working space, in which distances are measured: that of the samples as
  /// they are encoded, which is `srgb`, `p3`, or `input` for that of the input's
  /// own profile; else `linear`, `oklab` or `lab`.
  public let space: String

  /// D, the coordinates of a point: 3, or 4 with translucent pixels; of grey
  /// pictures 1 or 2.
  public let dimension: Int

  /// The bits of a sample of the written image, 8 or 16.
  public let outputDepth: Int

  /// What counted while colours were fitted: `none` for all pixels the same,
  /// `auto` for smooth areas more, `map` for what an image said.
  public let importance: String

  /// The power of its number of pixels, or of their importance, by which a colour
  /// counted, 0 to 1.
  public let balance: Double

  /// The fewest pixels of a region of one colour; absent where small regions were
  /// left as they are.
  public let minRegion: Int?

  /// How pixels were mixed; absent where they were not.
  public let dither: DitherRecord?

  /// The seed of the search.
  public let seed: UInt64

  /// The most threads that were used.
  public let threads: Int

  /// The number of iterations, each an E-step and an M-step.
  public let iterations: Int

  /// Whether the tolerance was reached.
  public let converged: Bool

  /// Why the fit ended: the `tolerance` was reached, all `iterations` were made, or
  /// it was `stopped`.
  public let ending: String

  /// E-steps that an acceleration made in vain, which are not among `iterations`.
  public let rejectedSteps: Int

  /// Whether the clusters have `equal` priors or `learned` ones.
  public let mixing: String

  /// Whether the clusters have a `shared` variance or one `per-component`.
  public let variance: String

  /// σ² after the last M-step, in working-space units squared; with a variance
  /// per component their average by weight.
  public let sigma2: Double

  /// π_c after the last M-step in the order of the components, if learned.
  public let proportions: [Double]?

  /// σ_c² after the last M-step in the order of the components, working-space
  /// units squared, if there is one per component.
  public let variances: [Double]?

  /// F/N of each E-step with the parameters going into it, in nats per pixel.
  public let freeEnergy: [Double]

  /// J per pixel of the fitted means before rounding, in working-space units
  /// squared; absent where nothing is measured, as ``ssim``.
  public let inertia: Double?

  /// The squared error of the written image a pixel, summed over the three
  /// channels as they are encoded, 0 to 255.
  public let mse: Double

  /// 10 log₁₀(3·255²/mse); `null` in JSON where nothing differs.
  public let psnr: Decibels

  /// The mean structural similarity of the written image, −1 to 1; absent where
  /// a side has fewer than 11 pixels or no report was asked for.
  public let ssim: Double?

  /// CIEDE2000 of the written image; absent where the space of its samples is
  /// not known or no report was asked for.
  public let deltaE2000: ColorDifferenceRecord?

  /// The squared error of the written image in Oklab a pixel, summed over the
  /// three coordinates; absent where `deltaE2000` is.
  public let oklabMse: Double?

  /// The fitted means in the order of the components, ``dimension`` numbers each
  /// in working-space units.
  public let means: [[Double]]

  /// The palette of the written image in its order: the most used colour first
  /// unless the file was optimised.
  public let palette: [PaletteRecord]

  /// The layers that were written; absent where there are none.
  public internal(set) var layers: LayersRecord?

  /// Seconds of each stage.
  public let seconds: Seconds

  /// The most memory the process has had resident, in bytes.
  public let peakMemoryBytes: Int

  /// The size of the input file in bytes.
  public let inputBytes: Int

  /// The size of the output file in bytes.
  public let outputBytes: Int
}

/// A ratio in decibels that may be infinite, which JSON shows as `null`.
public struct Decibels: Codable, Hashable, Sendable {
  /// The ratio; infinite where there is no error at all.
  public let value: Double

  /// Creates a ratio.
  public init(_ value: Double) {
    self.value = value
  }

  /// Reads a number, or `null` for infinity.
  public init(from decoder: any Decoder) throws {
    let container = try decoder.singleValueContainer()
    value =
      container.decodeNil() ? .infinity : try container.decode(Double.self)
  }

  /// Writes a number, or `null` for infinity.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    if value.isFinite {
      try container.encode(value)
    } else {
      try container.encodeNil()
    }
  }
}
