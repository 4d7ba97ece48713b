import ImageFormats

/// A kind of palette file, read and written.
///
/// docs/palettes.md describes each, with where its description is published. A
/// further one is a case here, whose raw value is the ending of its files, and
/// its traits: help texts and error messages follow.
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

  private var traits: PaletteTraits {
    switch self {
    case .gpl: GIMPPalette.traits
    case .act: ColorTable.traits
    case .ase: SwatchExchange.traits
    case .pal: JASCPalette.traits
    case .hex: HexList.traits
    case .txt: PaintNETPalette.traits
    case .css: StyleSheet.css.traits
    case .scss: StyleSheet.scss.traits
    case .json: JSONPalette.traits
    case .png: SwatchImage.traits
    }
  }

  /// The name that messages use.
  public var name: String { traits.name }

  /// The ending of file names, with the dot.
  public var ending: String { ".\(rawValue)" }

  /// The endings of file names, with the dot, as messages list them.
  public static let endings = TextList.or(allCases.map(\.ending))

  /// The endings of the formats that have room for translucent colours.
  package static let translucentEndings = TextList.or(
    allCases.filter { [.any, .visible].contains($0.traits.alpha) }
      .map(\.ending))

  /// Whether colours have names in the format.
  public var hasNames: Bool { traits.hasNames }

  /// Whether only a name can tell a file of the format: its content can look
  /// like anything.
  public var isToldByEnding: Bool { traits.isToldByEnding }

  /// The format that a file's name asks for, or `nil` when none uses its ending.
  ///
  /// - Parameter pathExtension: The part after the last dot, in any case.
  public init?(pathExtension: String) {
    self.init(rawValue: pathExtension.lowercased())
  }

  /// The format that a file's name asks for.
  ///
  /// - Parameter ending: The part after the last dot, in any case, with the dot
  ///   or without; `nil` of a name without one.
  /// - Returns: The format.
  /// - Throws: `PaletteFileError.unknownEnding`, whose message lists those that
  ///   there are.
  public static func format(
    forEnding ending: String?
  ) throws(PaletteFileError) -> PaletteFormat {
    let bare = ending.map { $0.first == "." ? String($0.dropFirst()) : $0 }
    guard let format = bare.flatMap(PaletteFormat.init(pathExtension:)) else {
      throw .unknownEnding(bare ?? "")
    }
    return format
  }

  /// Recognises a file by its content, where that is unmistakable.
  ///
  /// - Parameter bytes: The file.
  /// - Returns: The format, or `nil` where only its name can tell: of colour
  ///   tables, lists of hex digits and style sheets.
  /// - Complexity: O(1).
  public static func recognized(_ bytes: [UInt8]) -> PaletteFormat? {
    allCases.first { $0.traits.recognizes(bytes) }
  }

  /// The format of a palette file.
  ///
  /// - Parameters:
  ///   - bytes: The file.
  ///   - named: The format that its name asks for, if any.
  /// - Returns: The format, or `nil` of an image.
  /// - Throws: `PaletteFileError.empty` or `.unknownKind`.
  /// - Complexity: O(1), or O(bytes) of a text without a name that tells.
  public static func format(
    of bytes: [UInt8], named: PaletteFormat?
  ) throws(PaletteFileError) -> PaletteFormat? {
    // A colour table begins with colours, which can look like anything; a style
    // sheet may begin with a bracket or hold a drawing.
    if let named, named.isToldByEnding { return named }
    switch FileSignature.of(bytes) {
    case .empty:
      throw .empty
    case .text, .xml, .unknown:
      break
    default:
      return nil
    }
    if let format = recognized(bytes) { return format }
    if let named, named != .png { return named }
    // Lines of hex digits are what a pipe brings.
    guard (try? PaletteFormat.hex.read(bytes)) != nil else {
      throw .unknownKind
    }
    return .hex
  }

  /// Reads a palette.
  ///
  /// Names that a text has in other than UTF-8 are taken as Latin-1.
  ///
  /// - Parameter bytes: The whole file.
  /// - Returns: At least one colour, in the order of the file.
  /// - Throws: Every case of `PaletteFileError` but `.unknownKind`,
  ///   `.unknownEnding`, `.alpha` and `.encode`.
  /// - Complexity: O(bytes).
  public func read(
    _ bytes: [UInt8]
  ) throws(PaletteFileError) -> [PaletteColor] {
    guard !bytes.isEmpty else { throw .empty }
    let colors = try traits.read(bytes)
    guard !colors.isEmpty else { throw .noColors(self) }
    return colors
  }

  /// Colours as the format has room for them.
  ///
  /// - Parameter colors: The colours.
  /// - Returns: The colours, with translucent ones opaque where the format has
  ///   no alpha for them, and how many that changes.
  package func withoutSoftAlpha(
    _ colors: [PaletteColor]
  ) -> (colors: [PaletteColor], changed: Int) {
    guard [.none, .transparent].contains(traits.alpha) else {
      return (colors, 0)
    }
    var result = colors
    var changed = 0
    for n in result.indices where (1..<255).contains(result[n].alpha) {
      result[n].alpha = 255
      changed += 1
    }
    return (result, changed)
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
    let traits = traits
    var colors = colors
    if [.none, .visible].contains(traits.alpha) {
      colors.removeAll { $0.alpha == 0 }
    }
    guard traits.alpha != .none || colors.allSatisfy({ $0.alpha == 255 })
    else { throw .alpha(self) }
    guard !colors.isEmpty else { throw .noColors(self) }
    return try traits.write(colors, title)
  }
}
