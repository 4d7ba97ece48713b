import QuantizeKit

/// A comparison as a table for a person.
enum ComparisonListing {
  /// The swatches that fit a line of a terminal.
  private static let mostSwatches = 32

  /// The most characters of a line, unless a name alone is longer.
  static let lineLength = 80

  /// The most characters of a file's name; the middle of others is left out.
  private static let mostOfName = 32

  private struct Column: Sendable {
    let title: String

    /// Columns with the greatest numbers are left out first where a line is too
    /// long; those with 0 never.
    let spare: Int

    let cell: @Sendable (ComparisonReport.Row) -> String
  }

  /// A table.
  ///
  /// - Parameters:
  ///   - report: The comparison.
  ///   - colored: Whether the terminal shows colours; there are no swatches
  ///     otherwise.
  /// - Returns: A sentence on what the rows show, a line with titles, one for
  ///   each image, and below it one with its palette. Columns for which there
  ///   is no room are left out.
  static func table(of report: ComparisonReport, colored: Bool) -> String {
    var columns = [Column(title: "", spare: 0) { shortened($0, in: report) }]
    columns += report.isGrid ? gridColumns : imageColumns
    var widths = widths(of: columns, report)
    while length(widths) > lineLength,
      let place = columns.indices.max(by: {
        columns[$0].spare < columns[$1].spare
      }), columns[place].spare > 0
    {
      columns.remove(at: place)
      widths.remove(at: place)
    }
    func line(_ row: [String]) -> String {
      zip(row, widths).enumerated().map { column, cell in
        let room = String(repeating: " ", count: cell.1 - cell.0.count)
        return column == 0 ? cell.0 + room : room + cell.0
      }.joined(separator: "  ") + "\n"
    }
    return wrapped(ComparisonVerdict(report).text) + "\n"
      + line(columns.map(\.title))
      + report.rows.map { row in
        line(columns.map { $0.cell(row) })
          + (colored ? swatches(of: row) : "")
      }.joined()
  }

  private static func widths(
    of columns: [Column], _ report: ComparisonReport
  ) -> [Int] {
    columns.map { column in
      report.rows.map { column.cell($0).count }
        .reduce(column.title.count, max)
    }
  }

  private static func length(_ widths: [Int]) -> Int {
    widths.reduce(2 * (widths.count - 1), +)
  }

  /// Settings as they are; of the name of a long file its start and end.
  private static func shortened(
    _ row: ComparisonReport.Row, in report: ComparisonReport
  ) -> String {
    guard !report.isGrid, row.name.count > mostOfName else { return row.name }
    let half = mostOfName / 2
    return row.name.prefix(half - 1) + "…" + row.name.suffix(half)
  }

  /// Breaks lines between words.
  private static func wrapped(_ text: String) -> String {
    var lines: [String] = []
    for word in text.split(separator: " ") {
      if let last = lines.last, last.count + 1 + word.count <= lineLength {
        lines[lines.count - 1] = "\(last) \(word)"
      } else {
        lines.append(String(word))
      }
    }
    return lines.map { $0 + "\n" }.joined()
  }

  private static let gridColumns = [
    Column(title: "iter", spare: 6) { row in
      fit(row) { "\($0.iterations)" + ($0.converged ? "" : "+") }
    },
    Column(title: "F/N", spare: 1) { fit($0) { fixed($0.freeEnergy, 4) } },
    Column(title: "gap", spare: 2) { fit($0) { fixed($0.gap, 4) } },
    Column(title: "σ", spare: 5) { fit($0) { significant($0.sigma) } },
    Column(title: "MSE", spare: 7) { fixed($0.mse, 2) },
    psnr, difference,
    Column(title: "entropy", spare: 3) { fit($0) { fixed($0.entropy, 4) } },
    size,
    Column(title: "time", spare: 4) { row in
      row.seconds.map { fixed($0.total, 2) + " s" } ?? ""
    },
  ]

  private static let imageColumns = [
    Column(title: "MSE", spare: 2) { fixed($0.mse, 2) }, psnr,
    Column(title: "SSIM", spare: 0) { row in
      row.ssim.map { fixed($0, 4) } ?? "–"
    },
    difference, Column(title: "colours", spare: 1) { "\($0.colors)" }, size,
  ]

  private static let psnr = Column(title: "PSNR", spare: 0) { row in
    row.psnr.value.isFinite ? fixed(row.psnr.value, 2) : "∞"
  }

  private static let difference = Column(title: "ΔE₀₀", spare: 0) { row in
    fixed(row.deltaE2000.mean, 3)
  }

  private static let size = Column(title: "size", spare: 0) { row in
    Summary.bytes(row.bytes)
  }

  private static func fit(
    _ row: ComparisonReport.Row,
    _ text: (ComparisonReport.FitRecord) -> String
  ) -> String {
    row.fit.map(text) ?? ""
  }

  private static func fixed(_ value: Double, _ decimals: Int) -> String {
    Summary.fixed(value, decimals)
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
