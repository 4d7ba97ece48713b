import CLibrary
public import ImageQuality

/// The least quality worth writing, and the quality that is enough, on
/// ``QualityScale``.
public struct QualityRange: Hashable, Sendable {
  /// The least quality: an image below it is not wanted at all.
  public let least: Int

  /// The quality that is enough: as few colours as reach it.
  public let most: Int

  /// Checks a range.
  ///
  /// - Parameters:
  ///   - least: 0 to `most`.
  ///   - most: `least` to 100.
  /// - Throws: `QuantizationError.qualityRange`.
  public init(least: Int, most: Int) throws(QuantizationError) {
    guard QualityScale.range.contains(least),
      QualityScale.range.contains(most), least <= most
    else { throw .qualityRange(least: least, most: most) }
    self.least = least
    self.most = most
  }

  /// How far a palette is from being enough, for `ComponentSearch`.
  ///
  /// - Parameter distortion: Of the palette.
  /// - Returns: The logarithm of its error over the largest allowed: 0 or less
  ///   exactly where it is enough.
  public func excess(of distortion: Distortion) -> Double {
    let aim = QualityScale.aim(of: most)
    let found = distortion.meanSquaredError
    guard found > aim else { return found > 0 ? min(0, log(found / aim)) : -1 }
    // Logarithms round; whether the aim is reached must not.
    return aim > 0
      ? max(.leastNonzeroMagnitude, log(found / aim)) : .infinity
  }

  /// Whether an image is worth writing.
  ///
  /// - Parameter distortion: How far it is from the original.
  /// - Returns: Whether its quality is ``least`` or more.
  public func isWorth(_ distortion: Distortion) -> Bool {
    distortion.meanSquaredError <= QualityScale.error(of: least)
  }
}
