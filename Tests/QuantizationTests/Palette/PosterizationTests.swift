import Quantization
import Testing

@Suite struct PosterizationTests {
  @Test func takesNoughtToFourBits() throws {
    for bits in [-1, 5, 8] {
      #expect(throws: QuantizationError.posterization(bits)) {
        try Posterization(bits: bits)
      }
    }
    #expect(try Posterization(bits: 0) == .none)
  }

  /// The samples that there are: those whose first bits are repeated at the
  /// end.
  private func samples(_ bits: Int) -> [UInt8] {
    (0...255).map(UInt8.init).filter { sample in
      let ending = sample & (1 << bits - 1)
      return ending == sample >> (8 - bits)
    }
  }

  @Test(arguments: 0...4)
  func findsTheNearestSample(bits: Int) throws {
    let posterization = try Posterization(bits: bits)
    let samples = bits == 0 ? Array(0...255) : samples(bits)
    #expect(samples.count == 256 >> bits)
    for step in 0...2_550 {
      let value = Double(step) / 10
      let found = Double(posterization.nearest(to: value))
      let least = samples.map { abs(Double($0) - value) }.min()
      #expect(abs(found - value) == least)
    }
    #expect(posterization.nearest(to: 0) == 0)
    #expect(posterization.nearest(to: 255) == 255)
  }
}
