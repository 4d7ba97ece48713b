import ArgumentParser
import Quantization

extension QualityRange {
  /// Reads a range as pngquant does: `min-max`; `min-`, up to 100; `-max`, from
  /// 0; or `max` alone, from nine tenths of it.
  ///
  /// - Throws: `ValidationError` that says what is allowed.
  init(argument: String) throws {
    let parts = argument.split(
      separator: "-", omittingEmptySubsequences: false
    ).map { part in NumberArgument.wholeIfValid(part) as Int? }
    do {
      switch parts.count == 2 ? (parts[0], parts[1]) : (nil, parts.first ?? nil)
      {
      case (let least?, let most?):
        try self.init(least: least, most: most)
      case (let least?, nil) where argument.hasSuffix("-"):
        try self.init(least: least, most: 100)
      case (nil, let most?) where argument.hasPrefix("-"):
        try self.init(least: 0, most: most)
      case (nil, let most?) where parts.count == 1:
        // A number beyond the scale is refused with the range.
        let least = QualityScale.range.contains(most) ? most * 9 / 10 : 0
        try self.init(least: least, most: most)
      default:
        throw ValidationError(
          "give min-max, two numbers from 0 to 100, such as 65-80")
      }
    } catch let error as QuantizationError {
      throw ValidationError(error.message)
    }
  }
}
