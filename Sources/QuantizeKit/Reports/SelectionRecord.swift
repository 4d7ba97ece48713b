public import Quantization
public import TruncatedEM

/// How the number of colours was chosen, as `--report` writes it.
public struct SelectionRecord: Codable, Hashable, Sendable {
  /// One number of colours that was tried. Where a criterion decides there
  /// are `freeEnergy` and `value`, else `mse` and `psnr`.
  public struct Candidate: Codable, Hashable, Sendable {
    /// The number.
    public let k: Int

    /// F/N of the fitted model in nats per pixel, its σ² not below 1/12.
    public let freeEnergy: Double?

    /// The criterion in nats; the smaller, the better.
    public let value: Double?

    /// The squared error of the palette's image, as `Report.mse`.
    public let mse: Double?

    /// 10 log₁₀(3·255²/mse); `null` in JSON where nothing differs.
    public let psnr: Decibels?

    /// The mean CIEDE2000 over all pixels, if a target asked for it.
    public let deltaE: Double?

    /// The quality on pngquant's scale, 0 to 100, if a range of them was asked
    /// for.
    public let quality: Int?

    /// Reads what was written: a `psnr` of `null` is infinite, and one that is
    /// absent is not known.
    public init(from decoder: any Decoder) throws {
      let values = try decoder.container(keyedBy: CodingKeys.self)
      k = try values.decode(Int.self, forKey: .k)
      freeEnergy = try values.decodeIfPresent(Double.self, forKey: .freeEnergy)
      value = try values.decodeIfPresent(Double.self, forKey: .value)
      mse = try values.decodeIfPresent(Double.self, forKey: .mse)
      psnr =
        values.contains(.psnr)
        ? try values.decode(Decibels.self, forKey: .psnr) : nil
      deltaE = try values.decodeIfPresent(Double.self, forKey: .deltaE)
      quality = try values.decodeIfPresent(Int.self, forKey: .quality)
    }

    /// The record of a number that was tried.
    public init(_ candidate: ColorCountSelection.Candidate) {
      k = candidate.colors
      switch candidate.figures {
      case .criterion(let freeEnergy, let value):
        self.freeEnergy = freeEnergy
        self.value = value
        mse = nil
        psnr = nil
        deltaE = nil
        quality = nil
      case .quality(let quality, let scaled):
        freeEnergy = nil
        value = nil
        mse = quality.distortion.meanSquaredError
        psnr = Decibels(quality.distortion.peakSignalToNoiseRatio)
        deltaE = quality.colorDifference
        self.quality = scaled
      }
    }
  }

  /// Gets the candidates as they are tried.
  public typealias Observer = (Candidate) -> Void

  /// The criterion, without a target.
  public let criterion: InformationCriterion?

  /// The least PSNR asked for, in decibels.
  public let targetPsnr: Double?

  /// The largest mean CIEDE2000 asked for.
  public let targetDeltaE: Double?

  /// The least quality worth writing, 0 to 100.
  public let qualityMin: Int?

  /// The quality that is enough, 0 to 100.
  public let qualityMax: Int?

  /// The largest number of colours allowed.
  public let kMax: Int

  /// What was tried, in the order of trying.
  public let candidates: [Candidate]

  /// The record of how a number was chosen.
  public init(_ selection: ColorCountSelection) {
    var (criterion, target, quality):
      (
        InformationCriterion?, QualityTarget?, QualityRange?
      )
    switch selection.choice.rule {
    case .criterion(let rule): criterion = rule
    case .target(let rule): target = rule
    case .quality(let rule): quality = rule
    }
    self.criterion = criterion
    targetPsnr = target?.peakSignalToNoiseRatio
    targetDeltaE = target?.colorDifference
    qualityMin = quality?.least
    qualityMax = quality?.most
    kMax = selection.choice.most.count
    candidates = selection.candidates.map(Candidate.init)
  }
}
