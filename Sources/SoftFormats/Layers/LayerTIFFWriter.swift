import ImageFormats
import Segmentation
import SystemPackage

/// Writes layers as a TIFF, a page a layer, from the bottom up, as programs put pages
/// over each other.
enum LayerTIFFWriter: LayerWriter {
  static let name = "TIFF"
  static let endings = [".tif", ".tiff"]
  static let blends: [LayerBlend] = [.normal, .add]

  static func loadLibrary() throws(SoftFormatError) {
    try TIFFPages.loadLibrary()
  }

  static func write(
    _ image: LayerImage, to path: FilePath
  ) throws(SoftFormatError) {
    let size = image.size
    let channels = image.split.channels.count
    var file = TIFFPages(
      width: size.width, height: size.height, names: image.names.reversed(),
      samples: channels, bits: image.depth.rawValue)
    file.description =
      "layers, the lowest first; blend: \(image.split.blend.rawValue)"
    let annotations = image.annotations
    file.density = annotations.density?.perInch
    for (number, data) in [
      (34_675, annotations.profile), (700, annotations.xmp),
    ] as [(UInt16, [UInt8]?)] {
      guard let data else { continue }
      file.pageTags.append(
        TIFFTag(number: number, count: data.count, bytes: data))
    }
    let height = file.stripHeight
    let length = height * size.width * channels
    let layers = image.names.count
    try file.write(to: path) { page, writer throws(SoftFormatError) in
      var number = 0
      for rows in image.split.strips(multipleOf: height) {
        let strip = image.split.strip(rows, only: layers - 1 - page)
        let count = strip.pixelCount * channels
        for first in stride(from: 0, to: count, by: length) {
          let range = first..<min(count, first + length)
          try writer.write(strip.machineBytes(range), strip: number)
          number += 1
        }
      }
    }
  }
}

extension LayerStrip {
  /// Samples in the machine's order of bytes.
  fileprivate func machineBytes(_ range: Range<Int>) -> [UInt8] {
    switch samples {
    case .eight(let samples): Array(samples[range])
    case .sixteen(let samples): samples[range].withUnsafeBytes { [UInt8]($0) }
    }
  }
}
