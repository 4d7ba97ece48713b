import ImageQuality
import JSONFiles
import Rasters

/// How far images are from their original, as `quantize metrics --json` writes
/// it.
public struct MetricsReport: Codable, Hashable, Sendable {
  /// One image.
  public struct Record: Codable, Hashable, Sendable {
    /// The image's file; `-` is standard input.
    public let file: String

    /// As `Report.mse`.
    public let mse: Double

    /// 10 log₁₀(3·255²/mse); `null` in JSON where nothing differs.
    public let psnr: Decibels

    /// The mean structural similarity, −1 to 1; absent where a side has fewer
    /// than 11 pixels.
    public let ssim: Double?

    /// CIEDE2000.
    public let deltaE2000: ColorDifferenceRecord

    /// The squared error in Oklab a pixel, summed over the three coordinates.
    public let oklabMse: Double

    init(_ file: FileLocation, _ metrics: ImageMetrics) {
      self.file = file.displayName
      mse = metrics.distortion.meanSquaredError
      psnr = Decibels(metrics.distortion.peakSignalToNoiseRatio)
      ssim = metrics.structuralSimilarity
      deltaE2000 = ColorDifferenceRecord(metrics.colorDifference)
      oklabMse = metrics.oklabMeanSquaredError
    }
  }

  /// The original's file; `-` is standard input.
  public let original: String

  /// Pixels in a row.
  public let width: Int

  /// Rows.
  public let height: Int

  /// The images in the order they were given.
  public let images: [Record]

  init(_ original: FileLocation, _ size: ImageSize, _ images: [Record]) {
    self.original = original.displayName
    width = size.width
    height = size.height
    self.images = images
  }

  /// The report as JSON: keys sorted, indented by two spaces, with a line break
  /// at the end.
  public func json() -> String {
    String(decoding: JSONFile.encode(self), as: UTF8.self)
  }
}
