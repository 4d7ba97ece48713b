public import ImageQuality

/// How well a palette shows an image.
public struct Quality: Hashable, Sendable {
  /// The squared error in sRGB.
  public let distortion: Distortion

  /// The mean CIEDE2000 over all pixels, or `nil` where it was not measured.
  public let colorDifference: Double?

  /// Creates a quality from its measurements.
  public init(distortion: Distortion, colorDifference: Double? = nil) {
    self.distortion = distortion
    self.colorDifference = colorDifference
  }
}
