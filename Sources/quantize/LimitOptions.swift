import ArgumentParser
import ImageFormats

/// What files may ask for at most.
struct LimitOptions: ParsableArguments {
  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      """
      The most pixels that an image may have, such as 500M or 4G; larger ones \
      are refused. (default: 2G)
      """, valueName: "n"),
    transform: parsePixels)
  var maxPixels = DecodeLimits().pixels

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      """
      The most bytes that each profile, text or other chunk beside the pixels \
      may have. (default: 16M)
      """, valueName: "n"),
    transform: parseCount)
  var maxMetadata = DecodeLimits().metadataBytes

  /// Both together.
  var limits: DecodeLimits {
    DecodeLimits(pixels: maxPixels, metadataBytes: maxMetadata)
  }

  /// As many as colours are counted with.
  private static func parsePixels(_ argument: String) throws -> Int {
    let count = try parseCount(argument)
    guard count <= UInt32.max else {
      throw ValidationError(
        "an image can have \(UInt32.max) pixels at most, not \(argument)")
    }
    return count
  }

  /// A whole number, or a number with k, M or G behind it, for thousands,
  /// millions and thousands of millions.
  static func parseCount(_ argument: String) throws -> Int {
    let factors: [Character: Double] = [
      "k": 1e3, "K": 1e3, "m": 1e6, "M": 1e6, "g": 1e9, "G": 1e9,
    ]
    let factor = argument.last.flatMap { factors[$0] }
    let digits = factor == nil ? argument[...] : argument.dropLast()
    let isNumber = digits.allSatisfy {
      $0.isASCII && ($0.isNumber || $0 == ".")
    }
    guard isNumber, let number = Double(digits),
      let count = Int(exactly: (number * (factor ?? 1)).rounded()), count >= 1,
      factor != nil || !digits.contains(".")
    else {
      throw ValidationError(
        "give a number from 1 on, such as 500M or 2G, not “\(argument)”")
    }
    return count
  }
}
