import Rasters

/// A pinned colour, and perhaps its name.
struct PinArgument {
  /// The colour.
  let color: RGBColor

  /// What it is called in palette files.
  let name: String?

  /// Reads `#rrggbb` or `NAME=#rrggbb`.
  ///
  /// - Parameter argument: A colour as CSS writes it, with a name before the last
  ///   equals sign or without.
  /// - Throws: `ValidationError` that says what is allowed.
  init(argument: String) throws {
    let parts = argument.split(
      separator: "=", omittingEmptySubsequences: false)
    let name = parts.dropLast().joined(separator: "=")
    color = try RGBColor(argument: String(parts.last ?? ""))
    self.name = name.isEmpty ? nil : name
  }
}
