public import Rasters

extension Outlines {
  /// The regions as an SVG file, a path each, filled with a colour each.
  ///
  /// A unit is a pixel. Paths have the region's number as `id` and its label as
  /// `data-label`, and stand in the order of the regions.
  ///
  /// - Parameters:
  ///   - size: The size of the image.
  ///   - regions: The regions of the map.
  /// - Returns: SVG 1.1 in UTF-8.
  /// - Complexity: O(corners).
  public func svg(size: ImageSize, regions: [Region]) -> String {
    precondition(regions.count == rings.count)
    let (width, height) = (size.width, size.height)
    var text = """
      <svg xmlns="http://www.w3.org/2000/svg" width="\(width)" \
      height="\(height)" viewBox="0 0 \(width) \(height)">
      <g fill-rule="evenodd" shape-rendering="crispEdges">

      """
    for (i, region) in regions.enumerated() {
      let path = rings[i].map { ring in
        "M" + ring.map { "\($0.x) \($0.y)" }.joined(separator: " ") + "Z"
      }.joined()
      text += """
        <path id="region-\(i)" data-label="\(region.label)" \
        fill="\(RGBColor(rounding: region.meanColor).hex)" d="\(path)"/>

        """
    }
    return text + "</g>\n</svg>\n"
  }
}

extension RGBColor {
  /// The nearest colour to samples from 0 to 255.
  init(rounding samples: SIMD3<Double>) {
    func sample(_ value: Double) -> UInt8 {
      UInt8(min(255, max(0, value.rounded())))
    }
    self.init(
      red: sample(samples.x), green: sample(samples.y),
      blue: sample(samples.z))
  }
}
