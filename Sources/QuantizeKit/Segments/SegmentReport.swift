import Quantization
import Rasters
import Segmentation

/// What a job of segments did, as `--report` writes it; docs/report.md documents
/// every field.
struct SegmentReport: Encodable {
  /// A label of the map.
  struct Label: Encodable {
    let label: Int

    /// The mean colour of its pixels, as `#rrggbb`.
    let hex: String

    /// Its number of pixels, and connected regions.
    let area: Int
    let regions: Int

    /// `area` divided by the number of pixels.
    let share: Double

    /// The mean of the component that it is, of superpixels absent.
    let mean: [Double]?
  }

  /// Seconds of each stage.
  struct Seconds: Encodable {
    let decode: Double
    let fit: Double
    let encode: Double
    let total: Double
  }

  let tool: Report.Tool
  let input: String
  let output: String
  let width: Int
  let height: Int
  let pages: Int
  let pixels: Int

  /// The names of the channels that were fitted; absent for pictures.
  let channels: [String]?
  let normalization: String?

  /// `mixture` or `superpixels`.
  let method: String
  let k: Int
  let cprime: Int
  let space: String
  let dimension: Int
  let spatial: Double?
  let smooth: Double?
  let compactness: Double?
  let minRegion: Int?
  let seed: UInt64
  let threads: Int
  let iterations: Int
  let converged: Bool
  let sigma2: Double
  let freeEnergy: [Double]
  let regions: Int
  let labels: [Label]
  var layers: LayersRecord?
  let seconds: Seconds
  let peakMemoryBytes: Int
}

extension SegmentReport {
  /// Reports on a job.
  ///
  /// - Parameters:
  ///   - job: The job.
  ///   - source: What was cut.
  ///   - image: The segments.
  ///   - monitor: How long the stages took.
  init(
    _ job: SegmentJob, _ source: SegmentSource, _ image: SegmentedImage,
    _ monitor: JobMonitor
  ) {
    let options = job.options
    tool = Report.Tool(name: Version.name, version: Version.number)
    input = job.input.displayName
    output = job.output.displayName
    pages = source.pages
    width = source.pixels.size.width
    height = source.pixels.size.height / pages
    pixels = source.pixels.size.pixelCount
    channels = source.channels?.names
    k = image.components
    switch options.method {
    case .mixture(_, let truncation, let spatial):
      method = "mixture"
      cprime = truncation.count
      self.spatial = spatial
      smooth = options.smoothness
      minRegion = options.leastRegion
      compactness = nil
      normalization =
        source.channels == nil ? nil : options.channels.normalization.rawValue
      space =
        source.channels == nil ? options.space.working.rawValue : "channels"
      dimension = image.mixture?.points.dimension ?? 0
      seed = options.seed
    case .superpixels(let superpixels):
      method = "superpixels"
      cprime = superpixels.truncation
      spatial = nil
      smooth = nil
      minRegion = nil
      compactness = superpixels.compactness
      normalization = nil
      space = "lab"
      dimension = 5
      seed = 0
    }
    threads = options.fit.threads
    iterations = image.freeEnergies.count
    converged = image.converged
    sigma2 = image.variance
    freeEnergy = image.freeEnergies
    regions = image.regionCount
    labels = Self.labels(of: image)
    seconds = Seconds(
      decode: monitor.seconds(.decode), fit: image.seconds,
      encode: monitor.seconds(.encode), total: monitor.totalSeconds)
    peakMemoryBytes = PeakMemory.bytes
  }

  private static func labels(of image: SegmentedImage) -> [Label] {
    let map = image.map
    var areas = [Int](repeating: 0, count: map.count)
    for label in map.labels { areas[Int(label)] += 1 }
    var regions = [Int](repeating: 0, count: map.count)
    for label in map.connectedRegions().labels { regions[Int(label)] += 1 }
    let model = image.mixture?.fit.model
    return (0..<map.count).map { label in
      Label(
        label: label, hex: image.colors[label].hex, area: areas[label],
        regions: regions[label],
        share: Double(areas[label]) / Double(map.labels.count),
        mean: model.map { $0.mean(label) })
    }
  }
}
