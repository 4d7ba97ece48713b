import ParallelWork
public import Quantization
public import Rasters
public import TruncatedEM

/// For each pixel of an image the truncated posterior of a fitted mixture: its
/// C' closest components, and how much each is responsible for it.
///
///     q_n(c) = exp(−|y_n−μ_c|²/2σ²) / Σ_{c'∈K_n} exp(−|y_n−μ_c'|²/2σ²)
///
/// (arXiv 1704.04812, section 2). It is given out in strips of rows and never
/// held as a whole. Colours are looked at once where the table of them is not
/// too large, and once a strip elsewhere; either gives the same numbers, on any
/// number of threads.
public struct ResponsibilityMap: Sendable {
  /// The most components there can be.
  public static let maximumComponents = 65_535

  /// The most bytes that the posterior of all colours may take.
  package static let mostTableBytes = 128 << 20

  /// The entries that a strip has at most, where a row has not more.
  package static let mostEntries = 1 << 21

  /// The image.
  public let pixels: any PixelRows

  /// The model.
  public let model: MixtureModel

  /// C', the entries of a pixel.
  public let truncation: Truncation

  /// The number of components: those of the model, and behind them one of
  /// complete transparency, where fully transparent pixels have none there.
  public let components: Int

  /// The component that all fully transparent pixels belong to, wholly; `nil`
  /// where there are none.
  public let transparentComponent: Int?

  /// The model's coordinates of colour, without those of position.
  public let colorModel: MixtureModel

  /// The working space of colours.
  private let space: CompositeSpace

  private let engine: TruncatedEM

  /// The posterior of all pixels, where it is known already.
  private let posterior: Posterior?

  /// The posterior of all colours, where it fits.
  let table: ColorPosterior?

  /// Prepares to compute responsibilities.
  ///
  /// - Parameters:
  ///   - pixels: The image.
  ///   - histogram: Its colours.
  ///   - space: The working space.
  ///   - model: A model fitted to them in that space.
  ///   - truncation: C'.
  ///   - threads: The most threads to use.
  /// - Throws: `SegmentationError.components` or `.fit`.
  /// - Complexity: That of one iteration of the fit.
  public init(
    _ pixels: any PixelRows, histogram: ColorHistogram,
    in space: CompositeSpace = .encoded, model: MixtureModel,
    truncation: Truncation, threads: Int = 1
  ) throws(SegmentationError) {
    try self.init(
      pixels, histogram: histogram, in: space, model: model,
      truncation: truncation, threads: threads,
      mostTableBytes: Self.mostTableBytes)
  }

  /// The same with another bound for the table.
  package init(
    _ pixels: any PixelRows, histogram: ColorHistogram,
    in space: CompositeSpace = .encoded, model: MixtureModel,
    truncation: Truncation, threads: Int, mostTableBytes: Int
  ) throws(SegmentationError) {
    self.pixels = pixels
    self.model = model
    colorModel = model
    posterior = nil
    self.space = space
    do {
      self.truncation = try truncation.clamped(to: model.components)
    } catch {
      throw .fit(error)
    }
    let truncation = self.truncation
    let isPinned = model.pinned > 0 && histogram.hasTransparentComponent
    transparentComponent =
      histogram.hasTransparent ? (isPinned ? 0 : model.components) : nil
    components = max(
      model.components, (transparentComponent ?? 0) + 1)
    guard components <= Self.maximumComponents else {
      throw .components(components)
    }
    let dimension = histogram.dimension(in: space)
    guard histogram.visible.isEmpty || model.dimension == dimension
    else {
      throw .fit(
        .dimensionsDiffer(
          points: dimension, model: model.dimension))
    }
    var options = FitOptions()
    options.threads = threads
    do {
      engine = try TruncatedEM(options)
      let bytes = histogram.count.multipliedReportingOverflow(
        by: 6 * truncation.count)
      let fits = !bytes.overflow && bytes.partialValue <= mostTableBytes
      table =
        fits
        ? try ColorPosterior(
          histogram, in: space, model, truncation,
          transparent: Self.transparent(
            transparentComponent, truncation.count), engine)
        : nil
    } catch {
      throw .fit(error)
    }
  }

  /// Takes the responsibilities of a segmentation.
  ///
  /// - Parameters:
  ///   - pixels: The image; of channels as they are shown, one page below the
  ///     other.
  ///   - segmentation: Its segments.
  /// - Throws: `SegmentationError.components` or `.fit`.
  public init(
    _ pixels: Pixels, _ segmentation: SpatialSegmentation
  ) throws(SegmentationError) {
    precondition(pixels.size == segmentation.map.size)
    self.pixels = pixels
    model = segmentation.fit.model
    truncation = segmentation.fit.truncation
    components = model.components
    guard components <= Self.maximumComponents else {
      throw .components(components)
    }
    transparentComponent = nil
    posterior = segmentation.posterior
    space = segmentation.points.space
    table = nil
    do throws(FitError) {
      engine = try TruncatedEM()
      if let colors = try segmentation.points.colorModel(of: model) {
        colorModel = colors
      } else {
        colorModel = try segmentation.shownColors(in: pixels)
      }
    } catch {
      throw .fit(error)
    }
  }

  /// Takes the responsibilities of superpixels.
  ///
  /// - Parameters:
  ///   - pixels: The image.
  ///   - superpixels: Their posterior.
  /// - Throws: `SegmentationError.fit`.
  public init(
    _ pixels: Pixels, _ superpixels: SuperpixelPosterior
  ) throws(SegmentationError) {
    precondition(pixels.size.pixelCount == superpixels.posterior.count)
    self.pixels = pixels
    model = superpixels.model
    components = model.components
    colorModel = superpixels.colors
    posterior = superpixels.posterior
    transparentComponent = nil
    table = nil
    space = .encoded
    truncation = Truncation(superpixels.posterior.truncation)
    do {
      engine = try TruncatedEM()
    } catch {
      throw .fit(error)
    }
  }

  /// Width and height.
  public var size: ImageSize { pixels.size }

  /// The rows that a strip should have.
  ///
  /// - Parameter multiple: What the number should be a multiple of, 1 or more.
  /// - Returns: At least that.
  public func stripHeight(multipleOf multiple: Int = 1) -> Int {
    precondition(multiple >= 1)
    let entries = size.width * truncation.count * multiple
    return max(1, Self.mostEntries / entries) * multiple
  }

  /// The strips of the image, from the top.
  ///
  /// - Parameter height: The rows of each but the last.
  /// - Returns: Ranges of rows.
  public func strips(of height: Int) -> [Range<Int>] {
    precondition(height >= 1)
    return stride(from: 0, to: size.height, by: height).map {
      $0..<min(size.height, $0 + height)
    }
  }

  /// The posterior of the pixels of some rows.
  ///
  /// - Parameter rows: Rows of the image, at least one.
  /// - Returns: Their responsibilities.
  /// - Complexity: O(pixels × C'), and where there is no table of all colours an
  ///   E-step over those of the strip.
  public func strip(_ rows: Range<Int>) -> ResponsibilityStrip {
    precondition(
      !rows.isEmpty && rows.lowerBound >= 0 && rows.upperBound <= size.height)
    // The strips before this one are done.
    WorkMeter.current?.tell(rows.lowerBound, of: size.height)
    let width = size.width
    let count = truncation.count
    if let posterior {
      let range =
        rows.lowerBound * width * count..<rows.upperBound * width * count
      return ResponsibilityStrip(
        rows: rows, width: width, truncation: count,
        components: Array(posterior.components[range]),
        responsibilities: Array(posterior.responsibilities[range]))
    }
    let source = WorkMeter.silently { self.source(rows) }
    let pixelCount = rows.count * width
    let pieces = max(1, min(64, pixelCount / 8_192))
    var components: [UInt16] = []
    let responsibilities = [Float](
      unsafeUninitializedCapacity: pixelCount * count
    ) { responsibilities, filled in
      let responsibilities = SharedMemory(responsibilities)
      components = [UInt16](unsafeUninitializedCapacity: pixelCount * count) {
        components, filled in
        let components = SharedMemory(components)
        let (posterior, pixels, first) = source
        Workers(threads: engine.options.threads).forEach(pieces) { piece in
          let share = (0..<pixelCount).piece(piece, of: pieces)
          let (start, end) = (share.lowerBound, share.upperBound)
          posterior.write(
            first + start..<first + end, of: pixels,
            to: components.start + start * count,
            responsibilities.start + start * count)
        }
        filled = pixelCount * count
      }
      filled = pixelCount * count
    }
    return ResponsibilityStrip(
      rows: rows, width: width, truncation: count, components: components,
      responsibilities: responsibilities)
  }

  /// The posterior of the colours of some rows, pixels that hold those rows, and
  /// the number that the first of the rows' pixels has among them.
  private func source(_ rows: Range<Int>) -> (ColorPosterior, Pixels, Int) {
    let (pixels, first) = pixels.window(rows)
    let start = rows.lowerBound - first
    guard let table else {
      return partial(pixels.strip(start..<start + rows.count))
    }
    return (table, pixels, start * size.width)
  }

  /// The same where there is no table of all colours.
  private func partial(_ pixels: Pixels) -> (ColorPosterior, Pixels, Int) {
    let workers = Workers(threads: engine.options.threads)
    do {
      let posterior = try ColorPosterior(
        ColorHistogram(of: pixels, workers: workers), in: space, model,
        truncation,
        transparent: Self.transparent(transparentComponent, truncation.count),
        engine)
      return (posterior, pixels, 0)
    } catch {
      preconditionFailure("the model was checked when the map was made")
    }
  }

  /// The components of fully transparent pixels, C' of them.
  private static func transparent(
    _ component: Int?, _ truncation: Int
  ) -> [UInt16] {
    let own = component ?? 0
    let others = (0...truncation).filter { $0 != own }
    return ([own] + others).prefix(truncation).map {
      UInt16(truncatingIfNeeded: $0)
    }
  }
}
