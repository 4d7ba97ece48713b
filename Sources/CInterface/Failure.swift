package import CQuantize
package import Quantization
import Segmentation
import TruncatedEM

/// Why a function of the interface failed.
package struct Failure: Error {
  /// The kind.
  package let status: quantize_status

  /// What is wrong, in one line.
  package let message: String

  /// An argument is wrong.
  package static func argument(_ message: String) -> Failure {
    Failure(status: QUANTIZE_INVALID_ARGUMENT, message: message)
  }

  /// Bytes are not what they should be.
  package static func data(_ message: String) -> Failure {
    Failure(status: QUANTIZE_INVALID_DATA, message: message)
  }

  /// What was asked for cannot be had.
  package static func notPossible(_ message: String) -> Failure {
    Failure(status: QUANTIZE_NOT_POSSIBLE, message: message)
  }

  /// A progress function returned false.
  static var cancelled: Failure {
    Failure(status: QUANTIZE_CANCELLED, message: "the call was cancelled")
  }
}

extension Failure {
  init(_ error: FitError) {
    self = .argument(error.message)
  }

  package init(_ error: QuantizationError) {
    switch error {
    case .tooFewColors, .tooFewForPinned, .targetMissed, .qualityMissed,
      .paletteOrder, .noUsableMean, .tooManyToDither, .regionsOfDithering,
      .regionsOfStrips:
      self = .notPossible(error.message)
    case .paletteSize, .target, .qualityRange, .posterization, .paletteColors,
      .noOpaqueColor, .meanOutOfRange, .importanceSize, .fit, .covariance:
      self = .argument(error.message)
    }
  }

  init(_ error: SegmentationError) {
    self = .notPossible(error.message)
  }

  init(_ error: HistogramError) {
    self = .data(error.message)
  }
}

/// Runs a function of the interface.
///
/// - Parameter body: Does what it is for.
/// - Returns: How it went; the message of a failure is kept for this thread.
package func status(_ body: () throws(Failure) -> Void) -> quantize_status {
  do {
    try body()
    return QUANTIZE_OK
  } catch {
    var text = error.message
    text.withUTF8 { bytes in
      bytes.withMemoryRebound(to: CChar.self) {
        qz_set_message($0.baseAddress, $0.count)
      }
    }
    return error.status
  }
}

/// Does work whose errors become failures.
package func quantizing<Result>(
  _ body: () throws(QuantizationError) -> Result
) throws(Failure) -> Result {
  do { return try body() } catch { throw Failure(error) }
}

/// Does work whose errors become failures.
func fitting<Result>(
  _ body: () throws(FitError) -> Result
) throws(Failure) -> Result {
  do { return try body() } catch { throw Failure(error) }
}
