import QuantizeKit

/// The palettes of a page, in blocks of those that are matched.
struct PaletteBlocks {
  private let report: ComparisonReport

  /// The palettes of a comparison.
  init(_ report: ComparisonReport) {
    self.report = report
  }

  /// The blocks, a figure each.
  var figures: [HTML] {
    var numbers: [Int] = []
    for row in report.rows {
      if let number = row.alignedTo, !numbers.contains(number) {
        numbers.append(number)
      }
    }
    return numbers.compactMap { block($0) }
  }

  private func block(_ number: Int) -> HTML? {
    let members = report.rows.filter { $0.alignedTo == number }
    guard let reference = report.rows[number].palette else { return nil }
    // The reference's colours by lightness, then those left over elsewhere.
    let order = reference.indices.sorted {
      (reference[$0].seenColor.lightness, $0)
        < (reference[$1].seenColor.lightness, $1)
    }
    var columns = order.count
    let cells = members.map { row -> [(PaletteRecord, PaletteMatch)?] in
      let palette = row.palette ?? []
      let matches = row.matches ?? []
      var partners: [Int: PaletteMatch] = [:]
      for match in matches {
        if let reference = match.reference { partners[reference] = match }
      }
      let matched = order.map { column in
        partners[column].map { (palette[$0.entry], $0) }
      }
      let rest = matches.filter { $0.reference == nil }
        .map { (palette[$0.entry], $0) }
        .sorted { $0.0.seenColor.lightness < $1.0.seenColor.lightness }
      columns = max(columns, order.count + rest.count)
      return matched + rest
    }
    let shows = columns <= 40
    let first = report.rows[number]
    let rows = zip(members, cells).map { row, cells -> HTML in
      let missing = [HTML](
        repeating: "<td></td>", count: columns - cells.count)
      let isFirst = row.name == first.name
      let name = row.settings.map { "C' \($0.cprime)" } ?? row.name
      let summary = isFirst ? "the first" : summary(of: row)
      let swatches =
        cells.map { swatch($0, shows: shows && !isFirst) } + missing
      return """
        <tr><th scope="row">\(name)<small>\(summary)</small></th>\
        \(swatches)</tr>

        """
    }
    let title = title(of: first)
    return """
      <figure class="palette">
      <figcaption>\(title)</figcaption>
      <div class="scroll" tabindex="0" role="region" \
      aria-label="Palettes of \(title)">
      <table class="swatches">
      <tbody>
      \(rows)</tbody>
      </table>
      </div>
      </figure>

      """
  }

  private func title(of row: ComparisonReport.Row) -> String {
    guard let settings = row.settings else { return "Images" }
    var parts = ["k \(settings.k)", settings.space]
    if settings.dither != "none" { parts.append(settings.dither) }
    if settings.seed != 0 { parts.append("seed \(settings.seed)") }
    return parts.joined(separator: ", ")
  }

  private func summary(of row: ComparisonReport.Row) -> String {
    let drifts = (row.matches ?? []).compactMap(\.drift)
    guard let most = drifts.max() else { return "" }
    let mean = drifts.reduce(0, +) / Double(drifts.count)
    return
      "ΔE₀₀ \(NumberText.fixed(mean, 2)), most \(NumberText.fixed(most, 2))"
  }

  private func swatch(
    _ cell: (PaletteRecord, PaletteMatch)?, shows: Bool
  ) -> HTML {
    guard let (record, match) = cell else { return "<td></td>" }
    let share = "\(NumberText.fixed(100 * record.share, 1)) % of the pixels"
    let drift = match.drift.map { NumberText.fixed($0, 1) }
    let ink = record.seenColor.lightness > 55 ? "dark" : "light"
    let hint =
      "\(record.hex), \(share)"
      + (drift.map { ", ΔE₀₀ \($0)" } ?? ", without partner")
    return """
      <td><span class="\(ink)" style="background:\(record.hex)" \
      title="\(hint)">\(shows ? drift ?? "new" : "")</span></td>
      """
  }
}
