public import Quantization

/// A palette as a file has it.
public struct GivenPalette: Sendable {
  /// Its colours, each once.
  public let palette: FixedPalette

  /// All of its entries in the order of the file, those of alpha 0 too.
  public let entries: [FixedPalette.Color]

  /// Their names.
  public let names: ColorNames
}
