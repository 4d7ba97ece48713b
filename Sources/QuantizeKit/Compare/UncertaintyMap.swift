import CLibrary
import ColorModels
import ParallelWork
import Quantization
public import Rasters

/// Pictures of how undecided the pixels of an image are: the entropy of their
/// colours' posteriors in nats, from 0, dark, to a greatest one, light.
public enum UncertaintyMap {
  /// The number of levels shown.
  public static let levels = 64

  /// The colours of the levels, from dark to light: as even in lightness as
  /// Oklab makes them, from violet over red to yellow.
  public static let ramp: [RGBColor] = (0..<levels).map { level in
    let x = Double(level) / Double(levels - 1)
    let hue = (290 + 170 * x) * Double.pi / 180
    let chroma = min(0.15, 0.02 + 0.62 * x * (1 - x))
    let light = OklabColor(
      lightness: 0.16 + 0.8 * x, a: chroma * cos(hue), b: chroma * sin(hue)
    ).light
    func sample(_ light: Double) -> UInt8 {
      let encoded = TransferFunction.encoded(ofLight: min(1, max(0, light)))
      return UInt8((255 * encoded).rounded())
    }
    return RGBColor(
      red: sample(light.x), green: sample(light.y), blue: sample(light.z))
  }

  /// The levels of an image.
  ///
  /// - Parameters:
  ///   - entropies: Of each visible colour of the histogram, in nats.
  ///   - most: The entropy of the lightest level, above 0.
  ///   - histogram: The image's colours.
  ///   - pixels: The image.
  ///   - workers: The threads to use.
  /// - Returns: Numbers of ``ramp``; fully transparent pixels have 0.
  /// - Complexity: O(pixels + colours).
  static func image(
    _ entropies: [Double], most: Double, _ histogram: ColorHistogram,
    _ pixels: Pixels, _ workers: Workers
  ) -> IndexedImage? {
    let found = entropies.map { entropy in
      UInt16(
        (Double(levels - 1) * min(1, max(0, entropy / most))).rounded())
    }
    // Where nothing is visible there is one point that no colour stands for.
    let visible = found.prefix(histogram.visible.count)
    return ColorMap(
      histogram,
      entries: [UInt16](repeating: 0, count: histogram.visible.lowerBound)
        + visible,
      colors: ramp
    ).indexed(pixels, workers: workers)
  }
}
