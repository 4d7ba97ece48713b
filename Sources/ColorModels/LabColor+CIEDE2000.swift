import CLibrary

extension LabColor {
  /// The colour difference CIEDE2000, ΔE₀₀, with all weights 1.
  ///
  /// About 1 is a difference that is just noticed between large patches side
  /// by side. (G. Sharma, W. Wu and E. N. Dalal, "The CIEDE2000
  /// color-difference formula: implementation notes, supplementary test data,
  /// and mathematical observations", Color Research & Application 30(1), 2005,
  /// doi 10.1002/col.20070; the numbers in comments are its equations.)
  ///
  /// - Parameter other: Another colour.
  /// - Returns: The difference, 0 or greater; symmetric to within rounding. It
  ///   is not a metric, and jumps where hues are opposite.
  public func difference(to other: LabColor) -> Double {
    let chromas = (Self.norm(a, b), Self.norm(other.a, other.b))
    // (2) to (7): a* stretched near the grey axis, chroma and hue.
    let stretch =
      1.5 - 0.5 * Self.saturation((chromas.0 + chromas.1) / 2)
    let first = Polar(stretch * a, b)
    let second = Polar(stretch * other.a, other.b)

    // (8) to (11).
    let lightness = other.lightness - self.lightness
    let chroma = second.chroma - first.chroma
    let product = first.chroma * second.chroma
    var turn = second.hue - first.hue
    if product == 0 {
      turn = 0
    } else if turn > .pi {
      turn -= 2 * .pi
    } else if turn < -.pi {
      turn += 2 * .pi
    }
    let hue = 2 * product.squareRoot() * sin(turn / 2)

    // (12) to (14).
    let meanLightness = (self.lightness + other.lightness) / 2
    let meanChroma = (first.chroma + second.chroma) / 2
    let meanHue = Self.meanHue(first, second)

    // (15) to (22).
    let weight = Self.weight(ofHue: meanHue)
    let offset = (meanLightness - 50) * (meanLightness - 50)
    let lightnessTerm =
      lightness / (1 + 0.015 * offset / (20 + offset).squareRoot())
    let chromaTerm = chroma / (1 + 0.045 * meanChroma)
    let hueTerm = hue / (1 + 0.015 * meanChroma * weight)
    let bend = (meanHue * 180 / .pi - 275) / 25
    let rotation =
      -2 * Self.saturation(meanChroma) * sin(.pi / 3 * exp(-bend * bend))
    let square =
      lightnessTerm * lightnessTerm + chromaTerm * chromaTerm
      + hueTerm * hueTerm + rotation * chromaTerm * hueTerm
    return max(0, square).squareRoot()
  }

  /// Chroma and hue of stretched coordinates.
  private struct Polar {
    let chroma: Double

    /// In radians, 0 to 2π; 0 of a grey.
    let hue: Double

    init(_ a: Double, _ b: Double) {
      chroma = LabColor.norm(a, b)
      let angle = chroma == 0 ? 0 : atan2(b, a)
      hue = angle < 0 ? angle + 2 * .pi : angle
    }
  }

  private static func norm(_ a: Double, _ b: Double) -> Double {
    (a * a + b * b).squareRoot()
  }

  /// T of (15). Cosines of sums and multiples of the hue come from its own cosine
  /// and sine.
  private static func weight(ofHue hue: Double) -> Double {
    let (c, s) = (cos(hue), sin(hue))
    let double = (cosine: c * c - s * s, sine: 2 * s * c)
    let triple = (
      cosine: double.cosine * c - double.sine * s,
      sine: double.sine * c + double.cosine * s
    )
    let quadruple = (
      cosine: double.cosine * double.cosine - double.sine * double.sine,
      sine: 2 * double.sine * double.cosine
    )
    return 1 - 0.17 * (c * first.cosine + s * first.sine)
      + 0.24 * double.cosine
      + 0.32 * (triple.cosine * third.cosine - triple.sine * third.sine)
      - 0.20 * (quadruple.cosine * fourth.cosine + quadruple.sine * fourth.sine)
  }

  /// Cosine and sine of the angles 30°, 6° and 63° of (15).
  private static let first = (
    cosine: cos(Double.pi / 6), sine: sin(Double.pi / 6)
  )
  private static let third = (
    cosine: cos(Double.pi / 30), sine: sin(Double.pi / 30)
  )
  private static let fourth = (
    cosine: cos(63 * Double.pi / 180), sine: sin(63 * Double.pi / 180)
  )

  /// √(C⁷ / (C⁷ + 25⁷)).
  private static func saturation(_ chroma: Double) -> Double {
    let cube = chroma * chroma * chroma
    let seventh = cube * cube * chroma
    return (seventh / (seventh + 6_103_515_625)).squareRoot()
  }

  /// (14): the mean of two hues the short way round; of a grey and another
  /// colour the other's.
  private static func meanHue(_ first: Polar, _ second: Polar) -> Double {
    let sum = first.hue + second.hue
    guard first.chroma * second.chroma != 0 else { return sum }
    guard abs(first.hue - second.hue) > .pi else { return sum / 2 }
    return sum < 2 * .pi ? (sum + 2 * .pi) / 2 : (sum - 2 * .pi) / 2
  }
}
