import ColorModels
import Quantization
import Rasters

/// A colour of a request: `#rrggbb` or another CSS colour, with an alpha as
/// `#rrggbbaa`, and perhaps a name before an equals sign.
struct NamedColor: Hashable, Sendable {
  let color: RGBColor
  let alpha: UInt8
  let name: String?

  /// The most characters of a name.
  private static let longestName = 80

  /// Reads a colour.
  ///
  /// - Throws: `ServiceError` where it is none.
  init(_ text: String) throws(ServiceError) {
    var text = Substring(text)
    var name: String?
    if let equals = text.lastIndex(of: "=") {
      name = String(text[..<equals])
      text = text[text.index(after: equals)...]
    }
    if let name {
      guard !name.isEmpty, name.count <= Self.longestName,
        !name.unicodeScalars.contains(where: {
          $0.properties.generalCategory == .control
        })
      else {
        throw .wrong(
          "a colour's name has 1 to \(Self.longestName) characters on one line")
      }
    }
    guard let color = CSSColor(String(text)) else {
      throw .wrong(
        "\"\(text.prefix(40))\" is no colour; write #rrggbb, #rgb or a CSS name"
      )
    }
    self.name = name
    self.color = color.color
    alpha = color.alpha
  }

  /// `#rrggbb`, or `#rrggbbaa` where it is not opaque.
  var hex: String {
    guard alpha < 255 else { return color.hex }
    let digits = String(alpha, radix: 16)
    return color.hex + (digits.count < 2 ? "0" : "") + digits
  }

  /// With its name, as options of the command take it.
  var argument: String { (name.map { $0 + "=" } ?? "") + hex }
}
