import ImageFormats
import JSONFiles
public import SystemPackage

/// Writes responsibilities as a folder: a greyscale PNG a component, whose white
/// is a responsibility of 1, and `index.json`, which says which is which.
public enum MaskFolderWriter: SoftWriter {
  package static let name = "folder"

  package static let endings = ["/"]

  package static let depths: [SampleDepth] = [.sixteen, .eight]

  package static let isStreamed = false

  private static let indexName = "index.json"

  /// Writes the files of a folder.
  ///
  /// - Parameters:
  ///   - image: What to write.
  ///   - folder: An empty folder.
  ///   - depth: The bits of a sample.
  /// - Throws: `SoftFormatError.depth`, `.encode` or `.inputOutput`.
  /// - Complexity: O(pixels × C' × components).
  public static func write(
    _ image: SoftImage, to folder: FilePath, depth: SampleDepth
  ) throws(SoftFormatError) {
    guard let depth = depth.png else { throw .depth(.folder, depth) }
    try image.forEachComponent { component throws(EncodeError) in
      try mask(of: component, image, depth)
    } _: { component, bytes throws(SoftFormatError) in
      try write(bytes, to: folder.appending(name(of: component, image)))
    }
    try write(
      JSONFile.encode(index(of: image, depth)),
      to: folder.appending(indexName))
  }

  /// The names of the files that are written.
  public static func names(_ image: SoftImage) -> [String] {
    (0..<image.map.components).map { name(of: $0, image) } + [indexName]
  }

  private static func index(
    of image: SoftImage, _ depth: PNGStream.Depth
  ) -> MaskFolderIndex {
    let model = image.map.model
    return MaskFolderIndex(
      components: (0..<image.map.components).map { c in
        MaskFolderIndex.Component(
          alpha: image.colors[c].alpha, color: image.colors[c].color.hex,
          component: c, file: name(of: c, image),
          mean: c < model.components ? model.mean(c).map(JSONNumber.init) : nil)
      }, cprime: image.map.truncation.count, depth: depth.rawValue,
      freeEnergy: JSONNumber(image.freeEnergy), height: image.size.height,
      sigma2: JSONNumber(model.variance), space: image.spaceName,
      width: image.size.width)
  }

  private static func write(
    _ bytes: [UInt8], to path: FilePath
  ) throws(SoftFormatError) {
    var file = try FileWriter(path)
    try file.write(bytes)
    try file.finish()
  }

  /// A component's mask as a PNG.
  private static func mask(
    of component: Int, _ image: SoftImage, _ depth: PNGStream.Depth
  ) throws(EncodeError) -> [UInt8] {
    var png = try PNGStream(
      size: image.size, kind: .grey, depth: depth, marksSRGB: false)
    for rows in image.map.strips(of: image.map.stripHeight()) {
      let shares = image.map.strip(rows).shares(of: component)
      var bytes: [UInt8] = []
      bytes.reserveCapacity(shares.count * depth.bytes)
      for share in shares { depth.append(Double(share), to: &bytes) }
      try png.write(bytes)
    }
    return try png.finish()
  }

  /// The number, with as many digits as the largest, and the colour.
  private static func name(of component: Int, _ image: SoftImage) -> String {
    let digits = String(image.map.components - 1).count
    let number = String(component)
    return String(repeating: "0", count: digits - number.count) + number + "-"
      + image.names[component].dropFirst() + ".png"
  }
}
