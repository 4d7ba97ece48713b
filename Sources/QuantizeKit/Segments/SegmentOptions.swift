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

  /// Where superpixels are wanted, which are numbered from 1 then, and what is
  /// outside 0; `nil` everywhere. Only with ``Method/superpixels(_:)``, C' = 1
  /// and no soft outputs.
  public var mask: PixelMask?

  /// Further files that are read, which no output may replace.
  public var files: [FileLocation] = []

  /// The pixels that a connected region has at least; smaller ones go to a
  /// neighbour. Only with ``Method/mixture(_:_:spatial:)``.
  public var leastRegion = 1

  /// Colours that stay as they are, the first of the k; only with
  /// ``Method/mixture(_:_:spatial:)`` of a picture, and without positions.
  public var pinned: [RGBColor] = []

  /// Whether labels have the order of ``pinned``, which are all colours there are.
  public var keepsOrder = false

  /// β, how much neighbours should have a label in common, 0 or more; see
  /// `TruncatedEM.smoothed`. Only with ``Method/mixture(_:_:spatial:)``.
  public var smoothness = 0.0

  /// The working space of pictures.
  public var space = CompositeSpace.encoded

  /// How channels are read and fitted.
  public var channels = ChannelOptions()

  /// How far, in pixels, outlines may lie from the borders of regions.
  public var outlineTolerance = 1.0

  /// How outlines are drawn; paints and names are those of the labels.
  public var outlines = OutlineStyle(paints: [])

  /// The colour of boundaries on the overlay.
  public var overlayColor = RGBColor(red: 255, green: 255, blue: 0)

  /// What becomes of transparency.
  public var alpha = AlphaTreatment.keep

  /// How the mixture is fitted; superpixels have the number of threads alone.
  public var fit = FitOptions()

  /// The seed of the search.
  public var seed: UInt64 = 0

  /// The number of components, or superpixels.
  public var components: Int {
    switch method {
    case .mixture(let size, _, _): size.count
    case .superpixels(let options): options.count
    }
  }

  /// Options for a method.
  public init(_ method: Method) {
    self.method = method
  }
}
