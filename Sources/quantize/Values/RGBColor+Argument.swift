import ArgumentParser
import ColorModels
import Rasters

extension RGBColor {
  /// Reads an opaque colour as CSS writes it; the # may be left out, which
  /// shells take for a comment.
  ///
  /// - Parameter argument: `#rrggbb`, `#rgb`, a name, or `rgb(r, g, b)`.
  /// - Throws: `ValidationError` that says what is allowed.
  init(argument: String) throws {
    let color = CSSColor(argument) ?? CSSColor(digits: argument[...])
    guard let color, color.alpha == 255 else {
      throw ValidationError(
        "give an opaque colour: #rrggbb, #rgb or a CSS name such as red")
    }
    self = color.color
  }
}
