public import Rasters
public import TruncatedEM

/// How a mixture over the pixels of an image is fitted.
public struct SpatialOptions: Sendable {
  /// k, 1 to `MixtureModel.maximumComponents`.
  public var components: Int

  /// C'.
  public var truncation: Truncation

  /// Opaque colours that stay as they are, at most k and none twice; only of
  /// pictures whose points have no positions.
  public var pinned: [RGBColor] = []

  /// Whether components keep the order of ``pinned``, all of which are pinned, and
  /// are not ordered by brightness.
  public var keepsOrder = false

  /// β, 0 or more: how much neighbours should have components in common; see
  /// `TruncatedEM.smoothed`.
  public var smoothness = 0.0

  /// How to fit. Without a least variance of components it is that of rounding to
  /// the image's own step.
  public var fit = FitOptions()

  /// The same seed gives the same segments.
  public var seed: UInt64 = 0

  /// Options for k and C'.
  public init(components: Int, truncation: Truncation = .hard) {
    self.components = components
    self.truncation = truncation
  }
}
