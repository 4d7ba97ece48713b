import Quantization
import Testing

@Suite struct DitherMethodTests {
  @Test func namesAreUnderstood() {
    for method in DitherMethod.all {
      #expect(DitherMethod(name: method.name) == method)
    }
    #expect(Set(DitherMethod.all.map(\.name)).count == DitherMethod.all.count)
    #expect(DitherMethod(name: "bayer") == .ordered(.bayer(.eight)))
    for name in ["", "Bayer", "bayer3", "bayer02", "floyd", "blueNoise"] {
      #expect(DitherMethod(name: name) == nil)
    }
  }

  @Test func everyKernelIsAMethod() {
    for kernel in DiffusionKernel.allCases {
      #expect(DitherMethod.all.contains(.errorDiffusion(kernel)))
    }
  }

  /// What a row of errors has room for, and no more than there is to carry.
  @Test(arguments: DiffusionKernel.allCases)
  func kernelsKeepTheirBounds(kernel: DiffusionKernel) {
    let taps = kernel.taps
    let reach = DiffusionKernel.reach
    let sum = taps.reduce(0) { $0 + $1.share }
    #expect(sum > 0 && sum <= 1 + 1e-6)
    // Only pixels that come later.
    #expect(taps.allSatisfy { $0.below > 0 || $0.ahead > 0 })
    #expect(
      taps.allSatisfy { abs($0.ahead) <= reach && (0...2).contains($0.below) })
  }

  @Test func kernelsCarryWhatTheySay() {
    let shares: [(DiffusionKernel, Float)] = [
      (.floydSteinberg, 1), (.sierra, 1), (.atkinson, 0.75),
    ]
    for (kernel, share) in shares {
      #expect(abs(kernel.taps.reduce(0) { $0 + $1.share } - share) < 1e-6)
    }
  }
}
