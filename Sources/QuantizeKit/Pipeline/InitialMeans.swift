public import TruncatedEM

#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

/// Reads the means to start from: a JSON array of `[r, g, b]`, numbers from 0
/// to 255 with or without fractions, or of objects with such an `rgb`, as
/// `--palette-out` writes them.
public enum InitialMeans {
  /// One element of the array.
  private struct Element: Decodable {
    let rgb: [Double]

    private enum CodingKeys: CodingKey {
      case rgb
    }

    init(from decoder: any Decoder) throws {
      if let rgb = try? decoder.singleValueContainer().decode([Double].self) {
        self.rgb = rgb
      } else {
        rgb = try decoder.container(keyedBy: CodingKeys.self)
          .decode([Double].self, forKey: .rgb)
      }
    }
  }

  private static let remedy =
    "expected a JSON array of [r, g, b] with numbers from 0 to 255"

  /// Reads a file of means.
  ///
  /// - Parameter location: A file or standard input.
  /// - Returns: A model with those means.
  /// - Throws: `QuantizeError.unreadable`, `.inputOutput` or `.initialMeans`.
  public static func read(
    _ location: FileLocation
  ) throws(QuantizeError) -> MixtureModel {
    let bytes = try InputFile.read(location)
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
      guard element.rgb.count == 3 else {
        throw .initialMeans(
          location,
          reason: "colour \(row + 1) has \(element.rgb.count) numbers, not 3")
      }
      guard element.rgb.allSatisfy({ (0...255).contains($0) }) else {
        throw .initialMeans(
          location, reason: "colour \(row + 1) is not within 0 to 255")
      }
    }
    do {
      return try MixtureModel(means: elements.flatMap(\.rgb), dimension: 3)
    } catch {
      throw .initialMeans(location, reason: error.message)
    }
  }
}
