public import ImageFormats
public import Quantization
public import Rasters
public import TruncatedEM

/// How to reduce an image to a palette.
public struct QuantizeOptions: Sendable {
  /// Where the fit starts.
  public enum Start: Sendable {
    /// At means found by greedy k-means++, this many.
    case search(PaletteSize)

    /// At means found like that, as many as turn out best.
    case choose(ColorCountChoice)

    /// At exactly these means, red, green, blue and if there is a fourth
    /// coordinate alpha, not premultiplied, all 0 to 255; plain EM, no search,
    /// and components without weight keep their means.
    case means(MixtureModel)

    /// At exactly these colours, which stay as they are: nothing is fitted.
    case palette(FixedPalette)

    /// k, the number of components; where it is chosen the most there can be.
    public var components: Int {
      switch self {
      case .search(let size): size.count
      case .choose(let choice): choice.most.count
      case .means(let model): model.components
      case .palette(let palette): palette.colors.count
      }
    }

    /// Whether the means are given.
    var isMeans: Bool {
      if case .means = self { true } else { false }
    }
  }

  /// Where the fit starts; says how many colours there are.
  public var start: Start

  /// Opaque colours that the palette has exactly, none twice, whether or not a
  /// pixel is nearest to them; they are some of the k. With given means or
  /// colours there are none.
  public var pinned: [RGBColor] = []

  /// C', 1 to the number of colours; where that is chosen, it is at most this
  /// and at most the number that is tried.
  public var truncation: Truncation

  /// The seed of the search.
  public var seed: UInt64 = 0

  /// The most threads to use; the output does not depend on it.
  public var threads = 1

  /// What the image may ask for.
  public var limits = DecodeLimits()

  /// How hard to search for means to start from.
  public var effort = Effort.standard

  /// The most iterations of EM over all colours; `nil` leaves it to the effort,
  /// or with given means to `FitOptions`.
  public var maximumIterations: Int?

  /// The relative change of F (J with C' = 1) at which EM has converged; `nil`
  /// leaves it to the effort, or with given means to `FitOptions`.
  public var tolerance: Double?

  /// Whether clusters may have different priors.
  public var mixing = FitOptions().mixingWeights

  /// Whether clusters may have different variances.
  public var variance = FitOptions().covariance

  /// Where colours are clustered and mapped.
  public var space = CompositeSpace.encoded

  /// What counts while colours are fitted.
  public var importance = Importance.none

  /// The power of its number of pixels, or of their importance, by which a colour
  /// counts: 1 all of it, 0 each colour as much as any other.
  public var balance = 1.0

  /// How to dither.
  public var dither = DitherOptions()

  /// The bits that the samples of the palette have.
  public var posterization = Posterization.none

  /// The space in which the image is read, quantised and written.
  public var colorTarget = ColorTarget.sRGB

  /// Whether of a damaged file the rows before the damage are taken.
  public var keepsGoing = false

  /// What becomes of transparency.
  public var alpha = AlphaTreatment.keep

  /// How the result is written.
  public var encoding = ImageEncoding()

  /// Options for so many colours and this C'.
  public init(start: Start, truncation: Truncation) {
    self.start = start
    self.truncation = truncation
  }

  /// zlib's level for a PNG: what was asked for, or what belongs to the effort.
  ///
  /// Level 5 against 4 is a quarter of the encoder's time for 1 to 3 % of the
  /// file, 6 against 5 a third of it for 1 to 2 %.
  var pngCompressionLevel: Int {
    if let level = encoding.compressionLevel { return level }
    return switch effort.level {
    case ...3: 4
    case ...6: 5
    case ...8: 6
    default: 9
    }
  }

  /// k, the number of components; where it is chosen the most there can be.
  public var components: Int { start.components }
}
