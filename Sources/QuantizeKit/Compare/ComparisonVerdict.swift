/// What the rows of a comparison show, in a few sentences for a person.
public struct ComparisonVerdict: Sendable {
  private typealias Row = ComparisonReport.Row

  /// The most numbers of colours that get sentences of their own.
  private static let mostGroups = 4

  /// A difference, in dB, that nobody sees.
  private static let smallDifference = 0.05

  private let report: ComparisonReport

  /// The verdict on a comparison.
  public init(_ report: ComparisonReport) {
    self.report = report
  }

  /// Which row has the smallest error and how far the others are from it: for each
  /// number of colours if several have more than one row each, and otherwise
  /// for all rows together.
  public var text: String {
    var order: [Int] = []
    for row in report.rows {
      if let k = row.settings?.k, !order.contains(k) { order.append(k) }
    }
    let groups = order.map { k in report.rows.filter { $0.settings?.k == k } }
    guard (2...Self.mostGroups).contains(groups.count),
      groups.allSatisfy({ $0.count > 1 })
    else { return Self.text(of: report.rows) }
    return groups.map { Self.text(of: $0) }.joined(separator: " ")
  }

  private static func text(of rows: [Row]) -> String {
    let sorted = rows.sorted { $0.mse < $1.mse }
    guard let best = sorted.first, let worst = sorted.last else { return "" }
    if rows.count == 1 {
      return best.mse == 0
        ? "\(best.name) equals the original."
        : "\(best.name) has a PSNR of \(decibels(best)) and a mean ΔE₀₀ of "
          + "\(difference(best))."
    }
    if worst.mse == 0 {
      return "All \(rows.count) images equal the original."
    }
    if best.mse == 0 {
      return "\(best.name) equals the original; \(worst.name) has the largest "
        + "error, \(decibels(worst))."
    }
    let others = rows.count == 2 ? "the other" : "the others"
    let nearest = rows.min { $0.deltaE2000.mean < $1.deltaE2000.mean } ?? best
    return "\(best.name) has the smallest error, \(decibels(best)); \(others) "
      + "\(deficits(of: sorted.dropFirst(), from: best)). "
      + (difference(nearest) == difference(best)
        ? "It also has the smallest mean ΔE₀₀, \(difference(best))."
        : "\(nearest.name) has the smallest mean ΔE₀₀, \(difference(nearest)) "
          + "against \(difference(best)).")
  }

  /// How much less PSNR others have.
  private static func deficits(
    of others: ArraySlice<Row>, from best: Row
  ) -> String {
    let deficits = others.map { best.psnr.value - $0.psnr.value }
    let verb = others.count == 1 ? "is" : "are"
    guard let least = deficits.min(), let most = deficits.max(),
      most >= smallDifference
    else {
      let limit = NumberText.fixed(smallDifference, 2)
      return "\(verb) within \(limit) dB, too little to see"
    }
    let (low, high) = (NumberText.fixed(least, 2), NumberText.fixed(most, 2))
    return "\(verb) \(low == high ? high : "\(low) to \(high)") dB worse"
  }

  private static func decibels(_ row: Row) -> String {
    "\(NumberText.fixed(row.psnr.value, 2)) dB"
  }

  private static func difference(_ row: Row) -> String {
    NumberText.fixed(row.deltaE2000.mean, 3)
  }
}
