import ImageFormats
import Quantization
import Rasters
import Segmentation
public import SystemPackage

/// Writes responsibilities as an OpenRaster file (OpenRaster specification
/// 0.0.5), a layer a component.
///
/// Responsibilities add up, b_c = q(c) alpha_c, but layers lie over each other: a
/// layer hides a part of what is below it. The alpha of layer c, from the top
/// down, is therefore
///
///     α_c = b_c / T_c,   T_c = Π_{above} (1 − α)
///
/// the share of what still shines through. Each T uses the alphas as they were
/// rounded, so that errors are made good below: the flattened picture is
/// Σ b_c times the colours, within one step of a sample.
public enum OpenRasterWriter: SoftWriter {
  package static let name = "OpenRaster"

  package static let endings = [".ora"]

  package static let depths: [SampleDepth] = [.eight, .sixteen]

  package static let isStreamed = false

  /// Pixels of the thumbnail's longer side.
  private static let thumbnailSide = 256

  /// Writes a file.
  ///
  /// - Parameters:
  ///   - image: What to write.
  ///   - path: The file, which is replaced.
  ///   - depth: The bits of the layers' samples.
  /// - Throws: `SoftFormatError.depth`, `.encode` or `.inputOutput`.
  /// - Complexity: O(pixels × C' log C' × components).
  public static func write(
    _ image: SoftImage, to path: FilePath, depth: SampleDepth
  ) throws(SoftFormatError) {
    guard let depth = depth.png else { throw .depth(.ora, depth) }
    let average = SoftColorImage.Average.layers(
      image.colors.map { color(of: $0, depth) })
    var zip = try ZipWriter(path)
    try zip.add("mimetype", Array("image/openraster".utf8))
    try zip.add(
      "stack.xml",
      Array(
        OpenRasterStack.xml(
          image.size, image.names, density: image.annotations.density
        ).utf8))
    try image.forEachComponent { component throws(EncodeError) in
      try layer(of: component, image, depth)
    } _: { component, bytes throws(SoftFormatError) in
      try zip.add(OpenRasterStack.file(of: component), bytes)
    }
    try zip.add(
      "mergedimage.png",
      try SoftColorImage.encode(image, depth: depth, average: average))
    try zip.add("Thumbnails/thumbnail.png", try thumbnail(of: image, average))
    try zip.finish()
  }

  /// A component's colour as its layer has it, each sample times alpha, and alpha.
  private static func color(
    of entry: ComponentColors.Color, _ depth: PNGStream.Depth
  ) -> SIMD4<Double> {
    let alpha = Double(entry.alpha) / 255
    guard entry.alpha > 0 else { return .zero }
    var color = SIMD4<Double>(
      Double(entry.color.red), Double(entry.color.green),
      Double(entry.color.blue), 255)
    if depth == .sixteen, entry.premultiplied.w > 0 {
      color = 255 * entry.premultiplied / entry.premultiplied.w
    }
    let samples = (color / 255 * depth.most).rounded(.toNearestOrAwayFromZero)
    return samples / depth.most * alpha
  }

  /// One layer as a PNG: the component's colour everywhere.
  private static func layer(
    of component: Int, _ image: SoftImage, _ depth: PNGStream.Depth
  ) throws(EncodeError) -> [UInt8] {
    var png = try PNGStream(
      size: image.size, kind: .rgba, depth: depth,
      marksSRGB: image.marksSRGB, annotations: image.annotations)
    var color: [UInt8] = []
    let entry = image.colors[component]
    let layer = self.color(of: entry, depth)
    for d in 0..<3 {
      depth.append(layer.w > 0 ? layer[d] / layer.w : 0, to: &color)
    }
    let opacities = image.colors.map { Double($0.alpha) / 255 }
    for rows in image.map.strips(of: image.map.stripHeight()) {
      let strip = image.map.strip(rows)
      var bytes: [UInt8] = []
      bytes.reserveCapacity(4 * depth.bytes * strip.pixelCount)
      var stack = LayerStack(opacities: opacities, most: depth.most)
      for pixel in 0..<strip.pixelCount {
        bytes += color
        depth.append(
          whole: stack.alpha(of: component, pixel, strip), to: &bytes)
      }
      try png.write(bytes)
    }
    return try png.finish()
  }

  /// The picture, scaled down by averaging.
  private static func thumbnail(
    of image: SoftImage, _ average: SoftColorImage.Average
  ) throws(SoftFormatError) -> [UInt8] {
    let width = image.size.width
    var reduced = ReducedPicture(
      image.size, height: thumbnailSide, width: thumbnailSide)
    try image.forEachStrip { strip throws(SoftFormatError) in
      SoftColorImage.forEachColor(of: strip, image, average) { pixel, color in
        reduced.add(
          pixel % width, strip.rows.lowerBound + pixel / width, color)
      }
    }
    return try png(of: reduced)
  }

  /// A picture that was scaled down, as a PNG.
  static func png(of reduced: ReducedPicture) throws(SoftFormatError) -> [UInt8]
  {
    var samples: [UInt8] = []
    for n in 0..<reduced.size.pixelCount {
      SoftColorImage.append(
        reduced.color(n), hasAlpha: true, .eight, to: &samples)
    }
    do {
      return try PNGEncoder().encode(
        Raster(size: reduced.size, channels: .rgba, samples: samples))
    } catch {
      throw .encode(error)
    }
  }
}
