import Mustache

/// Text as a page of HTML holds it, in elements and in attributes in quotes.
///
/// It goes by Unicode scalars, as browsers do: to Swift, and to the template's
/// own escaping, a quotation mark with an accent after it is another character
/// than a quotation mark.
struct HTMLText: MustacheContentType {
  /// What the template calls it.
  static let name = "HTML-SCALARS"

  func escapeText(_ text: String) -> String {
    var result = ""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "&": result += "&amp;"
      case "<": result += "&lt;"
      case ">": result += "&gt;"
      case "\"": result += "&quot;"
      case "'": result += "&#39;"
      default: result.unicodeScalars.append(scalar)
      }
    }
    return result
  }
}
