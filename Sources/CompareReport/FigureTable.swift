import QuantizeKit

/// The table of a page: what its columns are, and the cells.
struct FigureTable {
  private struct Column: Sendable {
    let title: String
    let help: String

    /// Whether the first click sorts the greatest first: where they are better.
    var startsGreatest = false

    /// The number by which rows are sorted, and how it is shown.
    let cell: @Sendable (ComparisonReport.Row) -> (value: Double, text: String)?

    /// Whether the best number is the greatest (`true`) or the least
    /// (`false`); `nil` where none is better.
    var best: Bool?
  }

  /// Rows whose numbers are compared: of finished images all, and otherwise
  /// those of the same number of colours, as more are nearly always better.
  private let groups: [Int?: [ComparisonReport.Row]]

  private let report: ComparisonReport
  private let used: [Column]

  /// The table of a comparison, without columns that no row has.
  init(_ report: ComparisonReport) {
    self.report = report
    groups = Dictionary(grouping: report.rows) { $0.settings?.k }
    used = Self.all.filter { column in
      report.rows.contains { column.cell($0) != nil }
    }
  }

  /// The table.
  var html: HTML {
    let columns =
      [
        report.isGrid
          ? ("Settings", "What each row was made with", false)
          : ("Image", "The file of each row", false)
      ] + used.map { ($0.title, $0.help, $0.startsGreatest) }
    let titles = columns.map { title, help, startsGreatest -> HTML in
      let help = "\(help). Click to sort"
      let first = startsGreatest ? "descending" : "ascending"
      return """
        <th scope="col" aria-sort="none" data-first="\(first)" \
        title="\(help)"><button type="button">\(title)\
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
    let marks = groups.mapValues { rows in used.map { best(of: $0, in: rows) } }
    return report.rows.enumerated().map { number, row in
      let strip = (row.palette ?? []).prefix(64).map { entry -> HTML in
        "<i style=\"background:\(entry.hex)\"></i>"
      }
      let marked = marks[row.settings?.k] ?? []
      let cells = zip(used, marked).map { column, best -> HTML in
        guard let cell = column.cell(row) else {
          return "<td data-value=\"\">–</td>\n"
        }
        let value = cell.value == .infinity ? 1e9 : cell.value
        return """
          <td data-value="\("\(value)")"\
          \(if: cell.text == best, " class=\"best\"")>\(cell.text)</td>

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

  /// The best number of a column as it is shown, so that rows that look equal
  /// are all marked; `nil` where rows do not differ, or none is better.
  private func best(
    of column: Column, in rows: [ComparisonReport.Row]
  ) -> String? {
    let cells = rows.compactMap { column.cell($0) }
    guard let isGreatest = column.best, Set(cells.map(\.text)).count > 1 else {
      return nil
    }
    return isGreatest
      ? cells.max { $0.value < $1.value }?.text
      : cells.min { $0.value < $1.value }?.text
  }

  private static func strip(_ colors: [HTML]) -> HTML {
    "<span class=\"strip\" aria-hidden=\"true\">\(colors)</span>"
  }

  /// What a reader must know of the numbers.
  var note: String {
    let quality =
      "MSE is summed over three channels of 0 to 255. ΔE₀₀ is the mean "
      + "CIEDE2000. The best of a column is marked"
      + (report.isGrid ? ", among rows of the same k." : ".")
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
      title: "k", help: "The number of colours asked for",
      cell: { row in row.settings.map { (Double($0.k), "\($0.k)") } }),
    Column(
      title: "C'",
      help: "How many clusters share a colour: 1 is k-means, k is full EM",
      cell: { row in row.settings.map { (Double($0.cprime), "\($0.cprime)") } }),
    Column(
      title: "Iter.",
      help: "Iterations of EM after the search; + means not converged",
      cell: { row in
        row.fit.map {
          (Double($0.iterations), "\($0.iterations)\($0.converged ? "" : "+")")
        }
      }),
    Column(
      title: "F/N",
      help: """
        Free energy a pixel, in nats, which the fit raises; greater is better \
        in one space
        """, startsGreatest: true,
      cell: { row in row.fit.map { number($0.freeEnergy, 4) } }),
    Column(
      title: "log L/N",
      help: """
        Log-likelihood a pixel, in nats: F with all clusters; greater is \
        better in one space
        """, startsGreatest: true,
      cell: { row in row.fit.map { number($0.logLikelihood, 4) } }),
    Column(
      title: "Gap",
      help: "Log-likelihood less F, in nats: 0 where the bound is tight",
      cell: { row in row.fit.map { number($0.gap, 5) } }),
    Column(
      title: "σ",
      help: """
        Width of the clusters: the root of their variance, in units of the \
        space
        """,
      cell: { row in
        row.fit.map { ($0.sigma, NumberText.significant($0.sigma)) }
      }),
    Column(
      title: "Entropy",
      help: """
        How undecided pixels are between clusters: the mean entropy of the \
        posteriors, in nats
        """,
      cell: { row in row.fit.map { number($0.entropy, 4) } }),
    Column(
      title: "MSE",
      help: """
        Squared error a pixel, summed over three channels; smaller is better
        """,
      cell: { number($0.mse, 3) }, best: false),
    Column(
      title: "PSNR dB",
      help: """
        Peak signal to noise ratio: MSE in decibels; greater is better
        """, startsGreatest: true,
      cell: { row in
        row.psnr.value.isFinite ? number(row.psnr.value, 2) : (.infinity, "∞")
      }, best: true),
    Column(
      title: "SSIM",
      help: "Mean structural similarity, at most 1; greater is better",
      startsGreatest: true,
      cell: { row in row.ssim.map { number($0, 4) } }, best: true),
    Column(
      title: "ΔE₀₀",
      help: """
        Mean colour difference as it is seen, CIEDE2000; smaller is better
        """,
      cell: { number($0.deltaE2000.mean, 3) }, best: false),
    Column(
      title: "Colours", help: "Different colours that the image has",
      cell: { (Double($0.colors), "\($0.colors)") }),
    Column(
      title: "Size", help: "Bytes of the file; smaller is better",
      cell: { (Double($0.bytes), NumberText.bytes($0.bytes)) }, best: false),
    Column(
      title: "Time",
      help: """
        Seconds of search, fit, mapping and encoding; rows that share a search \
        or a fit all have its time
        """,
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
