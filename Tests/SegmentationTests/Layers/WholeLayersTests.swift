import Foundation
import Segmentation
import Testing
import _TestSupport

/// Layers in whole numbers make the pixel in programs that round, or cut off, after each
/// layer or at the end.
@Suite struct WholeLayersTests {
  /// Layers at a pixel, of random shares and colours.
  private static func fill(
    _ ideal: inout LayerColors, _ color: SIMD3<Double>,
    _ random: inout Generator
  ) {
    ideal.removeAll()
    for layer in 0..<Int.random(in: 1...8, using: &random) {
      var share = Double.random(in: 0...1, using: &random)
      if Int.random(in: 0..<3, using: &random) == 0 { share *= share * share }
      ideal.add(
        layer, share + 1e-9,
        mean: SIMD3(
          .random(in: 0...1, using: &random),
          .random(in: 0...1, using: &random),
          .random(in: 0...1, using: &random)), variance: 1)
    }
    ideal.solve(color)
  }

  /// What a program makes of layers from the bottom up.
  private static func flattened(
    _ samples: [WholeLayers.Sample], _ most: Double,
    _ rounding: (Double) -> Double, roundsAlpha: Bool = true
  ) -> (color: SIMD3<Double>, alpha: Double) {
    var color = SIMD3<Double>.zero
    var alpha = 0.0
    for sample in samples.reversed() {
      let above = sample.alpha / most
      let below = (1 - above) * alpha / most
      let sum = above + below
      for d in 0..<3 {
        // As whole numbers are when they are computed with enough digits.
        color[d] = rounding(
          (above * sample.color[d] + below * color[d]) / sum + 1e-9)
      }
      alpha = roundsAlpha ? (most * sum).rounded() : most * sum
    }
    return (color, alpha)
  }

  @Test(arguments: [255.0, 65_535], [false, true])
  func layersOverEachOtherAreThePixel(most: Double, isTranslucent: Bool) {
    var random = Generator(seed: 11)
    let whole = WholeLayers(most: most)
    var ideal = LayerColors(capacity: 8)
    let room = UnsafeMutablePointer<WholeLayers.Sample>.allocate(capacity: 8)
    defer {
      ideal.deallocate()
      room.deallocate()
    }
    func sample() -> Double {
      Double(
        [0, Int(most), Int.random(in: 0...Int(most), using: &random)]
          .randomElement(using: &random) ?? 0)
    }
    for _ in 0..<4_000 {
      let color = SIMD3(sample(), sample(), sample())
      let alpha =
        isTranslucent
        ? Double.random(in: 1...most, using: &random).rounded() : most
      Self.fill(&ideal, color / most, &random)
      let count = whole.normal(ideal, color, alpha: alpha, room)
      let samples = (0..<count).map { room[$0] }
      for sample in samples {
        for value in [
          sample.color.x, sample.color.y, sample.color.z, sample.alpha,
        ] {
          #expect(value == value.rounded() && value >= 0 && value <= most)
        }
      }
      #expect(
        zip(samples, samples.dropFirst()).allSatisfy { $0.layer < $1.layer })
      let programs: [(Double) -> Double] = [
        { $0.rounded() }, { $0.rounded(.down) },
      ]
      for rounding in programs {
        // Alpha is rounded by all.
        let made = Self.flattened(samples, most, rounding)
        #expect(made.color == color)
        #expect(made.alpha == alpha)
      }
      let once = Self.flattened(samples, most, { $0 }, roundsAlpha: false)
      #expect(once.alpha.rounded() == alpha)
      for d in 0..<3 {
        #expect(once.color[d].rounded() == color[d])
        #expect(once.color[d].rounded(.down) == color[d])
      }
    }
  }

  @Test(arguments: [255.0, 65_535])
  func layersThatAddUpAreThePixel(most: Double) {
    var random = Generator(seed: 12)
    let whole = WholeLayers(most: most)
    var ideal = LayerColors(capacity: 8)
    let room = UnsafeMutablePointer<WholeLayers.Sample>.allocate(capacity: 8)
    defer {
      ideal.deallocate()
      room.deallocate()
    }
    for _ in 0..<4_000 {
      let color = SIMD3(
        Double(Int.random(in: 0...Int(most), using: &random)),
        most, 0)
      Self.fill(&ideal, color / most, &random)
      let count = whole.sum(ideal, color, room)
      var sum = SIMD3<Double>.zero
      for i in 0..<count {
        for d in 0..<3 {
          let part = room[i].color[d]
          #expect(part == part.rounded() && part >= 0)
          let wanted = most * ideal.shares[i] * ideal.colors[i][d]
          #expect(abs(part - wanted) < 1 + 1e-6)
        }
        sum += room[i].color
      }
      #expect(sum == color)
    }
  }
}
