import Rasters
import Regions

/// Numbers in regions, and below the picture what they mean: painting by numbers.
struct OutlineLegend {
  /// The height below the picture.
  let height: Int

  /// The elements.
  let svg: String

  /// Regions in which a number would be smaller than this, in pixels, have none.
  private static let leastText = 4.0

  /// Draws.
  ///
  /// - Parameters:
  ///   - map: Regions.
  ///   - regions: The regions of the map.
  ///   - members: The regions of each label.
  ///   - style: The paints.
  init(
    _ map: LabelMap, regions: [Region], members: [[Int]], style: OutlineStyle
  ) {
    let width = map.size.width
    let labels = members.indices.filter { !members[$0].isEmpty }
    var numberOf = [Int](repeating: 0, count: members.count)
    for (i, label) in labels.enumerated() { numberOf[label] = i + 1 }
    let digits = String(labels.count).count
    let poles = RegionPoles(map).poles
    // As large as fits in the region, and readable in large ones.
    let most = Double(max(map.size.width, map.size.height)) / 40
    var text =
      "<g font-family=\"sans-serif\" text-anchor=\"middle\" fill=\"#555\">\n"
    for (region, pole) in zip(regions, poles) {
      let radius = Double(pole.square).squareRoot() - 0.5
      let size = min(max(8, most), 2 * radius / (0.35 + 0.6 * Double(digits)))
      guard size >= Self.leastText else { continue }
      let (y, x) = pole.pixel.quotientAndRemainder(dividingBy: width)
      text += Self.text(
        "\(numberOf[region.label])", Double(x) + 0.5, Double(y) + 0.5, size)
    }
    text += "</g>\n"
    let cell = max(24, width / 14)
    let perRow = max(1, width / (5 * cell))
    let rows = (labels.count + perRow - 1) / perRow
    let top = map.size.height + cell / 2
    text += "<g font-family=\"sans-serif\">\n"
    for (number, label) in labels.enumerated() {
      let (row, column) = number.quotientAndRemainder(dividingBy: perRow)
      let (x, y) = (column * 5 * cell, top + row * (cell + cell / 2))
      let paint = style.paints[label]
      let own = members[label]
      let share =
        100 * Double(own.reduce(0) { $0 + regions[$1].area })
        / Double(map.size.pixelCount)
      let name =
        style.names.indices.contains(label) && !style.names[label].isEmpty
        ? style.names[label] : paint.hex
      text += """
        <rect x="\(x)" y="\(y)" width="\(cell)" height="\(cell)" \
        fill="\(paint.hex)" stroke="#888"/>

        """
      text +=
        "<g text-anchor=\"middle\" "
        + "fill=\"\(paint.luminance > 140 ? "#000" : "#fff")\">"
        + Self.text(
          "\(number + 1)", Double(x) + Double(cell) / 2,
          Double(y) + Double(cell) / 2, Double(cell) / 2)
        + "</g>\n"
      let size = Double(cell) / 3.5
      let left = Outlines.number(Double(x) + 1.2 * Double(cell))
      text += """
        <text x="\(left)" y="\(Outlines.number(Double(y) + 1.3 * size))" \
        font-size="\(Outlines.number(size))">\(XMLText.escaped(name))</text>
        <text x="\(left)" y="\(Outlines.number(Double(y) + 2.7 * size))" \
        font-size="\(Outlines.number(size))">\(own.count) \
        region\(own.count == 1 ? "" : "s"), \(Self.percent(share))</text>

        """
    }
    svg = text + "</g>\n"
    height = cell / 2 + rows * (cell + cell / 2)
  }

  private static func percent(_ share: Double) -> String {
    share >= 0.1
      ? "\((share * 10).rounded() / 10) %" : "less than 0.1 %"
  }

  /// A text whose digits have their middle somewhere.
  private static func text(
    _ text: String, _ x: Double, _ y: Double, _ size: Double
  ) -> String {
    """
    <text x="\(Outlines.number(x))" y="\(Outlines.number(y + 0.36 * size))" \
    font-size="\(Outlines.number(size))">\(text)</text>

    """
  }
}
