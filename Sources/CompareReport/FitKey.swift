import QuantizeKit

/// What a fit depends on: all settings but dithering.
struct FitKey {
  let settings: ComparisonReport.Settings

  init(_ settings: ComparisonReport.Settings) {
    self.settings = settings
  }

  /// The same for settings of one fit alone.
  var text: String { "\(series) \(settings.cprime)" }

  /// The same for settings of one series alone, which differ in C'.
  var series: String {
    "\(settings.space) \(settings.k) \(settings.seed)"
  }
}
