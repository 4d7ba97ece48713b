import ImageQuality
import Quantization
import Testing

@Suite struct QualityRangeTests {
  private func distortion(_ error: Double) -> Distortion {
    Distortion(squaredError: error, pixels: 1)
  }

  @Test(arguments: [(-1, 50), (50, 101), (80, 70), (-5, -2), (101, 102)])
  func refusesNonsense(least: Int, most: Int) {
    #expect(
      throws: QuantizationError.qualityRange(least: least, most: most)
    ) { try QualityRange(least: least, most: most) }
  }

  @Test(arguments: [(0, 1), (10, 65), (70, 99)])
  func limitsAreExact(least: Int, most: Int) throws {
    let range = try QualityRange(least: least, most: most)
    let aim = QualityScale.aim(of: most)
    #expect(range.excess(of: distortion(aim)) == 0)
    #expect(range.excess(of: distortion(aim.nextUp)) > 0)
    #expect(range.excess(of: distortion(aim / 2)) < -0.6)
    #expect(range.excess(of: distortion(2 * aim)) > 0.6)
    #expect(range.excess(of: distortion(0)) < 0)
    let error = QualityScale.error(of: least)
    #expect(range.isWorth(distortion(error)))
    #expect(least == 0 || !range.isWorth(distortion(error.nextUp)))
  }

  @Test func endsOfTheScale() throws {
    let perfect = try QualityRange(least: 100, most: 100)
    #expect(perfect.excess(of: distortion(0)) <= 0)
    #expect(perfect.excess(of: distortion(1e-300)) == .infinity)
    #expect(perfect.isWorth(distortion(0)))
    #expect(!perfect.isWorth(distortion(1e-300)))
    let anything = try QualityRange(least: 0, most: 0)
    #expect(anything.excess(of: distortion(190_000)) <= 0)
    #expect(anything.isWorth(distortion(190_000)))
  }
}
