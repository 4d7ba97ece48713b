import TableFiles
import TruncatedEM

/// Where the coordinates of points are measured from.
///
/// Sums of squares of numbers that are large and differ little have no digits left
/// for the differences. Such columns, and those of one number, are measured from their
/// first number: the differences are exact, and so the fit is that of the same points
/// near 0.
struct TableOrigin {
  /// By how many times its range a column may be away from 0.
  private static let most = 0x1p20

  /// What is subtracted, by column; 0 nearly always.
  private let offsets: [Double]

  /// Looks at the columns of a table.
  init(of table: Table) {
    offsets = (0..<table.columns).map { column in
      let values = stride(
        from: column, to: table.values.count, by: table.columns
      ).lazy.map { table.values[$0] }
      guard let least = values.min(), let most = values.max() else { return 0 }
      let isFar = min(abs(least), abs(most)) > Self.most * (most - least)
      return isFar ? table.values[column] : 0
    }
  }

  /// The coordinates of a table's points, row after row.
  func points(of table: Table) -> [Double] {
    guard offsets.contains(where: { $0 != 0 }) else { return table.values }
    return table.values.enumerated().map {
      $1 - offsets[$0 % offsets.count]
    }
  }

  /// A mixture of such points, for one of the table's rows.
  func local(_ model: MixtureModel) -> MixtureModel {
    model.translated(by: offsets.map { -$0 })
  }

  /// A mixture of the table's rows, for one of such points.
  func given(_ model: MixtureModel) -> MixtureModel {
    model.translated(by: offsets)
  }
}
