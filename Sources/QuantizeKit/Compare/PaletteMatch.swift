public import ColorModels
import Rasters

/// Which colour of a palette stands for which of another.
public struct PaletteMatch: Codable, Hashable, Sendable {
  /// The number of the colour in its own palette.
  public let entry: Int

  /// The number of its partner in the other palette; absent of a colour that
  /// is left over.
  public let reference: Int?

  /// CIEDE2000 between the two, seen on mid-grey; absent without a partner.
  public let drift: Double?

  /// Matches two palettes so that the sum of the drifts is least.
  ///
  /// - Parameters:
  ///   - palette: A palette.
  ///   - reference: Another.
  /// - Returns: One match for each colour of `palette`, in its order.
  /// - Complexity: O(n³) for n colours.
  public static func all(
    of palette: [PaletteRecord], to reference: [PaletteRecord]
  ) -> [PaletteMatch] {
    let theirs = reference.map(\.seenColor)
    let costs = palette.map { record in
      let color = record.seenColor
      return theirs.map { color.difference(to: $0) }
    }
    return OptimalAssignment.columns(costs).enumerated().map { entry, column in
      PaletteMatch(
        entry: entry, reference: column,
        drift: column.map { costs[entry][$0] })
    }
  }
}

extension PaletteRecord {
  /// The colour as it is seen on mid-grey.
  public var seenColor: LabColor {
    let share = Double(alpha) / 255
    func sample(_ n: Int) -> Double {
      Double(rgb[n]) * share + 127.5 * (1 - share)
    }
    return LabColor(encoded: SIMD3(sample(0), sample(1), sample(2)))
  }
}
