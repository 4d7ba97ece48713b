import ColorModels
import Rasters

/// What a colour looks like on a background, in all spaces that are compared.
struct SeenColor {
  /// Red, green and blue, 0 to 255.
  let samples: SIMD3<Double>

  /// In CIELAB.
  let lab: LabColor

  /// In Oklab.
  let oklab: SIMD3<Double>

  /// Shows a colour.
  ///
  /// - Parameters:
  ///   - color: Red, green, blue and alpha of 16 bits.
  ///   - level: The background.
  ///   - gamut: What samples look like at their greatest.
  init(_ color: SIMD4<UInt16>, on level: Double, in gamut: RGBGamut) {
    samples = Backdrop.show(color, on: level)
    let light = gamut.standardLight(Self.light(of: samples))
    lab = LabColor(light: light)
    let oklab = OklabColor(light: light)
    self.oklab = SIMD3(oklab.lightness, oklab.a, oklab.b)
  }

  /// The light, 0 to 1, of samples from 0 to 255.
  private static func light(of samples: SIMD3<Double>) -> SIMD3<Double> {
    var result = SIMD3<Double>.zero
    for channel in 0..<3 {
      let sample = samples[channel]
      result[channel] =
        sample == sample.rounded()
        ? wholeLights[Int(sample)]
        : TransferFunction.light(ofEncoded: sample / 255)
    }
    return result
  }

  /// The light of each whole sample.
  private static let wholeLights: [Double] = (0...255).map {
    TransferFunction.light(ofEncoded: Double($0) / 255)
  }
}
