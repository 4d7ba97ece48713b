public import ImageFormats
import ParallelWork
import Rasters
public import Segmentation

/// An image as layers, with all that is written beside them.
public struct LayerImage: Sendable {
  /// The layers.
  public let split: LayerSplit

  /// What the samples of the image mean.
  public let target: ColorTarget

  /// What stands beside the pixels.
  public let annotations: Annotations

  /// Whether files say that they are sRGB where there is no profile.
  public let marksSRGB: Bool

  /// The layers of a soft image.
  ///
  /// - Parameters:
  ///   - image: The responsibilities.
  ///   - groups: Components that share layers.
  ///   - blend: How layers are put together.
  /// - Throws: `SegmentationError.layerComponent` or `.layerName`.
  public init(
    _ image: SoftImage, grouping groups: [LayerPlan.Group] = [],
    blend: LayerBlend = .normal
  ) throws(SegmentationError) {
    let plan = try LayerPlan(of: image.names, grouping: groups)
    split = LayerSplit(
      image.map, image.colors, plan, blend: blend, threads: image.threads)
    target = image.target
    annotations = image.annotations
    marksSRGB = image.marksSRGB
  }

  /// Width and height.
  var size: ImageSize { split.size }

  /// The names of the layers, the top one first.
  var names: [String] { split.plan.layers.map(\.name) }

  /// Whether the image has alpha.
  var hasAlpha: Bool { split.hasAlpha }

  /// Whether samples have 16 bits.
  var isDeep: Bool {
    if case .sixteen = split.map.pixels.window(0..<1).pixels {
      true
    } else {
      false
    }
  }

  /// The depth of samples.
  var depth: PNGStream.Depth { isDeep ? .sixteen : .eight }

  /// A PNG that is written strip by strip.
  ///
  /// - Parameter hasAlpha: Whether it has alpha.
  /// - Returns: The file, of which nothing is written yet.
  /// - Throws: `SoftFormatError.encode`.
  func png(hasAlpha: Bool) throws(SoftFormatError) -> LayerPNG {
    do {
      return LayerPNG(
        try PNGStream(
          size: size, kind: hasAlpha ? .rgba : .rgb, depth: depth,
          compressionLevel: 1, marksSRGB: marksSRGB, annotations: annotations))
    } catch {
      throw .encode(error)
    }
  }

  /// Calls `body` with each strip, from the top.
  func forEachStrip(
    multipleOf multiple: Int = 1,
    _ body: (LayerStrip) throws(SoftFormatError) -> Void
  ) throws(SoftFormatError) {
    for rows in split.strips(multipleOf: multiple) {
      try body(split.strip(rows))
    }
  }
}
