import ImageFormats
import Rasters
import Segmentation

/// The files of an OpenRaster archive that say how its layers lie (OpenRaster
/// specification 0.0.5).
enum OpenRasterStack {
  /// The place of a layer's picture.
  static func file(of layer: Int) -> String { "data/layer\(layer).png" }

  /// `stack.xml`.
  ///
  /// - Parameters:
  ///   - size: Width and height.
  ///   - names: The names of the layers, the top one first.
  ///   - operation: How each is put on those below it.
  ///   - density: How many pixels there are to a length, if that is known.
  /// - Returns: The file.
  static func xml(
    _ size: ImageSize, _ names: [String], operation: String = "svg:src-over",
    density: PixelDensity?
  ) -> String {
    let resolution = density?.perInch.map {
      " xres=\"\(Int($0.horizontal.rounded()))\" "
        + "yres=\"\(Int($0.vertical.rounded()))\""
    }
    let layers = names.enumerated().map { n, name in
      """
          <layer name="\(XMLText.escaped(name))" src="\(file(of: n))" x="0" y="0" \
      opacity="1.0" visibility="visible" composite-op="\(operation)"/>
      """
    }
    return """
      <?xml version="1.0" encoding="UTF-8"?>
      <image version="0.0.5" w="\(size.width)" h="\(size.height)"\
      \(resolution ?? "")>
        <stack>
      \(layers.joined(separator: "\n"))
        </stack>
      </image>

      """
  }
}
