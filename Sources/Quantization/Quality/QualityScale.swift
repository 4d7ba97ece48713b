import CLibrary
public import ImageQuality

/// The scale of pngquant's `--quality`: 0, the worst, to 100, where nothing
/// differs.
///
/// libimagequant gives each number an error in its own measure,
///
///     e(q) = 2.5 / (210 + q)^1.2 · (100.1 − q)/100 + max(0, 0.016/(0.001 + q) − 0.001)
///
/// with e(0) = ∞ and e(100) = 0, and shows it as E(q) = 65536/6 · e(q). Its
/// measure weighs channels and pixels and has another gamma, so there is no
/// exact counterpart. The squared error of what is seen, in sRGB and summed over
/// the channels, is close to a multiple of it on photographs, icons and pages;
/// docs/pngquant.md has the measurement.
public enum QualityScale {
  /// The numbers there are.
  public static let range = 0...100

  /// The squared error over E(q) of a file that pngquant reports q for.
  private static let reported = 6.6

  /// The squared error over E(q) of a file that pngquant makes when it may stop
  /// at q: it stops late.
  private static let aimed = 4.0

  /// The most squared error of an image of a quality.
  ///
  /// - Parameter quality: 0 to 100.
  /// - Returns: The error per pixel, as in `Distortion`; infinite for 0, 0
  ///   for 100.
  public static func error(of quality: Int) -> Double {
    reported * libraryError(of: quality)
  }

  /// The squared error at which a palette is good enough for a largest quality.
  ///
  /// - Parameter quality: 0 to 100.
  /// - Returns: The error per pixel, as in `Distortion`; infinite for 0, 0
  ///   for 100.
  public static func aim(of quality: Int) -> Double {
    aimed * libraryError(of: quality)
  }

  /// The quality of an image: the largest number whose error it does not
  /// exceed.
  ///
  /// - Parameter distortion: How far it is from the original.
  /// - Returns: 0 to 100.
  public static func quality(of distortion: Distortion) -> Int {
    range.last { distortion.meanSquaredError <= error(of: $0) } ?? 0
  }

  /// The error of an image on the scale of E.
  ///
  /// - Parameter distortion: How far it is from the original.
  /// - Returns: What libimagequant would report of it, about.
  package static func reportedError(of distortion: Distortion) -> Double {
    distortion.meanSquaredError / reported
  }

  /// E(q).
  private static func libraryError(of quality: Int) -> Double {
    guard quality > 0 else { return .infinity }
    guard quality < 100 else { return 0 }
    let q = Double(quality)
    let low = max(0, 0.016 / (0.001 + q) - 0.001)
    return 65_536 / 6 * (low + 2.5 / pow(210 + q, 1.2) * (100.1 - q) / 100)
  }
}
