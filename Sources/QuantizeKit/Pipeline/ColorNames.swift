public import PaletteFiles
public import Quantization
import Rasters

/// The names of colours: those of a palette file, and of pinned colours.
public struct ColorNames: Hashable, Sendable {
  private var names: [FixedPalette.Color: String] = [:]

  /// No names.
  public init() {}

  /// The names that colours of a palette file have; of equal colours the first.
  public init(_ colors: [PaletteColor]) {
    for color in colors where color.name != nil {
      let key = FixedPalette.Color(color: color.color, alpha: color.alpha)
      names[key] = names[key] ?? color.name
    }
  }

  /// The name of a colour, if it has one.
  public subscript(color: FixedPalette.Color) -> String? {
    get { names[color] }
    set { names[color] = newValue }
  }
}
