/// A kind of palette file, read and written.
///
/// docs/palettes.md describes each, with where its description is published.
public enum PaletteFormat: String, CaseIterable, Sendable {
  /// GIMP palette, a text with names.
  case gpl

  /// Adobe colour table: 256 entries, one of them transparent at most.
  case act

  /// Adobe Swatch Exchange, with names.
  case ase

  /// JASC palette of Paint Shop Pro, a text; a palette of Microsoft's RIFF is
  /// read under the same ending.
  case pal

  /// One `rrggbb` a line.
  case hex

  /// Paint.NET palette: one `aarrggbb` a line.
  case txt

  /// Custom properties of a CSS style sheet, with names.
  case css

  /// Variables of a Sass style sheet, with names.
  case scss

  /// JSON array, with names.
  case json

  /// A picture of colour fields.
  case png

  /// The name that messages use.
  public var name: String {
    switch self {
    case .gpl: "GIMP palette"
    case .act: "colour table (.act)"
    case .ase: "swatch exchange file (.ase)"
    case .pal: "PAL palette"
    case .hex: "list of hex colours"
    case .txt: "Paint.NET palette"
    case .css: "CSS style sheet"
    case .scss: "SCSS style sheet"
    case .json: "JSON palette"
    case .png: "PNG of swatches"
    }
  }

  /// The endings of file names, with the dot, as messages list them.
  public static let endings: String = {
    let names = allCases.map { ".\($0.rawValue)" }
    return names.dropLast().joined(separator: ", ") + " or "
      + (names.last ?? "")
  }()

  /// Whether colours have names in the format.
  public var hasNames: Bool {
    switch self {
    case .gpl, .ase, .css, .scss, .json: true
    case .act, .pal, .hex, .txt, .png: false
    }
  }

  /// The format that a file's name asks for, or `nil` when none uses its ending.
  ///
  /// - Parameter pathExtension: What stands behind the last dot, in any case.
  public init?(pathExtension: String) {
    self.init(rawValue: pathExtension.lowercased())
  }

  /// Recognises a file by its content, where that is unmistakable.
  ///
  /// - Parameter bytes: The file.
  /// - Returns: The format, or `nil` where only its name can tell: of colour
  ///   tables, lists of hex digits and style sheets.
  /// - Complexity: O(1).
  public static func recognized(_ bytes: [UInt8]) -> PaletteFormat? {
    let marks: [(String, PaletteFormat)] = [
      ("GIMP Palette", .gpl), ("ASEF", .ase), ("JASC-PAL", .pal),
      ("\u{89}PNG", .png),
    ]
    for (mark, format) in marks
    where bytes.starts(with: mark.unicodeScalars.map { UInt8($0.value) }) {
      return format
    }
    if RIFFPalette.isRecognized(bytes) { return .pal }
    let first = bytes.first { !TextLines.isSpace($0) }
    if first == UInt8(ascii: "[") || first == UInt8(ascii: "{") {
      return .json
    }
    return nil
  }

  /// Reads a palette.
  ///
  /// Names that a text has in other than UTF-8 are taken as Latin-1.
  ///
  /// - Parameter bytes: The whole file.
  /// - Returns: At least one colour, in the order of the file.
  /// - Throws: Every case of `PaletteFileError` but `.unknownKind`, `.alpha`
  ///   and `.encode`.
  /// - Complexity: O(bytes).
  public func read(
    _ bytes: [UInt8]
  ) throws(PaletteFileError) -> [PaletteColor] {
    guard !bytes.isEmpty else { throw .empty }
    let colors =
      switch self {
      case .gpl: try GIMPPalette.read(bytes)
      case .act: try ColorTable.read(bytes)
      case .ase: try SwatchExchange.read(bytes)
      case .pal where RIFFPalette.isRecognized(bytes):
        try RIFFPalette.read(bytes)
      case .pal: try JASCPalette.read(bytes)
      case .hex: try HexList.read(bytes)
      case .txt: try PaintNETPalette.read(bytes)
      case .css: try StyleSheet.css.read(bytes)
      case .scss: try StyleSheet.scss.read(bytes)
      case .json: try JSONPalette.read(bytes)
      case .png: try SwatchImage.read(bytes)
      }
    guard !colors.isEmpty else { throw .noColors(self) }
    return colors
  }

  /// Writes a palette.
  ///
  /// What was written is read again exactly: colours, alphas, and names where
  /// the format has them. A fully transparent colour is left out where the
  /// format has no room for it.
  ///
  /// - Parameters:
  ///   - colors: The colours.
  ///   - title: The palette's name, for the formats that have one.
  /// - Returns: The bytes of the file.
  /// - Throws: `PaletteFileError`: `.noColors`, `.alpha`, `.tooManyColors` or
  ///   `.encode`.
  /// - Complexity: O(colours).
  public func write(
    _ colors: [PaletteColor], title: String = "quantize"
  ) throws(PaletteFileError) -> [UInt8] {
    var colors = colors
    switch self {
    case .gpl, .ase, .pal:
      colors.removeAll { $0.alpha == 0 }
      guard colors.allSatisfy({ $0.alpha == 255 }) else { throw .alpha(self) }
    case .png:
      colors.removeAll { $0.alpha == 0 }
    case .act, .hex, .txt, .css, .scss, .json:
      break
    }
    guard !colors.isEmpty else { throw .noColors(self) }
    return switch self {
    case .gpl: GIMPPalette.write(colors, title: title)
    case .act: try ColorTable.write(colors)
    case .ase: SwatchExchange.write(colors)
    case .pal: JASCPalette.write(colors)
    case .hex: HexList.write(colors)
    case .txt: PaintNETPalette.write(colors, title: title)
    case .css: StyleSheet.css.write(colors, title: title)
    case .scss: StyleSheet.scss.write(colors, title: title)
    case .json: JSONPalette.write(colors)
    case .png: try SwatchImage.write(colors)
    }
  }
}
