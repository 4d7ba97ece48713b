import TruncatedEM

/// The number of colours asked for, k: 1 to 65,536.
public struct PaletteSize: Hashable, Sendable {
  /// The sizes there are.
  public static let range = 1...MixtureModel.maximumComponents

  /// The most colours that an indexed image can have.
  public static let mostIndexed = 256

  /// k.
  public let count: Int

  /// Checks a number of colours.
  ///
  /// - Parameter count: k.
  /// - Throws: `QuantizationError.paletteSize` outside ``range``.
  public init(_ count: Int) throws(QuantizationError) {
    guard Self.range.contains(count) else { throw .paletteSize(count) }
    self.count = count
  }
}
