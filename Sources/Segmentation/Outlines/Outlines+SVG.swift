import Rasters
public import Regions

extension Outlines {
  /// The regions as an SVG file: a group for each label, filled with its paint, and
  /// in it a path for each region.
  ///
  /// A unit is a pixel. Groups have `id="label-N"`, paths the region's number as
  /// `id` and its label as `data-label`. Groups with a trap stand from the lightest
  /// paint to the darkest, which then covers what reaches under it; else in the
  /// order of the labels.
  ///
  /// - Parameters:
  ///   - map: The map of the regions.
  ///   - regions: The regions of the map.
  ///   - style: How they are drawn, with a paint for each label.
  /// - Returns: SVG 1.1 in UTF-8.
  /// - Complexity: O(corners), and O(pixels) with numbers.
  public func svg(
    _ map: LabelMap, regions: [Region], style: OutlineStyle
  ) -> String {
    precondition(regions.count == rings.count)
    let (width, height) = (map.size.width, map.size.height)
    var members = [[Int]](repeating: [], count: style.paints.count)
    for (i, region) in regions.enumerated() { members[region.label].append(i) }
    if style.leavesOutFirst { members[0] = [] }
    let used = members.indices.filter { !members[$0].isEmpty }
    let legend =
      style.numbers
      ? OutlineLegend(map, regions: regions, members: members, style: style)
      : nil
    let total = height + (legend?.height ?? 0)
    var text = """
      <svg xmlns="http://www.w3.org/2000/svg" width="\(width)" \
      height="\(total)" viewBox="0 0 \(width) \(total)">
      <g fill-rule="evenodd"\
      \(style.trap > 0 || style.curves != nil || style.numbers
        ? "" : " shape-rendering=\"crispEdges\"")>

      """
    let order =
      style.trap > 0
      ? used.sorted { a, b in
        (-style.paints[a].luminance, a) < (-style.paints[b].luminance, b)
      } : used
    for label in order {
      let paint = style.paints[label].hex
      let name =
        style.names.indices.contains(label) && !style.names[label].isEmpty
        ? "<title>\(XMLText.escaped(style.names[label]))</title>\n" : ""
      let stroke =
        style.trap > 0
        ? " stroke=\"\(paint)\" stroke-width=\"\(number(2 * style.trap))\" "
          + "stroke-linejoin=\"round\"" : ""
      text +=
        style.numbers
        ? "<g id=\"label-\(label)\" data-paint=\"\(paint)\" fill=\"#fff\" "
          + "stroke=\"#999\" stroke-width=\"0.5\">\n\(name)"
        : "<g id=\"label-\(label)\" fill=\"\(paint)\"\(stroke)>\n\(name)"
      for i in members[label] {
        text += """
          <path id="region-\(i)" data-label="\(label)" \
          d="\(paths[i].map(data).joined())"/>

          """
      }
      text += "</g>\n"
    }
    return text + "</g>\n" + (legend?.svg ?? "") + "</svg>\n"
  }

  /// The data of a path.
  private func data(_ path: Path) -> String {
    let isCurved = path.steps.contains { !$0.controls.isEmpty }
    guard isCurved else {
      let corners = [path.start] + path.steps.dropLast().map(\.end)
      return "M" + corners.map(point).joined(separator: " ") + "Z"
    }
    return "M" + point(path.start)
      + path.steps.map { step in
        step.controls.isEmpty
          ? "L" + point(step.end)
          : "C" + (step.controls + [step.end]).map(point).joined(separator: " ")
      }.joined() + "Z"
  }

  private func point(_ point: SIMD2<Double>) -> String {
    "\(number(point.x)) \(number(point.y))"
  }

  private func number(_ value: Double) -> String { Self.number(value) }

  /// A number with at most three decimals.
  static func number(_ value: Double) -> String {
    let rounded = (value * 1_000).rounded() / 1_000
    return rounded == rounded.rounded() ? "\(Int(rounded))" : "\(rounded)"
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

  /// How light it is, of encoded samples.
  var luminance: Double {
    0.2126 * Double(red) + 0.7152 * Double(green) + 0.0722 * Double(blue)
  }
}
