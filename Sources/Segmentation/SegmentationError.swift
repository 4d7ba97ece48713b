public import Rasters
public import TruncatedEM

/// Why an image has no responsibilities or segments.
public enum SegmentationError: Error, Equatable, Sendable {
  /// There are more components, complete transparency counted, than
  /// ``ResponsibilityMap/maximumComponents``.
  case components(Int)

  /// The model does not fit the image or C'.
  case fit(FitError)

  /// There is to be less than one superpixel or E-step, or the compactness is
  /// negative or not a number.
  case superpixels

  /// C' of superpixels is below 1 or above
  /// ``SuperpixelOptions/maximumTruncation``.
  case superpixelTruncation(Int)

  /// A mask is not as large as the image.
  case maskSize(ImageSize, of: ImageSize)

  /// No pixel is inside the mask.
  case emptyMask

  /// The weight of positions is negative or not a number.
  case spatialWeight(Double)

  /// The weight of neighbours is negative or not a number.
  case smoothness(Double)

  /// Colours are pinned of points that have positions, or are no colours.
  case pinned

  /// Lightness is to be kept in a space that has none.
  case lightness

  /// Two colours that are to be moved belong to the same component.
  case sameComponent(RGBColor, RGBColor)

  /// Colours are to be moved in an image of which nothing can be seen.
  case nothingVisible

  /// A layer is to hold a component that is not there, or is in another layer already.
  case layerComponent(Int, of: Int)

  /// Two layers have the same name.
  case layerName(String)

  /// There are more pixels than can be counted.
  case tooManyPixels

  /// What is wrong, in one line.
  public var message: String {
    switch self {
    case .components(let count):
      "responsibilities are stored for at most "
        + "\(ResponsibilityMap.maximumComponents) colours, not \(count); give "
        + "a smaller k"
    case .fit(let error):
      error.message
    case .superpixels:
      "there must be at least 1 superpixel and 1 E-step, and the compactness "
        + "must be 0 or more"
    case .superpixelTruncation(let count):
      "C' of superpixels must be 1 to \(SuperpixelOptions.maximumTruncation), "
        + "not \(count)"
    case .maskSize(let size, let image):
      "the mask has \(size.width) x \(size.height) pixels, but the image has "
        + "\(image.width) x \(image.height); make them the same size"
    case .emptyMask:
      "the mask is black everywhere; paint what is to be cut"
    case .spatialWeight(let weight):
      "the weight of positions must be 0 or more, not \(weight)"
    case .smoothness(let weight):
      "the weight of neighbours must be 0 or more, not \(weight)"
    case .pinned:
      "a given colour has no position and no channels; give colours only for "
        + "pictures, and without a weight of positions"
    case .lightness:
      "lightness can be kept in Oklab and CIELAB only; give --space oklab or lab"
    case .sameComponent(let first, let second):
      "\(first.hex) and \(second.hex) belong to the same colour of the image; "
        + "move one of them, or give more colours with -k"
    case .nothingVisible:
      "the image is fully transparent; there is no colour to move"
    case .layerComponent(let component, let count):
      (0..<count).contains(component)
        ? "colour \(component) is in two layers; name it in one"
        : "there is no colour \(component); those of the image are 0 to "
          + "\(count - 1)"
    case .layerName(let name):
      "two layers are called \(name); give each a name of its own"
    case .tooManyPixels:
      "the pages have too many pixels"
    }
  }
}
