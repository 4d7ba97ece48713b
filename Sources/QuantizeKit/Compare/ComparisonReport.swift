import JSONFiles

#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

/// What was compared and what came of it, as `report.json` holds it.
///
/// docs/compare.md documents every field with its unit.
public struct ComparisonReport: Codable, Sendable {
  /// The image that all others are compared with.
  public struct Original: Codable, Hashable, Sendable {
    /// The file; `-` is standard input.
    public let file: String

    /// Pixels in a row.
    public let width: Int

    /// Rows.
    public let height: Int

    /// The size of the file in bytes.
    public let bytes: Int

    /// The number of different colours.
    public let distinctColors: Int
  }

  /// The settings of a combination.
  public struct Settings: Codable, Hashable, Sendable {
    /// The number of colours asked for.
    public let k: Int

    /// C'.
    public let cprime: Int

    /// The working space.
    public let space: String

    /// How pixels were mixed.
    public let dither: String

    /// The seed of the search.
    public let seed: UInt64

    /// Whether the fit began at the means of the one before, with another C',
    /// in place of those of the search.
    public let warm: Bool

    /// The most sweeps in which single pixels are exchanged after dithering.
    public let sweeps: Int

    /// What counted while colours were fitted: `none` for all pixels the same,
    /// `auto` for smooth areas more, `map` for what an image said.
    public let importance: String

    /// The power of its number of pixels, or of their importance, by which a
    /// colour counted, 0 to 1.
    public let balance: Double

    /// The fewest pixels of a region of one colour; 1 leaves all as they are.
    public let minRegion: Int

    /// The colours that the palette includes exactly, as `#rrggbb`.
    public let pinned: [String]
  }

  /// A fitted mixture. All of it is the engine's, at the last parameters.
  public struct FitRecord: Codable, Hashable, Sendable {
    /// The number of iterations.
    public let iterations: Int

    /// Whether the tolerance was reached.
    public let converged: Bool

    /// F/N with C', in nats a pixel.
    public let freeEnergy: Double

    /// F/N with C' = C, which is the log-likelihood, in nats a pixel.
    public let logLikelihood: Double

    /// `logLikelihood` less `freeEnergy`: how tight the bound is, 0 or more.
    public let gap: Double

    /// σ, the root of the variance, in units of the working space.
    public let sigma: Double

    /// J/N, the mean squared distance to the nearest mean.
    public let inertia: Double

    /// The mean entropy of the truncated posteriors, in nats a pixel.
    public let entropy: Double

    /// F/N of each E-step with the parameters going into it.
    public let curve: [Double]

    /// F/N of the iterations on boxes of colours before: lower bounds. Empty with
    /// C' = 1, and for few colours.
    public let coarseCurve: [Double]
  }

  /// Seconds of the parts of a combination.
  public struct Seconds: Codable, Hashable, Sendable {
    /// The search for means to start from. Combinations that share one all have
    /// its time; 0 with a warm start.
    public let search: Double

    /// EM, F, the log-likelihood and entropies. Combinations that share a fit
    /// all have its time.
    public let fit: Double

    /// Rounding the palette, and mapping or dithering the pixels.
    public let map: Double

    /// Compressing the file.
    public let encode: Double

    /// The sum.
    public var total: Double { search + fit + map + encode }
  }

  /// One image that is compared.
  public struct Row: Codable, Sendable {
    /// What tells it from the others: its settings, or its file.
    public let name: String

    /// Its settings; absent of a finished image.
    public let settings: Settings?

    /// The mixture; absent of a finished image.
    public let fit: FitRecord?

    /// The squared error a pixel, summed over three channels of 0 to 255.
    public let mse: Double

    /// 10 log₁₀(3·255²/mse); `null` in JSON where nothing differs.
    public let psnr: Decibels

    /// The mean structural similarity of a finished image; absent where a side
    /// has fewer than 11 pixels.
    public let ssim: Double?

    /// CIEDE2000.
    public let deltaE2000: ColorDifferenceRecord

    /// The number of different colours.
    public let colors: Int

    /// The size of the file in bytes.
    public let bytes: Int

    /// Seconds of its parts; absent of a finished image.
    public let seconds: Seconds?

    /// The palette, the most used colour first; absent of a finished image of
    /// more than 256 colours.
    public let palette: [PaletteRecord]?

    /// The number of the row with whose palette this one is matched: the first
    /// of those that differ only in C', or of finished images the first with a
    /// palette.
    public let alignedTo: Int?

    /// Which colour is which in that row's palette.
    public internal(set) var matches: [PaletteMatch]?
  }

  /// The program that wrote the report.
  public let tool: Report.Tool

  /// The image that all others are compared with.
  public let original: Original

  /// The images, in the order in which they were made or given.
  public internal(set) var rows: [Row]

  /// Whether the images were made here, so that they have settings and fits.
  public var isGrid: Bool { rows.first?.settings != nil }

  /// The report as JSON: keys sorted, indented by two spaces, with a line break
  /// at the end.
  public func json() -> [UInt8] { JSONFile.encode(self) }

  /// Matches the palettes of the rows.
  mutating func match() {
    for (number, row) in rows.enumerated() {
      guard let other = row.alignedTo, let palette = row.palette,
        let reference = rows[other].palette
      else { continue }
      rows[number].matches = PaletteMatch.all(of: palette, to: reference)
    }
  }
}
