import Quantization
import Testing

@Suite struct DitherMethodTests {
  @Test func namesAreUnderstood() {
    for method in DitherMethod.all {
      #expect(DitherMethod(name: method.name) == method)
    }
    #expect(Set(DitherMethod.all.map(\.name)).count == 10)
    #expect(DitherMethod(name: "bayer") == .ordered(.bayer(.eight)))
    for name in ["", "Bayer", "bayer3", "bayer02", "floyd", "blueNoise"] {
      #expect(DitherMethod(name: name) == nil)
    }
  }

  @Test func kernelsCarryWhatTheySay() {
    let shares: [(DiffusionKernel, Float)] = [
      (.floydSteinberg, 1), (.sierra, 1), (.atkinson, 0.75),
    ]
    for (kernel, share) in shares {
      let taps = kernel.taps
      #expect(abs(taps.reduce(0) { $0 + $1.share } - share) < 1e-6)
      // Only pixels that come later.
      #expect(taps.allSatisfy { $0.below > 0 || $0.ahead > 0 })
      #expect(taps.allSatisfy { abs($0.ahead) <= 2 && $0.below <= 2 })
    }
  }
}
