import ColorModels
import Quantization
import Rasters
import Segmentation

/// One strong colour of an image and another hue for it: what a comparison moves to
/// show how cleanly the components of each fit separate.
///
/// The move is chosen from the first fit and is the same for all of them.
struct RecoloredExample {
  /// The colour and what it becomes.
  let move: ColorMove

  /// How far the hue is turned, in degrees.
  private static let turn = 120.0

  /// Less chroma in Oklab than this is not worth another hue.
  private static let leastChroma = 0.04

  /// A colour has this share of the pixels, or more.
  private static let leastShare = 0.005

  /// Shades within so many degrees of hue move as well, as in `recolor`.
  private static let shades = 20.0

  /// Chooses a colour; `nil` where all are grey, or rare.
  ///
  /// - Parameters:
  ///   - fitted: A fit.
  ///   - pixels: The pixels of the image.
  init?(_ fitted: FittedPalette, pixels: Int) {
    let gamut = fitted.space.gamut
    let converter = WorkingSpace.Converter(.oklab, in: gamut)
    var best: (color: RGBColor, chroma: Double)?
    for entry in fitted.assignment.palette.entries {
      let share = Double(entry.count) / Double(max(1, pixels))
      guard entry.alpha == 255, share >= Self.leastShare else { continue }
      let color = entry.color
      let point = converter.coordinates(color.red, color.green, color.blue)
      let chroma = (point.y * point.y + point.z * point.z).squareRoot()
      if chroma >= best?.chroma ?? Self.leastChroma { best = (color, chroma) }
    }
    guard let best else { return nil }
    move = ColorMove(
      from: best.color, to: best.color.turned(Self.turn, in: gamut))
  }

  /// Moves the colour.
  ///
  /// - Parameters:
  ///   - pixels: The image.
  ///   - fitted: A fit to it.
  ///   - threads: The most threads to use.
  /// - Returns: The image with the colour moved, 8 bits a sample.
  /// - Throws: `SegmentationError`.
  /// - Complexity: O(pixels + distinct colours × C').
  func recolored(
    _ pixels: Pixels, _ fitted: FittedPalette, threads: Int
  ) throws(SegmentationError) -> Raster {
    let targets = try Recoloring.targets(
      of: [move], fitted, shades: Self.shades)
    let recoloring = try Recoloring(
      targets, fitted, isDeep: pixels.isDeep, threads: threads)
    return recoloring.applied(to: pixels).rounded()
  }
}
