import ColorModels

/// Colours as variables of a style sheet: custom properties of CSS
/// (`--name: #rrggbb;`) or variables of Sass (`$name: #rrggbb;`).
///
/// Reading takes the values that are colours and passes over all else. It goes
/// by Unicode scalars, as the syntax is defined: a character of Swift may be a
/// mark of the syntax together with an accent that a name begins with.
enum StyleSheet {
  case css
  case scss

  private var format: PaletteFormat { self == .css ? .css : .scss }

  var traits: PaletteTraits {
    PaletteTraits(
      name: self == .css ? "CSS style sheet" : "SCSS style sheet",
      hasNames: true, alpha: .any, isToldByEnding: true, read: read,
      write: write(_:title:))
  }

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
      guard statement.starts(with: sigil.unicodeScalars),
        let colon = statement.firstIndex(of: ":")
      else { continue }
      let name = Substring(statement[..<colon].dropFirst(sigil.count))
      let value = TextLines.trimmed(
        Substring(
          statement[statement.index(after: colon)...].prefix { $0 != "!" }))
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
    let start = "color-".utf8
    return name.utf8.starts(with: start)
      && name.utf8.dropFirst(start.count).allSatisfy {
        (0x30...0x39).contains($0)
      }
  }

  /// What stands between braces and semicolons, with the number of its line;
  /// comments are left out.
  private func statements(
    _ text: String
  ) -> [(line: Int, text: Substring.UnicodeScalarView)] {
    var result: [(line: Int, text: Substring.UnicodeScalarView)] = []
    var statement = ""
    var line = 1
    var start = 1
    func end() {
      let text = TextLines.trimmed(statement[...]).unicodeScalars
      if !text.isEmpty { result.append((start, text)) }
      statement = ""
    }
    var rest = text.unicodeScalars[...]
    /// Takes one scalar and counts lines: at line feeds and at carriage returns
    /// without one.
    func next() -> Unicode.Scalar? {
      guard let scalar = rest.popFirst() else { return nil }
      let isEnd = Character(scalar).isNewline
      if isEnd, scalar != "\r" || rest.first != "\n" { line += 1 }
      return scalar
    }
    while !rest.isEmpty {
      let isBlock = rest.starts(with: "/*".unicodeScalars)
      if isBlock || (self == .scss && rest.starts(with: "//".unicodeScalars)) {
        rest = rest.dropFirst(2)
        while let first = rest.first,
          isBlock
            ? !rest.starts(with: "*/".unicodeScalars)
            : !Character(first).isNewline
        {
          _ = next()
        }
        if isBlock { rest = rest.dropFirst(2) }
        continue
      }
      let at = line
      guard let scalar = next() else { break }
      if scalar == "{" || scalar == "}" || scalar == ";" {
        end()
      } else if !scalar.properties.isWhitespace || !statement.isEmpty {
        if statement.isEmpty { start = at }
        statement.unicodeScalars.append(scalar)
      }
    }
    end()
    return result
  }
}
