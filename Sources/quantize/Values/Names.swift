import ColorModels
import ImageFormats
import PaletteFiles
import Quantization
import QuantizeKit
import Segmentation
import TruncatedEM

/// The values of all options that take a name.
enum Names {
  /// Working spaces.
  static let spaces = NamedValues(WorkingSpace.allCases) { $0.rawValue }

  /// Dither methods; `bayer` is short for one of them.
  static let dithers = NamedValues(DitherMethod.all, name: \.name) {
    DitherMethod(name: $0)
  }

  /// What `-k auto` minimises.
  static let criteria = NamedValues(InformationCriterion.allCases) {
    $0.rawValue
  }

  /// Spaces to read and write images in.
  static let profiles = NamedValues(ColorTarget.allCases) { $0.rawValue }

  /// Formats of images that are written; each of their endings will do.
  static let images = NamedValues(OutputFormat.allCases, name: \.rawValue) {
    OutputFormat(pathExtension: $0)
  }

  /// Formats of the outputs of a batch: that of each input, or one for all.
  static let batchFormats = NamedValues(
    [BatchFormat.same] + OutputFormat.allCases.map { .one($0) },
    name: \.name, find: { BatchFormat(name: $0) })

  /// Formats of palettes, with or without a dot.
  static let palettes = NamedValues(PaletteFormat.allCases, name: \.rawValue) {
    PaletteFormat(pathExtension: String($0.drop { $0 == "." }))
  }

  /// Orders of a palette.
  static let sortings = NamedValues(PaletteSorting.allCases) { $0.rawValue }

  /// Resolutions of a JPEG's colour, with or without colons.
  static let subsamplings = NamedValues(
    ChromaSubsampling.allCases.reversed(), name: { colons($0.rawValue) },
    find: { text in
      ChromaSubsampling.allCases.first {
        text == $0.rawValue || text == colons($0.rawValue)
      }
    })

  /// What becomes of lightness.
  static let lightnesses = NamedValues(Recoloring.Lightness.allCases) {
    $0.rawValue
  }

  /// What palettes are for.
  static let aims = NamedValues(PaletteAim.allCases) { $0.rawValue }

  /// How layers are put together.
  static let layerBlends = NamedValues(LayerBlend.allCases) { $0.rawValue }

  /// How iterations come to their end faster.
  static let accelerations = NamedValues(Acceleration.allCases) { $0.rawValue }

  /// Mixing weights.
  static let mixings = NamedValues(MixingWeights.allCases) { $0.rawValue }

  /// Variances.
  static let variances = NamedValues(CovarianceType.spheres) {
    $0.rawValue
  }

  /// Covariances of the components of a table's mixture.
  static let covariances = NamedValues(CovarianceType.allCases) {
    $0.rawValue
  }

  /// How samples of channels become coordinates.
  static let normalizations = NamedValues(Normalization.allCases) {
    $0.rawValue
  }

  /// Ways to show the progress of a batch.
  static let progress = NamedValues(BatchProgress.Kind.allCases) {
    $0.rawValue
  }

  /// `4:2:0` of `420`.
  private static func colons(_ digits: String) -> String {
    digits.map(String.init).joined(separator: ":")
  }
}
