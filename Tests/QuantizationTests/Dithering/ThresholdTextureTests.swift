import CLibrary
import Quantization
import Testing
import _TestSupport

@Suite struct ThresholdTextureTests {
  // The matrices as Bayer's paper, and every book, has them.
  @Test func smallBayerMatricesAreKnown() {
    #expect(ThresholdTexture.bayer(.two).ranks == [0, 2, 3, 1])
    #expect(
      ThresholdTexture.bayer(.four).ranks == [
        0, 8, 2, 10, 12, 4, 14, 6, 3, 11, 1, 9, 15, 7, 13, 5,
      ])
  }

  @Test(arguments: OrderedPattern.BayerSize.allCases)
  func bayerMatricesHaveEachRankOnce(size: OrderedPattern.BayerSize) {
    let texture = ThresholdTexture.bayer(size)
    #expect(texture.side == size.rawValue)
    #expect(
      texture.ranks.sorted()
        == Array(0..<UInt16(size.rawValue * size.rawValue)))
  }

  @Test func blueNoiseHasEachRankOnce() {
    #expect(ThresholdTexture.blueNoise.side == 64)
    #expect(ThresholdTexture.blueNoise.ranks.sorted() == Array(0..<4_096))
  }

  /// The energy of the lowest frequencies, but for the mean, of the places of
  /// ranks below a bound.
  private func lowEnergy(_ ranks: [UInt16], below bound: UInt16) -> Double {
    var energy = 0.0
    for v in 0...6 {
      for u in -6...6 where v > 0 || u > 0 {
        var (real, imaginary) = (0.0, 0.0)
        for place in ranks.indices where ranks[place] < bound {
          let phase =
            2 * Double.pi * Double(u * (place % 64) + v * (place / 64)) / 64
          real += cos(phase)
          imaginary += sin(phase)
        }
        energy += real * real + imaginary * imaginary
      }
    }
    return energy
  }

  @Test(arguments: [256, 1_024, 2_048, 3_072] as [UInt16])
  func blueNoiseHasLittleEnergyInLowFrequencies(bound: UInt16) {
    var numbers = Generator(seed: 5)
    let white = Array(0..<4_096 as Range<UInt16>).shuffled(using: &numbers)
    let blue = ThresholdTexture.blueNoise.ranks
    #expect(
      lowEnergy(blue, below: bound) < 0.1 * lowEnergy(white, below: bound))
  }
}
