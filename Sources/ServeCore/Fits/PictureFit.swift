import ImageFormats
import ImageQuality
import ParallelWork
import Quantization
import QuantizeKit
public import Rasters
import Segmentation
import TruncatedEM

/// A result: a palette that is fitted to a picture, and the number of the entry that
/// each pixel gets.
public struct PictureFit: Sendable {
  /// What was asked for.
  public let request: FitRequest

  let fitted: FittedPalette

  /// The palette of the mapped picture, in its order.
  let palette: Palette

  /// The mapped pixels, of the reduced picture where that was asked for.
  let indexed: IndexedImage

  /// The pixels that were mapped: those that the colours were counted of, or the
  /// reduced ones.
  let pixels: Pixels
  let isReduced: Bool

  /// The colours of the mapped pixels.
  let mappedColors: ColorHistogram

  /// The numbers.
  public let answer: FitAnswer

  /// The labels, one byte each.
  public var labels: [UInt8] { indexed.indices }

  /// Pixels in a row, and rows, of what is mapped.
  public var size: (width: Int, height: Int) {
    (indexed.size.width, indexed.size.height)
  }

  /// The colours of the palette, in its order.
  public var colors: [RGBColor] { palette.entries.map(\.color) }

  /// The memory that it takes, about.
  var memory: Int {
    indexed.indices.count + fitted.histogram.count * 8
      + (isReduced ? mappedColors.count * 16 : 0)
  }

  /// Fits, maps and measures.
  ///
  /// - Parameters:
  ///   - request: What is asked for.
  ///   - picture: Of this.
  ///   - threads: The most threads to use; the result does not depend on it.
  /// - Throws: `ServiceError`.
  /// - Complexity: That of `Quantizer`, less counting.
  public init(
    _ request: FitRequest, of picture: OpenPicture, threads: Int
  ) throws(ServiceError) {
    let clock = ContinuousClock()
    let began = clock.now
    let options = try request.options(threads: threads)
    let decoded = try picture.decoded(options.decoding.alpha, threads: threads)
    let quantizer = Quantizer(options.quantizer)
    let mapped: QuantizedImage
    let fitEnd: ContinuousClock.Instant
    do {
      fitted = try quantizer.palette(
        of: decoded.pixels, counted: decoded.histogram)
      if WorkMeter.isCancelled { throw ServiceError.cancelled }
      fitEnd = clock.now
      if request.reduced, let reduced = decoded.reduced {
        // Edges of a cut-out become translucent when they are averaged, and the
        // fit may know no such colours.
        pixels =
          decoded.histogram.hasTranslucent
          ? .eight(reduced) : Pixels.eight(reduced).treated(.threshold(128))
        isReduced = true
        var quick = options.quantizer
        // Colours are fitted already, and nobody looks at a preview for long.
        quick.dither.sweeps = 0
        quick.importance = .none
        quick.balance = 1
        mapped = try Quantizer(quick).map(pixels, to: fitted)
      } else {
        pixels = decoded.pixels
        isReduced = false
        mapped = try quantizer.mapped(decoded.pixels, fitted)
      }
    } catch let error as ServiceError {
      throw error
    } catch let error as QuantizationError {
      throw ServiceError(422, error.message)
    } catch {
      throw ServiceError(500, "the fit failed")
    }
    if WorkMeter.isCancelled { throw .cancelled }
    guard case .indexed(let indexed) = mapped.mapped else {
      throw ServiceError(422, "the result has more than 256 colours")
    }
    let mapEnd = clock.now
    mappedColors =
      isReduced
      ? ColorHistogram(of: pixels, workers: Workers(threads: threads))
      : fitted.histogram
    self.request = request
    self.indexed = indexed
    palette = mapped.palette
    let measured =
      request.measure && !isReduced
      ? try Measured(mapped, decoded, fitted, options, threads) : nil
    answer = FitAnswer(
      request, mapped, fitted, pinned: options.quantizer.pinned, measured,
      picture: picture,
      milliseconds: FitAnswer.Milliseconds(
        fit: (fitEnd - began) / .milliseconds(1),
        map: (mapEnd - fitEnd) / .milliseconds(1),
        measure: (clock.now - mapEnd) / .milliseconds(1)),
      reduction: isReduced ? picture.scale.factor : 1,
      space: try request.workingSpace(),
      arguments: try ExportKind.png.arguments(
        request, input: picture.name, moves: [], shades: nil))
  }

  /// What takes time to measure.
  struct Measured {
    let difference: ColorDifference
    let bytes: Int
    let evaluation: Evaluation?

    init(
      _ image: QuantizedImage, _ decoded: OpenPicture.Decoded,
      _ fitted: FittedPalette, _ options: QuantizeOptions, _ threads: Int
    ) throws(ServiceError) {
      let workers = Workers(threads: threads)
      do {
        bytes = try options.encoder(decoded.annotations)
          .encode(image.mapped).bytes.count
        if WorkMeter.isCancelled { throw ServiceError.cancelled }
        difference = try ColorDifference(
          of: .eight(image.raster()), against: decoded.pixels, workers: workers)
        if WorkMeter.isCancelled { throw ServiceError.cancelled }
        var engine = FitOptions()
        engine.threads = threads
        evaluation =
          fitted.histogram.visible.isEmpty
          ? nil
          : try TruncatedEM(engine).evaluate(
            fitted.histogram.tree(
              in: fitted.space, workers: workers,
              dimension: fitted.fit.model.dimension),
            under: fitted.fit.model, truncation: fitted.fit.truncation)
      } catch let error as ServiceError {
        throw error
      } catch {
        throw ServiceError(500, "the result cannot be measured")
      }
    }
  }
}
