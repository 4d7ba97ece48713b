import QuantizeKit

/// A comparison as a table for a person.
enum ComparisonListing {
  /// The swatches that fit a line of a terminal.
  private static let mostSwatches = 32

  /// A table.
  ///
  /// - Parameters:
  ///   - report: The comparison.
  ///   - colored: Whether the terminal shows colours; there are no swatches
  ///     otherwise.
  /// - Returns: A line with titles, one for each image, and below it one with
  ///   its palette.
  static func table(of report: ComparisonReport, colored: Bool) -> String {
    let titles = report.isGrid ? gridTitles : imageTitles
    let cells = report.rows.map { row in
      [row.name]
        + (report.isGrid ? fitCells(of: row) : [])
        + commonCells(of: row, isGrid: report.isGrid)
    }
    let widths = titles.indices.map { column in
      ([titles] + cells).map { $0[column].count }.max() ?? 0
    }
    func line(_ row: [String]) -> String {
      zip(row, widths).enumerated().map { column, cell in
        let room = String(repeating: " ", count: cell.1 - cell.0.count)
        return column == 0 ? cell.0 + room : room + cell.0
      }.joined(separator: "  ") + "\n"
    }
    return line(titles)
      + zip(cells, report.rows).map { cells, row in
        line(cells) + (colored ? swatches(of: row) : "")
      }.joined()
  }

  private static let gridTitles = [
    "", "iter", "F/N", "gap", "σ", "MSE", "PSNR", "ΔE₀₀", "entropy", "size",
    "time",
  ]

  private static let imageTitles = [
    "", "MSE", "PSNR", "SSIM", "ΔE₀₀", "colours", "size",
  ]

  private static func fitCells(of row: ComparisonReport.Row) -> [String] {
    guard let fit = row.fit else { return ["", "", "", ""] }
    return [
      "\(fit.iterations)" + (fit.converged ? "" : "+"),
      Summary.fixed(fit.freeEnergy, 4), Summary.fixed(fit.gap, 4),
      significant(fit.sigma),
    ]
  }

  private static func commonCells(
    of row: ComparisonReport.Row, isGrid: Bool
  ) -> [String] {
    let psnr = row.psnr.value.isFinite ? Summary.fixed(row.psnr.value, 2) : "∞"
    let errors = [Summary.fixed(row.mse, 2), psnr]
    let difference = Summary.fixed(row.deltaE2000.mean, 3)
    let size = Summary.bytes(row.bytes)
    guard isGrid else {
      return errors + [
        row.ssim.map { Summary.fixed($0, 4) } ?? "–", difference,
        "\(row.colors)", size,
      ]
    }
    return errors + [
      difference, row.fit.map { Summary.fixed($0.entropy, 4) } ?? "", size,
      row.seconds.map { Summary.fixed($0.total, 2) + " s" } ?? "",
    ]
  }

  /// A number with about four digits: spaces differ in their units.
  private static func significant(_ value: Double) -> String {
    Summary.fixed(value, value >= 10 ? 2 : value >= 1 ? 3 : 5)
  }

  private static func swatches(of row: ComparisonReport.Row) -> String {
    guard let palette = row.palette else { return "" }
    let shown = palette.prefix(mostSwatches).map { entry in
      "\u{1b}[48;2;\(entry.rgb[0]);\(entry.rgb[1]);\(entry.rgb[2])m  "
    }
    let rest = palette.count > mostSwatches ? " …" : ""
    return "  " + shown.joined() + "\u{1b}[0m" + rest + "\n"
  }
}
