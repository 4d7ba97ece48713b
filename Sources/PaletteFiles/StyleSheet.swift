import ColorModels

/// Colours as variables of a style sheet: custom properties of CSS
/// (`--name: #rrggbb;`) or variables of Sass (`$name: #rrggbb;`).
///
/// Reading takes the values that are colours and passes over all else.
enum StyleSheet {
  case css
  case scss

  private var format: PaletteFormat { self == .css ? .css : .scss }

  /// What the name of a variable begins with.
  private var sigil: String { self == .css ? "--" : "$" }

  /// Colours in ways of writing that are not read; to leave them out unsaid
  /// would make another palette of it.
  private static let unread = [
    "#", "rgb", "hsl", "hwb", "lab(", "lch(", "oklab(", "oklch(", "color(",
  ]

  func read(_ bytes: [UInt8]) throws(PaletteFileError) -> [PaletteColor] {
    var colors: [PaletteColor] = []
    for (line, statement) in statements(TextLines.text(bytes)) {
      guard statement.hasPrefix(sigil),
        let colon = statement.firstIndex(of: ":")
      else { continue }
      let name = statement[..<colon].dropFirst(sigil.count)
      let value = TextLines.trimmed(
        statement[statement.index(after: colon)...].prefix { $0 != "!" })
      if let color = CSSColor(String(value)) {
        colors.append(
          PaletteColor(
            color: color.color, alpha: color.alpha,
            name: Self.isNumbered(name) ? nil : String(TextLines.trimmed(name)))
        )
      } else if Self.unread.contains(where: value.lowercased().hasPrefix) {
        throw .line(
          format, line,
          reason: "the colour \(TextLines.quoted(value)) cannot be read; write "
            + "it as #rrggbb")
      }
    }
    return colors
  }

  func write(_ colors: [PaletteColor], title: String) -> [UInt8] {
    let names = identifiers(colors)
    let lines = zip(names, colors).map { "\(sigil)\($0): \($1.hex);\n" }
    guard self == .css else { return Array(lines.joined().utf8) }
    return Array((":root {\n" + lines.map { "  \($0)" }.joined() + "}\n").utf8)
  }

  /// A name for each colour, none twice: its own as an identifier, or else its
  /// number.
  private func identifiers(_ colors: [PaletteColor]) -> [String] {
    var taken: Set<String> = []
    return colors.enumerated().map { n, entry in
      let own = Self.identifier(entry.name)
      let name = own ?? "color-\(n + 1)"
      var unique = name
      var copy = 1
      while !taken.insert(unique).inserted {
        copy += 1
        unique = "\(name)-\(copy)"
      }
      return unique
    }
  }

  /// Letters, digits, `-` and `_`, all else as single `-`.
  private static func identifier(_ name: String?) -> String? {
    guard let name else { return nil }
    let parts = name.split {
      !($0.isLetter || $0.isNumber || $0 == "_" || $0 == "-")
    }
    guard !parts.isEmpty else { return nil }
    let joined = parts.joined(separator: "-")
    // A variable of Sass must not begin with a digit.
    return joined.first?.isNumber == true ? "_\(joined)" : joined
  }

  /// Whether a name is one that stands for none.
  private static func isNumbered(_ name: Substring) -> Bool {
    name.hasPrefix("color-")
      && name.dropFirst(6).utf8.allSatisfy { (0x30...0x39).contains($0) }
  }

  /// What stands between braces and semicolons, with the number of its line;
  /// comments are left out.
  private func statements(_ text: String) -> [(line: Int, text: Substring)] {
    var result: [(line: Int, text: Substring)] = []
    var statement = ""
    var line = 1
    var start = 1
    func end() {
      let text = TextLines.trimmed(statement[...])
      if !text.isEmpty { result.append((start, text)) }
      statement = ""
    }
    var rest = text[...]
    while let character = rest.first {
      if rest.hasPrefix("/*") || (self == .scss && rest.hasPrefix("//")) {
        let isBlock = rest.hasPrefix("/*")
        rest = rest.dropFirst(2)
        while let next = rest.first,
          isBlock ? !rest.hasPrefix("*/") : !next.isNewline
        {
          if next.isNewline { line += 1 }
          rest = rest.dropFirst()
        }
        if isBlock { rest = rest.dropFirst(2) }
        continue
      }
      rest = rest.dropFirst()
      if "{};".contains(character) {
        end()
      } else if !character.isWhitespace || !statement.isEmpty {
        if statement.isEmpty { start = line }
        statement.append(character)
      }
      if character.isNewline { line += 1 }
    }
    end()
    return result
  }
}
