public import ColorModels
public import Quantization

/// One combination of what is compared.
public struct ComparisonCell: Hashable, Sendable {
  /// k, the number of colours.
  public let k: Int

  /// C', 1 to k.
  public let cprime: Int

  /// Where colours are clustered and mapped.
  public let space: WorkingSpace

  /// How pixels are mixed.
  public let dither: DitherMethod

  /// The seed of the search.
  public let seed: UInt64
}
