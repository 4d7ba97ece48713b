/// The properties of a format of palette files, its reader and its writer.
struct PaletteTraits: Sendable {
  /// Which alphas a format has room for.
  enum Alpha: Sendable {
    /// None: a fully transparent colour is left out.
    case none

    /// Full transparency only, which is checked as the file is written.
    case transparent

    /// Every alpha.
    case any

    /// Every alpha but full transparency, which is left out.
    case visible
  }

  /// The name that messages use.
  let name: String

  /// Whether colours have names.
  var hasNames = false

  let alpha: Alpha

  /// Whether content cannot tell the format and may look like another: the
  /// ending of the name decides.
  var isToldByEnding = false

  /// Whether some bytes are unmistakably a file of the format.
  var recognizes: @Sendable (_ bytes: [UInt8]) -> Bool = { _ in false }

  /// Reads colours of a file that is not empty.
  let read:
    @Sendable (_ bytes: [UInt8]) throws(PaletteFileError) -> [PaletteColor]

  /// Writes colours, at least one, all with alphas that there is room for.
  let write:
    @Sendable (
      _ colors: [PaletteColor], _ title: String
    ) throws(PaletteFileError) -> [UInt8]

  /// Recognises files that begin with some bytes.
  static func beginning(
    with mark: [UInt8]
  ) -> @Sendable (_ bytes: [UInt8]) -> Bool {
    { $0.starts(with: mark) }
  }
}
