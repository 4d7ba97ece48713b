import QuantizeKit

/// The table of a page: what its columns are, and the cells.
struct FigureTable {
  private struct Column: Sendable {
    let title: String
    let help: String

    /// The number by which rows are sorted, and how it is shown.
    let cell: @Sendable (ComparisonReport.Row) -> (value: Double, text: String)?

    /// Whether the best number is the greatest (`true`) or the least
    /// (`false`); `nil` where none is better.
    var best: Bool?
  }

  private let report: ComparisonReport
  private let used: [Column]

  /// The table of a comparison, without columns that no row has.
  init(_ report: ComparisonReport) {
    self.report = report
    used = Self.all.filter { column in
      report.rows.contains { column.cell($0) != nil }
    }
  }

  /// The table.
  var html: HTML {
    let columns =
      [(report.isGrid ? "Settings" : "Image", "In their order")]
      + used.map { ($0.title, $0.help) }
    let titles = columns.map { title, help -> HTML in
      """
      <th scope="col" aria-sort="none">\
      <button type="button" title="\(help)">\(title)\
      <span class="arrow" aria-hidden="true"></span></button></th>

      """
    }
    return """
      <table id="figures">
      <thead><tr>
      \(titles)</tr></thead>
      <tbody>
      \(rows)</tbody>
      </table>
      """
  }

  private var rows: [HTML] {
    let best = used.map { column -> Double? in
      let values = report.rows.compactMap { column.cell($0)?.value }
      guard report.rows.count > 1, let isGreatest = column.best else {
        return nil
      }
      return isGreatest ? values.max() : values.min()
    }
    return report.rows.enumerated().map { number, row in
      let strip = (row.palette ?? []).prefix(64).map { entry -> HTML in
        "<i style=\"background:\(entry.hex)\"></i>"
      }
      let cells = zip(used, best).map { column, best -> HTML in
        guard let cell = column.cell(row) else {
          return "<td data-value=\"\">–</td>\n"
        }
        let value = cell.value == .infinity ? 1e9 : cell.value
        return """
          <td data-value="\("\(value)")"\
          \(if: cell.value == best, " class=\"best\"")>\(cell.text)</td>

          """
      }
      return """
        <tr>
        <th scope="row" data-value="\(number)">\(row.name)\
        \(if: !strip.isEmpty, Self.strip(strip))</th>
        \(cells)</tr>

        """
    }
  }

  private static func strip(_ colors: [HTML]) -> HTML {
    "<span class=\"strip\" aria-hidden=\"true\">\(colors)</span>"
  }

  /// What a reader must know of the numbers.
  var note: String {
    let quality =
      "MSE is summed over three channels of 0 to 255. ΔE₀₀ is the mean "
      + "CIEDE2000. The best of a column is marked."
    guard report.isGrid else { return quality }
    return quality
      + " F and the log-likelihood are in nats a pixel, at the last parameters "
      + "and before the palette is rounded; the gap between them says how "
      + "tight the bound is. σ is in units of the working space. + at the "
      + "iterations: not converged. The time of a search that C' share is "
      + "in the row of each."
  }

  private static let all: [Column] = [
    Column(
      title: "k", help: "Colours asked for",
      cell: { row in row.settings.map { (Double($0.k), "\($0.k)") } }),
    Column(
      title: "C'", help: "Clusters that share a colour",
      cell: { row in row.settings.map { (Double($0.cprime), "\($0.cprime)") } }),
    Column(
      title: "Iter.", help: "Iterations of EM after the search",
      cell: { row in
        row.fit.map {
          (Double($0.iterations), "\($0.iterations)\($0.converged ? "" : "+")")
        }
      }),
    Column(
      title: "F/N", help: "Free energy a pixel, in nats",
      cell: { row in row.fit.map { number($0.freeEnergy, 4) } }),
    Column(
      title: "log L/N", help: "Log-likelihood a pixel, in nats",
      cell: { row in row.fit.map { number($0.logLikelihood, 4) } }),
    Column(
      title: "Gap", help: "Log-likelihood less F: how tight the bound is",
      cell: { row in row.fit.map { number($0.gap, 5) } }),
    Column(
      title: "σ", help: "Root of the variance, in units of the space",
      cell: { row in
        row.fit.map { ($0.sigma, NumberText.significant($0.sigma)) }
      }),
    Column(
      title: "Entropy", help: "Mean entropy of the posteriors, in nats",
      cell: { row in row.fit.map { number($0.entropy, 4) } }),
    Column(
      title: "MSE", help: "Mean squared error",
      cell: { number($0.mse, 3) }, best: false),
    Column(
      title: "PSNR dB", help: "Peak signal to noise ratio",
      cell: { row in
        row.psnr.value.isFinite ? number(row.psnr.value, 2) : (.infinity, "∞")
      }, best: true),
    Column(
      title: "SSIM", help: "Mean structural similarity",
      cell: { row in row.ssim.map { number($0, 4) } }, best: true),
    Column(
      title: "ΔE₀₀", help: "Mean CIEDE2000",
      cell: { number($0.deltaE2000.mean, 3) }, best: false),
    Column(
      title: "Colours", help: "Different colours of the image",
      cell: { (Double($0.colors), "\($0.colors)") }),
    Column(
      title: "Size", help: "Size of the file",
      cell: { (Double($0.bytes), NumberText.bytes($0.bytes)) }, best: false),
    Column(
      title: "Time", help: "Search, fit, mapping and encoding",
      cell: { row in
        row.seconds.map { ($0.total, "\(NumberText.fixed($0.total, 3)) s") }
      }),
  ]

  private static func number(
    _ value: Double, _ decimals: Int
  ) -> (value: Double, text: String) {
    (value, NumberText.fixed(value, decimals))
  }
}
