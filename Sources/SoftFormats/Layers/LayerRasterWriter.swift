import ImageFormats
import Rasters
import Segmentation
import SystemPackage

/// Writes layers as an OpenRaster file (OpenRaster specification 0.0.5).
///
/// Layers that add up have the operator `svg:plus`, and are opaque: then all ways that
/// programs have of adding are the same.
enum LayerRasterWriter: LayerWriter {
  static let name = "OpenRaster"
  static let endings = [".ora"]
  static let blends: [LayerBlend] = [.normal, .add]

  /// Pixels of the thumbnail's longer side.
  private static let thumbnailSide = 256

  static func write(
    _ image: LayerImage, to path: FilePath
  ) throws(SoftFormatError) {
    let names = image.names
    let files = try LayerPNGs(image, andPicture: true)
    var scratch = try ScratchFile(beside: path, parts: names.count + 1)
    var thumbnail = ReducedPicture(
      image.size, height: thumbnailSide, width: thumbnailSide)
    // Some rows of many are enough.
    let step = max(1, image.size.height / (8 * thumbnail.size.height))
    try image.forEachStrip { strip throws(SoftFormatError) in
      let parts = try files.write(strip, hasAlpha: image.hasAlpha)
      for (n, bytes) in parts.enumerated() {
        try scratch.append(bytes, to: n)
      }
      for row in strip.rows where row % step == 0 {
        let place = row - strip.rows.lowerBound
        thumbnail.add(strip.pixels.strip(place..<place + 1), firstRow: row)
      }
    }
    for (n, bytes) in try files.finish().enumerated() {
      try scratch.append(bytes, to: n)
    }
    var zip = try ZipWriter(path)
    try zip.add("mimetype", Array("image/openraster".utf8))
    try zip.add("stack.xml", Array(stack(of: image).utf8))
    for n in names.indices {
      try zip.add(file(of: n), part: n, of: scratch)
    }
    try zip.add("mergedimage.png", part: names.count, of: scratch)
    try zip.add(
      "Thumbnails/thumbnail.png",
      try OpenRasterWriter.png(of: thumbnail))
    try zip.finish()
  }

  private static func file(of layer: Int) -> String { "data/layer\(layer).png" }

  /// The stack, its top layer first.
  private static func stack(of image: LayerImage) -> String {
    let operation =
      image.split.blend == .add ? "svg:plus" : "svg:src-over"
    let layers = image.names.enumerated().map { n, name in
      """
          <layer name="\(XMLText.escaped(name))" src="\(file(of: n))" x="0" y="0" \
      opacity="1.0" visibility="visible" composite-op="\(operation)"/>
      """
    }
    return """
      <?xml version="1.0" encoding="UTF-8"?>
      <image version="0.0.5" w="\(image.size.width)" h="\(image.size.height)">
        <stack>
      \(layers.joined(separator: "\n"))
        </stack>
      </image>

      """
  }
}
