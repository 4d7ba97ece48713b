import ImageFormats
import JSONFiles
import Segmentation
import SystemPackage

/// Writes layers as a folder: a PNG a layer, and `index.json`, which lists them from
/// the top.
enum LayerFolderWriter: LayerWriter {
  static let name = "folder"
  static let endings = ["/"]
  static let blends: [LayerBlend] = [.normal, .add]

  /// `index.json`.
  private struct Index: Codable {
    struct Layer: Codable {
      /// The numbers of its components.
      let components: [Int]
      let file: String
      let name: String
    }

    let blend: String
    let depth: Int
    let height: Int

    /// From the top.
    let layers: [Layer]
    let width: Int
  }

  static func write(
    _ image: LayerImage, to folder: FilePath
  ) throws(SoftFormatError) {
    let names = image.names.indices.map { fileName(of: $0, image) }
    let encoders = try LayerPNGs(image, andPicture: false)
    // A file for each is open in turn: there may be more than can be open.
    func append(_ parts: [[UInt8]]) throws(SoftFormatError) {
      for (n, bytes) in parts.enumerated() where !bytes.isEmpty {
        var file = try FileWriter(folder.appending(names[n]), appends: true)
        try file.write(bytes)
        try file.finish()
      }
    }
    try image.forEachStrip { strip throws(SoftFormatError) in
      try append(try encoders.write(strip, hasAlpha: image.hasAlpha))
    }
    try append(try encoders.finish())
    let index = Index(
      blend: image.split.blend.rawValue, depth: image.depth.rawValue,
      height: image.size.height,
      layers: image.split.plan.layers.enumerated().map { n, layer in
        Index.Layer(
          components: layer.components, file: names[n], name: layer.name)
      }, width: image.size.width)
    var file = try FileWriter(folder.appending("index.json"))
    try file.write(JSONFile.encode(index))
    try file.finish()
  }

  /// The number from the top, with as many digits as the last, and the name as far as
  /// every file system takes it.
  private static func fileName(of layer: Int, _ image: LayerImage) -> String {
    let digits = String(image.names.count - 1).count
    let number = String(layer)
    let name = image.names[layer].unicodeScalars.map { scalar in
      scalar.isASCII
        && (scalar.properties.isAlphabetic
          || scalar.properties.numericType != nil)
        ? Character(scalar) : "-"
    }
    let text = String(String(name).drop { $0 == "-" }.prefix(60))
    return String(repeating: "0", count: digits - number.count) + number
      + (text.isEmpty ? "" : "-" + text) + ".png"
  }
}
