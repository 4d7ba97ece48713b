import ParallelWork
import Quantization
import QuantizeKit
public import Rasters
import Segmentation

extension PictureFit {
  /// The picture with colours moved, as `quantize recolor` makes it: the mixture is
  /// fitted around the colours that move.
  ///
  /// - Parameters:
  ///   - recoloring: The moves.
  ///   - picture: The picture.
  ///   - threads: The most threads to use.
  /// - Returns: The whole picture, or the reduced one where the result is.
  /// - Throws: `ServiceError`.
  /// - Complexity: That of a fit, and O(pixels).
  public func recolored(
    _ recoloring: RecolorRequest, of picture: OpenPicture, threads: Int
  ) throws(ServiceError) -> Raster {
    let moves = try recoloring.colorMoves(colors)
    let request = request.ofRecoloring(moves.map(\.from))
    let options = try request.options(threads: threads)
    let decoded = try picture.decoded(options.decoding.alpha, threads: threads)
    let shades = try recoloring.degrees()
    do {
      let fitted = try Quantizer(options.quantizer).palette(
        of: decoded.pixels, counted: decoded.histogram)
      if WorkMeter.isCancelled { throw ServiceError.cancelled }
      let targets = try Recoloring.targets(of: moves, fitted, shades: shades)
      let result = try Recoloring(
        targets, fitted, isDeep: decoded.pixels.isDeep, threads: threads
      ).applied(to: decoded.pixels).rounded()
      return isReduced ? picture.scale.reduced(result) : result
    } catch let error as QuantizationError {
      throw ServiceError(422, error.message)
    } catch let error as SegmentationError {
      throw ServiceError(422, error.message)
    } catch let error as ServiceError {
      throw error
    } catch {
      throw ServiceError(500, "the picture cannot be recoloured")
    }
  }
}

extension FitRequest {
  /// The request of the mixture in which colours are moved: they are components, and
  /// nothing is dithered.
  func ofRecoloring(_ colors: [RGBColor]) -> FitRequest {
    var request = FitRequest(colors: max(self.colors, colors.count))
    request.cprime = min(cprime, request.colors)
    request.space = space ?? (perceptual ? "oklab" : "srgb")
    request.effort = effort
    request.mixing = mixing
    request.variance = variance
    request.seed = seed
    request.background = background
    request.alphaThreshold = alphaThreshold
    request.pins = colors.map(\.hex)
    return request
  }
}
