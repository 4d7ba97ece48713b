import ParallelWork
import Quantization
import Rasters
import Synchronization
import TruncatedEM

/// The posterior of the colours of some pixels under a fit, computed when it is first
/// asked for.
final class SharedPosterior: Sendable {
  let histogram: ColorHistogram

  private let model: MixtureModel
  private let truncation: Truncation
  private let space: CompositeSpace
  private let kept = Mutex<Posterior?>(nil)

  /// Describes a posterior.
  ///
  /// - Parameters:
  ///   - histogram: The colours: those of the fit, or of a smaller picture with no
  ///     more coordinates.
  ///   - fitted: The fit.
  init(_ histogram: ColorHistogram, _ fitted: FittedPalette) {
    self.histogram = histogram
    model = fitted.fit.model
    truncation = fitted.fit.truncation
    space = fitted.space
  }

  /// The posterior of the visible colours, in their order.
  ///
  /// - Throws: `ServiceError`.
  /// - Complexity: That of an iteration the first time, later O(1).
  func value(threads: Int) throws(ServiceError) -> Posterior {
    if let posterior = kept.withLock({ $0 }) { return posterior }
    var options = FitOptions()
    options.threads = threads
    do {
      let posterior = try TruncatedEM(options).posterior(
        of: histogram.tree(
          in: space, workers: Workers(threads: threads),
          dimension: model.dimension),
        under: model, truncation: truncation)
      guard !WorkMeter.isCancelled else { throw ServiceError.cancelled }
      kept.withLock { $0 = posterior }
      return posterior
    } catch let error as ServiceError {
      throw error
    } catch {
      throw ServiceError(500, "the responsibilities cannot be computed")
    }
  }

  /// Bytes, about.
  var memory: Int {
    kept.withLock { ($0?.components.count ?? 0) * 6 }
  }
}
