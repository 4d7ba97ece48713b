/// What an output of a job holds; a job finds its files by this name, never by
/// their position in a list.
package enum OutputName: Hashable, Sendable {
  /// The image itself, or the label map.
  case image

  /// The palette.
  case palette

  /// The table of the palette's colours.
  case paletteReport

  /// The report.
  case report

  /// The posterior mean of each pixel.
  case softColors

  /// The entropy of each pixel's posterior.
  case uncertainty

  /// The responsibilities with this number.
  case responsibilities(Int)

  /// The image with boundaries drawn on it.
  case overlay

  /// The table of regions.
  case regions

  /// The outlines of regions.
  case outlines
}
