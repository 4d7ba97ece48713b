import ImageQuality
import Quantization
import Testing

@Suite struct QualityScaleTests {
  private func distortion(_ error: Double) -> Distortion {
    Distortion(squaredError: error, pixels: 1)
  }

  /// What pngquant 2.17 prints as the limit of its error for some numbers, with
  /// as many decimals.
  @Test(arguments: [(50, 17.304), (63, 12.085), (81, 5.763)])
  func errorsArePngquants(quality: Int, error: Double) {
    #expect(abs(QualityScale.error(of: quality) / 6.6 - error) < 0.000_6)
    #expect(abs(QualityScale.aim(of: quality) / 4 - error) < 0.000_6)
  }

  @Test func fallsFromInfinityToZero() {
    #expect(QualityScale.error(of: 0) == .infinity)
    #expect(QualityScale.error(of: 100) == 0)
    for quality in 1...100 {
      #expect(
        QualityScale.error(of: quality) < QualityScale.error(of: quality - 1))
    }
  }

  @Test func qualityIsTheLargestReached() {
    for quality in QualityScale.range {
      let error = QualityScale.error(of: quality)
      #expect(QualityScale.quality(of: distortion(error)) == quality)
      if quality > 0 {
        #expect(
          QualityScale.quality(of: distortion(error.nextUp)) == quality - 1)
      }
    }
  }
}
