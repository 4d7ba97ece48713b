public import ColorModels
public import Rasters
public import TruncatedEM

/// How an image is reduced to a palette: everything that decides its colours.
///
///     var options = try QuantizerOptions(colors: 16)
///     options.effort = try Effort(8)
///     options.dither.method = .errorDiffusion(.floydSteinberg)
///     let image = try Quantizer(options).quantize(pixels)
public struct QuantizerOptions: Sendable {
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

    /// At the best of these colours, so many of them or all: nothing is fitted.
    case subset(PaletteSize, of: FixedPalette)

    /// k, the number of colours; where it is chosen the most there can be.
    public var components: Int {
      switch self {
      case .search(let size): size.count
      case .choose(let choice): choice.most.count
      case .means(let model): model.components
      case .palette(let palette): palette.colors.count
      case .subset(let size, let palette):
        min(size.count, palette.colors.count)
      }
    }

    /// Whether the means are given.
    package var isMeans: Bool {
      if case .means = self { true } else { false }
    }

    /// Whether the colours are given.
    var isPalette: Bool {
      switch self {
      case .palette, .subset: true
      case .search, .choose, .means: false
      }
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

  /// The seed of the search; the same seed gives the same result.
  public var seed: UInt64 = 0

  /// The most threads to use, 1 or more; the result does not depend on it.
  public var threads = 1

  /// How hard to search for means to start from.
  public var effort = Effort.standard

  /// The most iterations of EM over all colours; `nil` leaves it to the effort,
  /// or with given means to `FitOptions`.
  public var maximumIterations: Int?

  /// The relative change of F (J with C' = 1) at which EM has converged; `nil`
  /// leaves it to the effort, or with given means to `FitOptions`.
  public var tolerance: Double?

  /// How iterations come to their end faster; `nil` leaves it to `FitOptions`.
  public var acceleration: Acceleration?

  /// Whether clusters may have different priors.
  public var mixing = FitOptions().mixingWeights

  /// Whether clusters may have different variances.
  public var variance = FitOptions().covariance

  /// Where colours are clustered and mapped.
  public var space = CompositeSpace.encoded

  /// How much each pixel counts while colours are fitted.
  public var importance = Importance.none

  /// The power of its number of pixels, or of their importance, by which a
  /// colour counts, 0 to 1: 1 all of it, 0 each colour as much as any other.
  public var balance = 1.0

  /// What the colours are for.
  public var aim = PaletteAim.image

  /// The fewest pixels that a connected region of one colour has, 1 or more; smaller
  /// ones get the colour of a neighbour. With more than 1 images are not dithered,
  /// and are mapped as a whole.
  public var leastRegion = 1

  /// How to dither.
  public var dither = DitherOptions()

  /// The bits that the samples of the palette have.
  public var posterization = Posterization.none

  /// The bits that they have without that. Given colours, and those that are
  /// dithered, have 8 all the same.
  public var depth = PaletteDepth.eight

  /// Whether each colour of the palette is one of the image, the one nearest to
  /// a mean. Such colours are not fitted to their dithering.
  public var takesImageColors = false

  /// The order of the palette's entries, if it is not that of their use.
  public var order = PaletteOrder()

  /// Options for a start and C', with defaults for the rest.
  ///
  /// - Parameters:
  ///   - start: Where the fit starts.
  ///   - truncation: C', at most the number of colours.
  public init(start: Start, truncation: Truncation = .hard) {
    self.start = start
    self.truncation = truncation
  }

  /// Options for a number of colours, with defaults for the rest: k-means
  /// (C' = 1) in sRGB, no dithering, one thread.
  ///
  /// - Parameter colors: k, within `PaletteSize.range`.
  /// - Throws: `QuantizationError.paletteSize` outside it.
  public init(colors: Int) throws(QuantizationError) {
    self.init(start: .search(try PaletteSize(colors)))
  }

  /// k, the number of colours; where it is chosen the most there can be.
  public var components: Int { start.components }

  /// Chooses the settings that look best: colours compared in Oklab, more
  /// weight for smooth areas, error diffusion except for pictures of two
  /// colours, and single pixels exchanged at the end. Set ``effort`` first: the time spent on dithering depends on it.
  ///
  /// - Parameter gamut: The primaries of the image's samples.
  public mutating func preferAppearance(in gamut: RGBGamut = .sRGB) {
    space = CompositeSpace(.oklab, in: gamut)
    importance = .automatic
    dither = DitherOptions(
      .errorDiffusion(.floydSteinberg), effort: effort)
    dither.sweeps = DitherOptions.sweeps(for: effort)
    dither.sparesTwoTones = true
  }
}
