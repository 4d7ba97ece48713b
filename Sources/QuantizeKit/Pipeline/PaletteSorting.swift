import ColorModels

/// The order in which a palette is shown. Fully transparent entries always come
/// first.
public enum PaletteSorting: String, CaseIterable, Sendable {
  /// The most used colour first.
  case frequency

  /// From dark to light, by L* of CIELAB, which orders as luminance does.
  case luminance

  /// Greys (chroma of CIELAB below 5) from dark to light, then colours by the
  /// hue of CIELAB from red over yellow, green and blue.
  case hue

  /// From dark to light in small steps: `LightnessPath`.
  case lightnessPath = "lightness-path"

  /// CIELAB chroma below which a hue says nothing.
  private static let leastChroma = 5.0

  /// Sorts entries.
  ///
  /// - Parameter entries: The entries of a palette, in its order.
  /// - Returns: The same entries.
  /// - Complexity: O(entries × log entries); with `.lightnessPath`
  ///   O(entries²) some times.
  func sorted(_ entries: [PaletteRecord]) -> [PaletteRecord] {
    let clear = entries.filter { $0.alpha == 0 }
    let visible = entries.filter { $0.alpha > 0 }
    let colors = visible.map { LabColor($0.paletteColor.color) }
    let order: [Int]
    switch self {
    case .frequency:
      order = visible.indices.sorted {
        (visible[$1].count, $0) < (visible[$0].count, $1)
      }
    case .luminance:
      order = visible.indices.sorted {
        (colors[$0].lightness, $0) < (colors[$1].lightness, $1)
      }
    case .hue:
      let keys = colors.map { color in
        // Below every hue.
        color.chroma < Self.leastChroma ? -1 : color.hue
      }
      order = visible.indices.sorted {
        (keys[$0], colors[$0].lightness, $0)
          < (keys[$1], colors[$1].lightness, $1)
      }
    case .lightnessPath:
      order = LightnessPath.order(of: colors)
    }
    return clear + order.map { visible[$0] }
  }
}
