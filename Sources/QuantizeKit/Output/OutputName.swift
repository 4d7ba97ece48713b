/// What an output of a job holds; a job finds its files by this name, never by
/// their position in a list.
package enum OutputName: Hashable, Sendable {
  /// The image itself.
  case image

  /// The picture of variants.
  case preview

  /// The label of each pixel.
  case labels

  /// The label of each pixel in colours.
  case labelColors

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

  /// The layers with this number.
  case layers(Int)

  /// The image with boundaries drawn on it.
  case overlay

  /// The table of regions.
  case regions

  /// The outlines of regions.
  case outlines

  /// The files of a comparison.
  case comparison

  /// A fitted mixture.
  case model

  /// What messages call it.
  var phrase: String {
    switch self {
    case .image: "the image"
    case .preview: "the preview"
    case .labels: "the label map"
    case .labelColors: "the label map in colours"
    case .palette: "the palette"
    case .paletteReport: "the table of the palette"
    case .report: "the report"
    case .softColors: "the soft output"
    case .uncertainty: "the uncertainty map"
    case .responsibilities: "the file of responsibilities"
    case .layers: "the file of layers"
    case .overlay: "the overlay"
    case .regions: "the list of regions"
    case .outlines: "the file of outlines"
    case .comparison: "the comparison"
    case .model: "the model"
    }
  }
}
