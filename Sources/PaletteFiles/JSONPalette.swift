import ColorModels
import JSONFiles
import Rasters

#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

/// JSON: an array of colours, or an object that has one as `palette` or
/// `colors`. A colour is `[r, g, b]` or `[r, g, b, alpha]`, whole numbers from 0
/// to 255, a string that CSS knows as a colour, or an object with `rgb` or `hex`
/// and perhaps `alpha` and `name`.
enum JSONPalette {
  static let traits = PaletteTraits(
    name: "JSON palette", hasNames: true, alpha: .any,
    recognizes: { bytes in
      let first = bytes.first { !TextLines.isSpace($0) }
      return first == UInt8(ascii: "[") || first == UInt8(ascii: "{")
    }, read: read, write: { colors, _ in write(colors) })

  /// A colour as it is written.
  private struct Record: Encodable {
    let hex: String
    let rgb: [UInt8]
    let alpha: UInt8
    let name: String?
  }

  /// What is not a colour.
  private struct Problem: Error {
    let text: String
  }

  /// One element: a colour, or why it is none.
  private struct Element: Decodable {
    let color: Result<PaletteColor, Problem>

    private enum CodingKeys: CodingKey {
      case rgb, hex, space, alpha, name
    }

    init(from decoder: any Decoder) throws {
      do throws(Problem) {
        color = .success(try Self.color(decoder))
      } catch {
        color = .failure(error)
      }
    }

    private static func color(
      _ decoder: any Decoder
    ) throws(Problem) -> PaletteColor {
      let value = try? decoder.singleValueContainer()
      if let text = try? value?.decode(String.self) { return try css(text) }
      if let numbers = try? value?.decode([Double].self) {
        return try samples(numbers)
      }
      guard let object = try? decoder.container(keyedBy: CodingKeys.self)
      else { throw Problem(text: remedy) }
      if let space = try? object.decode(String.self, forKey: .space),
        space != "srgb"
      {
        throw Problem(
          text: "is of the space \(TextLines.quoted(space)), not of sRGB")
      }
      var color: PaletteColor
      if let numbers = try? object.decode([Double].self, forKey: .rgb) {
        color = try samples(numbers)
      } else if let text = try? object.decode(String.self, forKey: .hex) {
        color = try css(text)
      } else {
        throw Problem(text: remedy)
      }
      if let alpha = try? object.decode(Double.self, forKey: .alpha) {
        color.alpha = try sample(alpha)
      }
      color.name = try? object.decode(String.self, forKey: .name)
      return color
    }

    private static let remedy =
      "is neither [r, g, b] nor \"#rrggbb\" nor an object with rgb or hex"

    private static func css(_ text: String) throws(Problem) -> PaletteColor {
      guard let color = CSSColor(text) else {
        throw Problem(
          text: "is \(TextLines.quoted(text)), which is no colour; write it as "
            + "#rrggbb")
      }
      return PaletteColor(color: color.color, alpha: color.alpha)
    }

    private static func samples(
      _ numbers: [Double]
    ) throws(Problem) -> PaletteColor {
      guard (3...4).contains(numbers.count) else {
        throw Problem(text: "has \(numbers.count) numbers, not 3 or 4")
      }
      let color = RGBColor(
        red: try sample(numbers[0]), green: try sample(numbers[1]),
        blue: try sample(numbers[2]))
      return PaletteColor(
        color: color, alpha: numbers.count > 3 ? try sample(numbers[3]) : 255)
    }

    private static func sample(_ number: Double) throws(Problem) -> UInt8 {
      guard let sample = UInt8(exactly: number) else {
        throw Problem(text: "is not of whole numbers from 0 to 255")
      }
      return sample
    }
  }

  /// An object around the array, such as a report.
  private struct Wrapper: Decodable {
    let palette: [Element]?
    let colors: [Element]?
  }

  static func read(_ bytes: [UInt8]) throws(PaletteFileError) -> [PaletteColor]
  {
    let elements: [Element]
    let decoder = JSONDecoder()
    let data = Data(bytes)
    do {
      if bytes.first(where: { !TextLines.isSpace($0) }) == UInt8(ascii: "{") {
        let wrapper = try decoder.decode(Wrapper.self, from: data)
        elements = wrapper.palette ?? wrapper.colors ?? []
      } else {
        elements = try decoder.decode([Element].self, from: data)
      }
    } catch DecodingError.dataCorrupted {
      throw .damaged(.json, reason: "it is not valid JSON")
    } catch {
      throw .damaged(.json, reason: "expected an array of colours")
    }
    var colors: [PaletteColor] = []
    for (n, element) in elements.enumerated() {
      switch element.color {
      case .success(let color): colors.append(color)
      case .failure(let problem):
        throw .damaged(.json, reason: "colour \(n + 1) \(problem.text)")
      }
    }
    return colors
  }

  static func write(_ colors: [PaletteColor]) -> [UInt8] {
    JSONFile.encode(
      colors.map {
        Record(
          hex: $0.hex, rgb: [$0.color.red, $0.color.green, $0.color.blue],
          alpha: $0.alpha, name: $0.name)
      })
  }
}
