import JSONFiles
import Quantization

extension FitRequest {
  /// The arguments of the command that ask for the same colours, without files but
  /// for ``paletteFile``.
  ///
  /// - Returns: Options that differ from the defaults, in the order of the manual.
  /// - Throws: `ServiceError` where a colour is none.
  package func arguments() throws(ServiceError) -> [String] {
    var arguments: [String] = []
    if palette != nil {
      arguments += ["--palette", Self.paletteFile]
      if keepPalette { arguments.append("--keep-palette") }
    } else {
      arguments += ["-k", "\(colors)"]
    }
    if cprime != 1 { arguments += ["--cprime", "\(cprime)"] }
    for pin in try pinned() {
      // A name may begin as an option does.
      arguments +=
        pin.argument.hasPrefix("-")
        ? ["--pin=\(pin.argument)"] : ["--pin", pin.argument]
    }
    if effort != 5 { arguments += ["--effort", "\(effort)"] }
    if mixing != "equal" { arguments += ["--mixing", mixing] }
    if variance != "shared" { arguments += ["--variance", variance] }
    if seed != 0 { arguments += ["--seed", "\(seed)"] }
    if perceptual { arguments.append("--perceptual") }
    if let space, space != (perceptual ? "oklab" : "srgb") {
      arguments += ["--space", space]
    }
    let method = try ditherMethod()
    if let dither, perceptual || method != .none {
      arguments += ["--dither", dither]
    }
    if let ditherStrength, method != .none,
      ditherStrength != DitherOptions().strength
    {
      arguments += ["--dither-strength", "\(ditherStrength)"]
    }
    if let importance, importance != (perceptual ? "auto" : "none") {
      arguments += ["--importance", importance]
    }
    if balance != 1 { arguments += ["--balance", "\(balance)"] }
    if minRegion != 1 { arguments += ["--min-region", "\(minRegion)"] }
    if posterize != 0 { arguments += ["--posterize", "\(posterize)"] }
    if let background { arguments += ["--background", background] }
    if let alphaThreshold {
      arguments += ["--alpha-threshold", "\(alphaThreshold)"]
    }
    return arguments
  }

  /// The name of the file that holds the given colours.
  static let paletteFile = "palette.json"

  /// What that file holds.
  package func paletteJSON() throws(ServiceError) -> [UInt8] {
    JSONFile.encode(
      try given().map {
        PaletteEntry(hex: $0.color.hex, alpha: $0.alpha, name: $0.name)
      })
  }

  private struct PaletteEntry: Encodable {
    let hex: String
    let alpha: UInt8
    let name: String?
  }
}
