import CLibrary

/// How good a palette must be, at the least.
public struct QualityTarget: Hashable, Sendable {
  /// The least PSNR in decibels, if one is asked for.
  public let peakSignalToNoiseRatio: Double?

  /// The largest mean CIEDE2000, if one is asked for.
  public let colorDifference: Double?

  /// Checks a target.
  ///
  /// - Parameters:
  ///   - peakSignalToNoiseRatio: The least PSNR, 0 decibels or more.
  ///   - colorDifference: The largest mean CIEDE2000, 0 or more.
  /// - Throws: `QuantizationError.target` when a number is negative or not
  ///   finite, or there is none.
  public init(
    peakSignalToNoiseRatio: Double? = nil, colorDifference: Double? = nil
  ) throws(QuantizationError) {
    let numbers = [peakSignalToNoiseRatio, colorDifference].compactMap(\.self)
    guard !numbers.isEmpty,
      numbers.allSatisfy({ $0 >= 0 && $0.isFinite })
    else { throw .target }
    self.peakSignalToNoiseRatio = peakSignalToNoiseRatio
    self.colorDifference = colorDifference
  }

  /// How far a quality is from the target, for `ComponentSearch`.
  ///
  /// - Parameter quality: With a colour difference where the target has one.
  /// - Returns: The larger of the logarithms of squared error and colour
  ///   difference over their limits: 0 or less exactly where all parts of
  ///   the target are reached.
  public func excess(of quality: Quality) -> Double {
    var excess = -Double.infinity
    if let target = peakSignalToNoiseRatio {
      let missing = target - quality.distortion.peakSignalToNoiseRatio
      excess = max(excess, missing * log(10) / 10)
    }
    if let target = colorDifference {
      let found = quality.colorDifference ?? .infinity
      // Logarithms round; whether the target is reached must not.
      let logarithm = found > 0 ? log(found / target) : -.infinity
      excess = max(
        excess,
        found <= target
          ? min(0, logarithm) : max(.leastNonzeroMagnitude, logarithm))
    }
    return excess
  }
}

extension QualityTarget: CustomStringConvertible {
  /// The target in words.
  public var description: String {
    [
      peakSignalToNoiseRatio.map { "PSNR \($0) dB" },
      colorDifference.map { "ΔE \($0)" },
    ].compactMap(\.self).joined(separator: " and ")
  }

  /// A quality in the target's words, rounded so that a miss can be seen.
  func description(of quality: Quality) -> String {
    let ratio = quality.distortion.peakSignalToNoiseRatio
    return [
      peakSignalToNoiseRatio.map { _ in
        "PSNR \((100 * ratio).rounded(.down) / 100) dB"
      },
      quality.colorDifference.map { "ΔE \((1000 * $0).rounded(.up) / 1000)" },
    ].compactMap(\.self).joined(separator: " and ")
  }
}
