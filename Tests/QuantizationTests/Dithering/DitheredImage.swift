import Quantization
import Rasters

/// An image that was dithered as a whole.
struct DitheredImage {
  let palette: Palette

  /// The number of each pixel's entry, row by row.
  let indices: [UInt16]

  let size: ImageSize
  let squaredError: Double
  let rounds: Int

  init(
    _ planner: DitherPlanner, _ assignment: ColorAssignment, _ pixels: Pixels,
    isFixed: @escaping (Palette.Entry) -> Bool = { _ in false }
  ) {
    let ditherer = Ditherer(
      planner, assignment, whole: pixels, isFixed: isFixed)
    palette = ditherer.palette
    indices = ditherer.entriesOfWhole
    size = pixels.size
    squaredError = ditherer.squaredError
    rounds = ditherer.rounds
  }

  /// The pixels: indexed where there are at most 256 entries.
  var mapped: QuantizedImage.Mapped { palette.mapped(indices, size: size) }

  /// The reds of all pixels, row by row.
  var reds: [Int] {
    indices.map { Int(palette.entries[Int($0)].color.red) }
  }

  /// The mean of the reds of some rows.
  func meanRed(ofRows rows: Range<Int>) -> Double {
    let part = reds[rows.lowerBound * size.width..<rows.upperBound * size.width]
    return Double(part.reduce(0, +)) / Double(part.count)
  }
}
