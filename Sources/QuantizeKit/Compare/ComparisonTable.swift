/// The rows of a comparison as a table: a line an image, a column a number.
public enum ComparisonTable {
  /// The columns with their names in files; `nil` where a row has no such
  /// number.
  private static let columns:
    [(name: String, value: @Sendable (ComparisonReport.Row) -> String?)] = [
      ("name", { $0.name }),
      ("k", { $0.settings.map { "\($0.k)" } }),
      ("cprime", { $0.settings.map { "\($0.cprime)" } }),
      ("space", { $0.settings?.space }),
      ("dither", { $0.settings?.dither }),
      ("seed", { $0.settings.map { "\($0.seed)" } }),
      ("warm", { $0.settings.map { "\($0.warm)" } }),
      ("sweeps", { $0.settings.map { "\($0.sweeps)" } }),
      ("importance", { $0.settings?.importance }),
      ("balance", { $0.settings.map { "\($0.balance)" } }),
      ("minRegion", { $0.settings.map { "\($0.minRegion)" } }),
      ("pinned", { $0.settings.map { $0.pinned.joined(separator: " ") } }),
      ("iterations", { $0.fit.map { "\($0.iterations)" } }),
      ("converged", { $0.fit.map { "\($0.converged)" } }),
      ("freeEnergy", { $0.fit.map { "\($0.freeEnergy)" } }),
      ("logLikelihood", { $0.fit.map { "\($0.logLikelihood)" } }),
      ("gap", { $0.fit.map { "\($0.gap)" } }),
      ("sigma", { $0.fit.map { "\($0.sigma)" } }),
      ("entropy", { $0.fit.map { "\($0.entropy)" } }),
      ("mse", { "\($0.mse)" }),
      ("psnr", { "\($0.psnr.value)" }),
      ("ssim", { $0.ssim.map { "\($0)" } }),
      ("deltaE2000.mean", { "\($0.deltaE2000.mean)" }),
      ("deltaE2000.p95", { "\($0.deltaE2000.p95)" }),
      ("colors", { "\($0.colors)" }),
      ("bytes", { "\($0.bytes)" }),
      ("seconds", { $0.seconds.map { "\($0.total)" } }),
    ]

  /// The cells: the names of the columns, then the rows. Columns that no row
  /// has are left out, and other cells without a number are empty.
  private static func cells(_ report: ComparisonReport) -> [[String]] {
    let used = columns.filter { column in
      report.rows.contains { column.value($0) != nil }
    }
    return [used.map(\.name)]
      + report.rows.map { row in used.map { $0.value(row) ?? "" } }
  }

  /// As CSV (RFC 4180).
  ///
  /// - Parameter report: The comparison.
  /// - Returns: A line with the names of the columns and one for each row.
  ///   Numbers have all their digits; `inf` is an infinite PSNR.
  public static func csv(_ report: ComparisonReport) -> String {
    let cells = cells(report)
    var table = CSVWriter(columns: cells[0])
    for row in cells.dropFirst() { table.append(row) }
    return table.text
  }

  /// As lines whose columns are parted by tabs, which names do not contain.
  ///
  /// - Parameter report: The comparison.
  /// - Returns: As ``csv(_:)``.
  public static func lines(_ report: ComparisonReport) -> String {
    cells(report).map { $0.joined(separator: "\t") + "\n" }.joined()
  }
}
