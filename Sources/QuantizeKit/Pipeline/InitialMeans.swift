public import ImageFormats
import Quantization
public import TruncatedEM

#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

/// Reads the means to start from: a JSON array of `[r, g, b]` or `[r, g, b, a]`,
/// numbers from 0 to 255 with or without fractions, alpha not premultiplied; or
/// of objects with an `rgb` and an `alpha`, as `--palette-out` writes them.
public enum InitialMeans {
  /// One element of the array.
  private struct Element: Decodable {
    /// Red, green, blue and, if it is there, alpha.
    let samples: [Double]

    private enum CodingKeys: CodingKey {
      case rgb
      case alpha
    }

    init(from decoder: any Decoder) throws {
      if let samples = try? decoder.singleValueContainer()
        .decode([Double].self)
      {
        self.samples = samples
      } else {
        let object = try decoder.container(keyedBy: CodingKeys.self)
        let alpha = try object.decodeIfPresent(Double.self, forKey: .alpha)
        samples =
          try object.decode([Double].self, forKey: .rgb)
          + [alpha].compactMap(\.self)
      }
    }
  }

  private static let remedy =
    "expected a JSON array of [r, g, b] or [r, g, b, a], numbers from 0 to 255"

  /// Reads a file of means.
  ///
  /// - Parameters:
  ///   - location: A file or standard input.
  ///   - limits: How many bytes it may have.
  /// - Returns: A model with those means: of dimension 4 where one of them is
  ///   not opaque, or else of dimension 3.
  /// - Throws: `QuantizeError.unreadable`, `.inputOutput`, `.inputTooLarge` or
  ///   `.initialMeans`.
  public static func read(
    _ location: FileLocation, limits: DecodeLimits = DecodeLimits()
  ) throws(QuantizeError) -> MixtureModel {
    let bytes = try InputFile.read(location) { (start) throws(QuantizeError) in
      // A short file is read whole by now, and its text explains itself.
      guard
        start.bytes.count < FileSignature.mostBytes
          || start.bytes.first(where: isText) == UInt8(ascii: "[")
      else { throw .initialMeans(location, reason: remedy) }
      return .text(limits)
    }
    return try parse(bytes, from: location)
  }

  /// Whether a byte is neither white space nor one of those that UTF-16 and
  /// byte order marks put between characters.
  private static func isText(_ byte: UInt8) -> Bool {
    byte > 0x20 && ![0xef, 0xbb, 0xbf, 0xfe, 0xff].contains(byte)
  }

  /// Reads the bytes of a file of means.
  ///
  /// - Parameters:
  ///   - bytes: The whole file.
  ///   - location: Where it came from, for messages.
  /// - Returns: As `read`.
  /// - Throws: `QuantizeError.initialMeans`.
  package static func parse(
    _ bytes: [UInt8], from location: FileLocation
  ) throws(QuantizeError) -> MixtureModel {
    let elements: [Element]
    do {
      elements = try JSONDecoder().decode([Element].self, from: Data(bytes))
    } catch DecodingError.dataCorrupted {
      throw .initialMeans(location, reason: "not valid JSON; \(remedy)")
    } catch {
      throw .initialMeans(location, reason: remedy)
    }
    guard !elements.isEmpty else {
      throw .initialMeans(location, reason: "there are no colours in it")
    }
    for (row, element) in elements.enumerated() {
      guard (3...4).contains(element.samples.count) else {
        throw .initialMeans(
          location,
          reason: "colour \(row + 1) has \(element.samples.count) numbers, "
            + "not 3 or 4")
      }
    }
    do {
      return try MixtureModel(
        colors: elements.map { element in
          let samples = element.samples
          return SIMD4(
            samples[0], samples[1], samples[2],
            samples.count > 3 ? samples[3] : 255)
        })
    } catch {
      throw .initialMeans(location, reason: error.message)
    }
  }
}
