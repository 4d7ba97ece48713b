import ColorModels
import Rasters

/// How far the colours of a pixel of two images are from each other; of colours
/// that are not opaque the average over the backgrounds.
struct ColorErrors {
  /// The squared error, summed over red, green and blue of 0 to 255.
  var squared = 0.0

  /// ΔE₀₀.
  var difference = 0.0

  /// The squared distance in Oklab.
  var oklab = 0.0

  /// Equal colours.
  init() {}

  /// Compares two colours.
  ///
  /// - Parameters:
  ///   - first: Red, green, blue and alpha of 16 bits.
  ///   - second: The same of another colour.
  ///   - backdrop: What both are shown on.
  init(
    _ first: SIMD4<UInt16>, _ second: SIMD4<UInt16>, on backdrop: Backdrop
  ) {
    guard first != second else { return }
    // Opaque colours show the same on every background.
    let isOpaque = first.w == .max && second.w == .max
    let levels = isOpaque ? [0] : backdrop.levels
    for level in levels {
      let x = Backdrop.show(first, on: level)
      let y = Backdrop.show(second, on: level)
      squared += ((x - y) * (x - y)).sum()
      let xLight = backdrop.gamut.standardLight(Self.light(of: x))
      let yLight = backdrop.gamut.standardLight(Self.light(of: y))
      difference += LabColor(light: xLight).difference(
        to: LabColor(light: yLight))
      oklab += Self.oklabError(xLight, yLight)
    }
    let count = Double(levels.count)
    squared /= count
    difference /= count
    oklab /= count
  }

  private static func oklabError(
    _ first: SIMD3<Double>, _ second: SIMD3<Double>
  ) -> Double {
    let (x, y) = (OklabColor(light: first), OklabColor(light: second))
    let shift = SIMD3(x.lightness - y.lightness, x.a - y.a, x.b - y.b)
    return (shift * shift).sum()
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
