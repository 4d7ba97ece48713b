import Quantization
import QuantizeKit
import Testing
import TruncatedEM
import _TestSupport

@Suite struct StopwatchTests {
  private let photo = TestRasters.noisyGradient(width: 90, height: 60)

  @Test func everyStageHasItsTime() throws {
    var stopwatch = Stopwatch()
    _ = try stopwatch.measure { (observer) throws(QuantizationError) in
      try Quantizer(colors: 4).quantize(photo, observer: observer)
    }
    let stages: [Stopwatch.Stage] = [.histogram, .fit, .map]
    let sum = stages.map(stopwatch.seconds).reduce(0, +)
    for stage in stages { #expect(stopwatch.seconds(stage) > 0) }
    #expect(stopwatch.seconds(.decode) == 0)
    #expect(stopwatch.totalSeconds >= sum)
  }

  @Test func iterationsAndCandidatesArePassedOn() throws {
    var iterations: [Double] = []
    var tried: [Int] = []
    var stopwatch = Stopwatch()
    let observer: TruncatedEM.Observer = {
      iterations.append($0.freeEnergy)
      return .proceed
    }
    let candidates: SelectionRecord.Observer = { tried.append($0.k) }
    let image = try stopwatch.measure(observer, candidates) {
      (observer) throws(QuantizationError) in
      try Quantizer(colors: 4).quantize(photo, observer: observer)
    }
    #expect(iterations == image.fit.iterations.map(\.freeEnergy))
    #expect(tried.isEmpty)
    var options = try QuantizerOptions(colors: 4)
    options.start = .choose(
      ColorCountChoice(.criterion(.bic), upTo: try PaletteSize(8)))
    let chosen = try stopwatch.measure(nil, candidates) {
      (observer) throws(QuantizationError) in
      try Quantizer(options).quantize(photo, observer: observer)
    }
    #expect(tried == chosen.selection?.candidates.map(\.colors))
    #expect(!tried.isEmpty)
  }
}
