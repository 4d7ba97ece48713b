/// A piece of a page. A literal is taken as it stands; what is interpolated is
/// escaped, unless it is a piece itself:
///
///     let name = "a<b>.png"
///     let cell: HTML = "<td title=\"\(name)\">\(name)</td>"
///     let row: HTML = "<tr>\(cell)</tr>"
package struct HTML: Sendable {
  /// The HTML.
  package let text: String

  /// Takes HTML as it stands.
  init(unescaped text: String) { self.text = text }
}

extension HTML: ExpressibleByStringInterpolation {
  package init(stringLiteral literal: String) { text = literal }

  package init(stringInterpolation interpolation: StringInterpolation) {
    text = interpolation.text
  }

  package struct StringInterpolation: StringInterpolationProtocol, Sendable {
    fileprivate var text = ""

    package init(literalCapacity: Int, interpolationCount: Int) {
      text.reserveCapacity(literalCapacity + 16 * interpolationCount)
    }

    package mutating func appendLiteral(_ literal: String) {
      text += literal
    }

    /// Text, for an element or for an attribute in quotes.
    ///
    /// Escaping works on Unicode scalars, as browsers do. To Swift, a quotation
    /// mark with an accent after it is a different character.
    package mutating func appendInterpolation(_ text: String) {
      for scalar in text.unicodeScalars {
        switch scalar {
        case "&": self.text += "&amp;"
        case "<": self.text += "&lt;"
        case ">": self.text += "&gt;"
        case "\"": self.text += "&quot;"
        case "'": self.text += "&#39;"
        default: self.text.unicodeScalars.append(scalar)
        }
      }
    }

    package mutating func appendInterpolation(_ number: Int) {
      text += String(number)
    }

    package mutating func appendInterpolation(_ piece: HTML) {
      text += piece.text
    }

    /// Pieces one after the other.
    package mutating func appendInterpolation(_ pieces: [HTML]) {
      for piece in pieces { text += piece.text }
    }

    /// A piece that is there only if a condition holds.
    package mutating func appendInterpolation(
      if condition: Bool, _ piece: @autoclosure () -> HTML
    ) {
      if condition { text += piece().text }
    }
  }
}
