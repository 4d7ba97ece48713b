public import Quantization
public import Rasters
public import Segmentation
public import TruncatedEM

/// How to segment an image.
public struct SegmentOptions: Sendable {
  /// What the segments are.
  public enum Method: Sendable {
    /// The components of a mixture over colour and position.
    case mixture(PaletteSize, Truncation, spatial: Double)

    /// Superpixels.
    case superpixels(SuperpixelOptions)
  }

  /// What the segments are.
  public var method: Method

  /// The pixels that a connected region has at least; smaller ones go to a
  /// neighbour. Only with ``Method/mixture(_:_:spatial:)``.
  public var leastRegion = 1

  /// How far, in pixels, outlines may lie from the borders of regions.
  public var outlineTolerance = 1.0

  /// The colour of boundaries on the overlay.
  public var overlayColor = RGBColor(red: 255, green: 255, blue: 0)

  /// What becomes of transparency.
  public var alpha = AlphaTreatment.keep

  /// How the mixture is fitted; superpixels have the number of threads alone.
  public var fit = FitOptions()

  /// The seed of the search.
  public var seed: UInt64 = 0

  /// Options for a method.
  public init(_ method: Method) {
    self.method = method
  }
}
