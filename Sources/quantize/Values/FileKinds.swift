import ArgumentParser
import ImageFormats
import PaletteFiles
import SoftFormats

/// Kinds of files: what help calls them, and which names shells offer.
enum FileKinds {
  /// The formats of images that are read: `PNG, JPEG, TIFF, WebP, GIF or BMP`.
  static let images = InputFormat.list

  /// Files of images.
  static let image = files(InputFormat.allCases.flatMap(\.fileExtensions))

  /// Files of images and arrays.
  static let channels = files(
    InputFormat.allCases.flatMap(\.fileExtensions) + ["npy", "npz"])

  /// Files of tables.
  static let table = files(["npy", "npz", "csv", "tsv", "txt"])

  /// Files of palettes, or images with the colours of one.
  static let palette = files(
    PaletteFormat.allCases.map(\.rawValue)
      + InputFormat.allCases.flatMap(\.fileExtensions))

  /// Files of responsibilities.
  static let soft = files(
    SoftFormat.allCases.filter { !$0.isFolder }.map {
      String($0.label.dropFirst())
    })

  /// Files of layers.
  static let layers = files(
    LayerFormat.allCases.filter { !$0.isFolder }.map {
      String($0.label.dropFirst())
    })

  /// Files with these endings, in upper or lower case.
  static func files(_ endings: [String]) -> CompletionKind {
    var seen: Set<String> = []
    let endings = endings.filter { seen.insert($0).inserted }
    return .file(extensions: endings + endings.map { $0.uppercased() })
  }
}
