import ImageQuality
import Quantization
import Testing

@Suite struct QualityTargetTests {
  /// A squared error of 195.075 a pixel is 30 dB.
  private func quality(
    _ squaredError: Double, _ difference: Double? = nil
  ) -> Quality {
    Quality(
      distortion: Distortion(squaredError: squaredError, pixels: 1_000),
      colorDifference: difference)
  }

  @Test func refusesNonsense() throws {
    for number in [-1, .nan, .infinity, -Double.infinity] {
      #expect(throws: QuantizationError.target) {
        try QualityTarget(peakSignalToNoiseRatio: number)
      }
      #expect(throws: QuantizationError.target) {
        try QualityTarget(peakSignalToNoiseRatio: 30, colorDifference: number)
      }
    }
    #expect(throws: QuantizationError.target) { try QualityTarget() }
  }

  @Test func decibels() throws {
    let target = try QualityTarget(peakSignalToNoiseRatio: 30)
    #expect(target.excess(of: quality(195_076)) > 0)
    #expect(target.excess(of: quality(195_074)) < 0)
    #expect(target.excess(of: quality(0)) == -.infinity)
    // Twice the error, a logarithm of 2.
    #expect(abs(target.excess(of: quality(390_150)) - 0.693_147_18) < 1e-8)
  }

  @Test func colorDifference() throws {
    let target = try QualityTarget(colorDifference: 2)
    #expect(target.excess(of: quality(1, 2)) == 0)
    #expect(target.excess(of: quality(1, 2.0.nextUp)) > 0)
    #expect(target.excess(of: quality(1, 0)) == -.infinity)
    let exact = try QualityTarget(colorDifference: 0)
    #expect(exact.excess(of: quality(0, 0)) == -.infinity)
    #expect(exact.excess(of: quality(1, 1e-300)) == .infinity)
  }

  @Test func bothMustBeReached() throws {
    let target = try QualityTarget(
      peakSignalToNoiseRatio: 30, colorDifference: 2)
    #expect(target.excess(of: quality(100_000, 1)) < 0)
    #expect(target.excess(of: quality(100_000, 3)) > 0)
    #expect(target.excess(of: quality(200_000, 1)) > 0)
  }

  @Test func missedTargetsSayByHowMuch() throws {
    let target = try QualityTarget(
      peakSignalToNoiseRatio: 30, colorDifference: 2)
    let message = QuantizationError.targetMissed(
      target, by: quality(195_076, 2.000_01), colors: 16
    ).message
    #expect(message.contains("PSNR 30.0 dB and ΔE 2.0 is out of reach"))
    #expect(message.contains("16 colours"))
    #expect(message.contains("PSNR 29.99 dB and ΔE 2.001"))
  }
}
