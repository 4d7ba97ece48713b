import QuantizeKit

/// The plots of a page: F against C', and F of each iteration. Spaces differ in
/// their units, and numbers of colours by much more than C', so each pair has
/// plots of its own.
struct FitPlots {
  private let report: ComparisonReport

  /// The plots of a comparison.
  init(_ report: ComparisonReport) {
    self.report = report
  }

  private struct Fitted {
    let settings: ComparisonReport.Settings
    let fit: ComparisonReport.FitRecord

    /// Fits that stand in one plot have the same.
    var group: String { "k \(settings.k), \(settings.space)" }
  }

  /// Each fit once, in the order of the rows.
  private var fits: [Fitted] {
    var seen: Set<String> = []
    return report.rows.compactMap { row in
      guard let settings = row.settings, let fit = row.fit,
        seen.insert(FitKey(settings).text).inserted
      else { return nil }
      return Fitted(settings: settings, fit: fit)
    }
  }

  /// The plots, a figure each.
  var figures: [HTML] {
    let fits = fits
    var groups: [String] = []
    for fit in fits where !groups.contains(fit.group) {
      groups.append(fit.group)
    }
    return groups.flatMap { group in
      let members = fits.filter { $0.group == group }
      let suffix = groups.count > 1 ? ", \(group)" : ""
      var plots: [HTML] = []
      if Set(members.map(\.settings.cprime)).count > 1 {
        plots.append(bounds(of: members, suffix))
      }
      if members.contains(where: { $0.fit.evaluations > 1 }) {
        plots.append(curves(of: members, suffix))
      }
      return plots
    }
  }

  private func bounds(of fits: [Fitted], _ suffix: String) -> HTML {
    var keys: [String] = []
    for fit in fits where !keys.contains(FitKey(fit.settings).series) {
      keys.append(FitKey(fit.settings).series)
    }
    let series = keys.enumerated().flatMap { number, key -> [LinePlot.Series] in
      let members = fits.filter { FitKey($0.settings).series == key }
        .sorted { $0.settings.cprime < $1.settings.cprime }
      let name =
        keys.count > 1 ? ", \(name(ofSeries: members[0].settings))" : ""
      return [
        LinePlot.Series(
          name: "log-likelihood\(name)", style: .ceiling(number),
          points: members.map {
            (Double($0.settings.cprime), $0.fit.logLikelihood)
          }),
        LinePlot.Series(
          name: "F\(name)", style: .marked(number),
          points: members.map {
            (Double($0.settings.cprime), $0.fit.freeEnergy)
          }),
      ]
    }
    let plot = LinePlot(
      series: series, xTitle: "C'", yTitle: "nats a pixel",
      label: "F and the log-likelihood against C'", isLogarithmic: true)
    return figure(
      plot, "F against C'\(suffix)",
      "F of a fit with C' lies below the log-likelihood of the same "
        + "parameters; the larger C', the tighter the bound.")
  }

  private func curves(of fits: [Fitted], _ suffix: String) -> HTML {
    let several = Set(fits.map { FitKey($0.settings).series }).count > 1
    let lines = fits.enumerated().map { number, member in
      let settings = member.settings
      let coarse = member.fit.coarseCurve
      return LinePlot.Series(
        name: "C' \(settings.cprime)"
          + (several ? ", \(name(ofSeries: settings))" : ""),
        style: .plain(number),
        points: member.fit.curve.enumerated().map {
          (Double(coarse.count + $0 + 1), $1)
        })
    }
    let before = fits.enumerated().compactMap {
      number, member -> LinePlot.Series? in
      let coarse = member.fit.coarseCurve
      guard !coarse.isEmpty else { return nil }
      return LinePlot.Series(
        name: "", style: .dotted(number),
        points: (coarse + member.fit.curve.prefix(1)).enumerated().map {
          (Double($0 + 1), $1)
        })
    }
    let plot = LinePlot(
      series: before + lines, xTitle: "iteration", yTitle: "F, nats a pixel",
      label: "F of each iteration", isLogarithmic: false)
    return figure(
      plot, "F of each iteration\(suffix)",
      "F of each E-step, with the parameters that went into it."
        + (before.isEmpty
          ? ""
          : " Dotted: iterations on boxes of colours, whose F is a lower bound.")
    )
  }

  private func name(ofSeries settings: ComparisonReport.Settings) -> String {
    "seed \(settings.seed)"
  }

  private func figure(
    _ plot: LinePlot, _ title: String, _ note: String
  ) -> HTML {
    let legend = plot.series.filter { !$0.name.isEmpty }.map { series -> HTML in
      """
      <li><svg viewBox="0 0 24 8" aria-hidden="true">\
      <path class="line \(series.style.classes)" d="M0 4H24"/></svg>\
      \(series.name)</li>

      """
    }
    return """
      <figure>
      <figcaption>\(title)</figcaption>
      \(plot.svg())
      <ul class="legend">
      \(legend)</ul>
      <p class="hint">\(note)</p>
      </figure>

      """
  }
}

extension ComparisonReport.FitRecord {
  /// How many values of F there are.
  fileprivate var evaluations: Int { coarseCurve.count + curve.count }
}
