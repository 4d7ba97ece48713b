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
    let operation =
      image.split.blend == .add ? "svg:plus" : "svg:src-over"
    let stack = OpenRasterStack.xml(
      image.size, names, operation: operation,
      density: image.annotations.density)
    try zip.add("stack.xml", Array(stack.utf8))
    for n in names.indices {
      try zip.add(OpenRasterStack.file(of: n), part: n, of: scratch)
    }
    try zip.add("mergedimage.png", part: names.count, of: scratch)
    try zip.add(
      "Thumbnails/thumbnail.png",
      try OpenRasterWriter.png(of: thumbnail))
    try zip.finish()
  }
}
