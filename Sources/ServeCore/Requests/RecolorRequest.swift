import Rasters
import Segmentation

/// Colours that are to be moved, with the options of the fit.
public struct RecolorRequest: Decodable, Sendable {
  /// A colour and what it becomes.
  public struct Move: Decodable, Hashable, Sendable {
    /// The number of a palette entry.
    public let entry: Int?

    /// The colour itself, in place of a number.
    public let from: String?

    /// What it becomes.
    public let to: String
  }

  /// The moves, at least one.
  public let moves: [Move]

  /// Shades within so many degrees of hue move as well, 0 to 180.
  public let shades: Double?

  /// Looks colours up.
  ///
  /// - Parameter palette: The palette that entries are numbers of.
  /// - Returns: The colours and their goals.
  /// - Throws: `ServiceError`.
  func colorMoves(_ palette: [RGBColor]) throws(ServiceError) -> [ColorMove] {
    guard !moves.isEmpty else {
      throw .wrong("\"moves\" is empty; give at least one colour to change")
    }
    var result: [ColorMove] = []
    for move in moves {
      let from: RGBColor
      if let entry = move.entry {
        guard palette.indices.contains(entry) else {
          throw .wrong(
            "the palette has \(palette.count) colours, and there is no number "
              + "\(entry)")
        }
        from = palette[entry]
      } else if let text = move.from {
        from = try NamedColor(text).color
      } else {
        throw .wrong("a move needs \"entry\" or \"from\"")
      }
      result.append(ColorMove(from: from, to: try NamedColor(move.to).color))
    }
    return result
  }

  /// The degrees, checked.
  func degrees() throws(ServiceError) -> Double {
    let degrees = shades ?? Self.standardShades
    guard (0...180).contains(degrees) else {
      throw .wrong("\"shades\" must be 0 to 180, not \(degrees)")
    }
    return degrees
  }

  /// What `quantize recolor` does when nothing else is asked for.
  static let standardShades = 20.0
}
