package import Quantization
package import TruncatedEM

extension Stopwatch {
  /// Measures the stages of quantising.
  ///
  /// - Parameters:
  ///   - observer: Called after every iteration.
  ///   - candidates: Called for every number of colours tried.
  ///   - body: Quantises, with what is to observe it.
  /// - Returns: What `body` returns; no stage runs any more.
  /// - Throws: What `body` throws.
  package mutating func measure<Result>(
    _ observer: TruncatedEM.Observer? = nil,
    _ candidates: SelectionRecord.Observer? = nil,
    _ body: (@escaping Quantizer.Observer) throws(QuantizationError) -> Result
  ) throws(QuantizationError) -> Result {
    var watch = self
    defer { self = watch }
    let result = try body { event in
      switch event {
      case .stage(let stage): watch.start(Stage(stage))
      case .iteration(let statistics): _ = observer?(statistics)
      case .candidate(let candidate):
        candidates?(SelectionRecord.Candidate(candidate))
      }
    }
    watch.stop()
    return result
  }
}

extension Stopwatch.Stage {
  fileprivate init(_ stage: QuantizerEvent.Stage) {
    self =
      switch stage {
      case .histogram: .histogram
      case .fit: .fit
      case .map: .map
      }
  }
}
