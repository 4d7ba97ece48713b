import ColorModels
import Quantization
import Rasters
import TruncatedEM

#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

/// What is asked of a picture: the options of the command, with its defaults, as a
/// JSON object. Only `colors` has to be there, or `palette`.
public struct FitRequest: Decodable, Hashable, Sendable {
  /// k, 1 to 256.
  public var colors: Int

  /// C', 1 to k.
  public var cprime = 1

  /// The working space; `nil` for `srgb`, or with ``perceptual`` `oklab`.
  public var space: String?

  /// How hard to search, 1 to 10.
  public var effort = 5

  /// The dither method; `nil` for `none`, or with ``perceptual`` `floyd-steinberg`.
  public var dither: String?

  /// How strongly to dither, 0 to 1.
  public var ditherStrength: Double?

  /// Whether to aim for visual quality.
  public var perceptual = false

  /// What counts: `none` or `auto`; `nil` for `none`, or with ``perceptual`` `auto`.
  public var importance: String?

  /// The power by which a colour's pixels count, 0 to 1.
  public var balance = 1.0

  /// `equal` or `learned` priors.
  public var mixing = MixingWeights.equal.rawValue

  /// A `shared` variance, or one `per-component`.
  public var variance = CovarianceType.tied.rawValue

  /// The seed of the search.
  public var seed: UInt64 = 0

  /// Colours that are kept exactly: `#rrggbb` or `name=#rrggbb`.
  public var pins: [String] = []

  /// Colours that are given: `#rrggbb`, `#rrggbbaa`, or with a name before `=`.
  /// Nothing is fitted then.
  public var palette: [String]?

  /// Whether a given palette keeps its order, and the colours that no pixel has.
  public var keepPalette = false

  /// The colour that the picture is blended with.
  public var background: String?

  /// The least alpha of a pixel that is opaque, 1 to 255.
  public var alphaThreshold: Int?

  /// The fewest pixels of a region, 1 or more.
  public var minRegion = 1

  /// The bits that palette samples drop, 0 to 4.
  public var posterize = 0

  /// Whether only the reduced picture is mapped.
  public var reduced = false

  /// Whether what takes time is measured.
  public var measure = false

  /// A request for a number of colours.
  public init(colors: Int) {
    self.colors = colors
  }

  private enum CodingKeys: String, CodingKey, CaseIterable {
    case colors, cprime, space, effort, dither, ditherStrength, perceptual
    case importance, balance, mixing, variance, seed, pins, palette, keepPalette
    case background, alphaThreshold, minRegion, posterize, reduced, measure
  }

  /// Keys that belong to the request which holds the options.
  static let outerKeys: Set<String> = [
    "over", "values", "as", "ditto", "moves", "shades",
  ]

  private struct AnyKey: CodingKey {
    let stringValue: String
    let intValue: Int? = nil
    init(stringValue: String) { self.stringValue = stringValue }
    init?(intValue: Int) { nil }
  }

  /// Reads a request; unknown keys are refused.
  public init(from decoder: any Decoder) throws {
    let known = Set(CodingKeys.allCases.map(\.rawValue))
      .union(Self.outerKeys)
    for key in try decoder.container(keyedBy: AnyKey.self).allKeys
    where !known.contains(key.stringValue) {
      throw ServiceError.wrong(
        "there is no option \"\(key.stringValue.prefix(40))\"; docs/serve.md "
          + "lists them")
    }
    let values = try decoder.container(keyedBy: CodingKeys.self)
    func value<Value: Decodable>(
      _ key: CodingKeys, _ standard: Value
    ) throws -> Value {
      try values.decodeIfPresent(Value.self, forKey: key) ?? standard
    }
    palette = try values.decodeIfPresent([String].self, forKey: .palette)
    let count = try values.decodeIfPresent(Int.self, forKey: .colors)
    guard let colors = count ?? palette?.count else {
      throw ServiceError.wrong("\"colors\" is missing; give 1 to 256")
    }
    self.colors = colors
    cprime = try value(.cprime, 1)
    space = try values.decodeIfPresent(String.self, forKey: .space)
    effort = try value(.effort, 5)
    dither = try values.decodeIfPresent(String.self, forKey: .dither)
    ditherStrength = try values.decodeIfPresent(
      Double.self, forKey: .ditherStrength)
    perceptual = try value(.perceptual, false)
    importance = try values.decodeIfPresent(String.self, forKey: .importance)
    balance = try value(.balance, 1)
    mixing = try value(.mixing, mixing)
    variance = try value(.variance, variance)
    seed = try value(.seed, 0)
    pins = try value(.pins, [])
    keepPalette = try value(.keepPalette, false)
    background = try values.decodeIfPresent(String.self, forKey: .background)
    alphaThreshold = try values.decodeIfPresent(
      Int.self, forKey: .alphaThreshold)
    minRegion = try value(.minRegion, 1)
    posterize = try value(.posterize, 0)
    reduced = try value(.reduced, false)
    measure = try value(.measure, false)
  }

  /// Reads a body of JSON.
  ///
  /// - Throws: `ServiceError` that says what is wrong.
  public static func decode<Value: Decodable>(
    _ type: Value.Type, from bytes: [UInt8]
  ) throws(ServiceError) -> Value {
    do {
      return try JSONDecoder().decode(type, from: Data(bytes))
    } catch let error as ServiceError {
      throw error
    } catch DecodingError.typeMismatch(_, let context),
      DecodingError.valueNotFound(_, let context)
    {
      throw .wrong("\(Self.name(context)) has a value of the wrong type")
    } catch DecodingError.keyNotFound(let key, _) {
      throw .wrong("\"\(key.stringValue)\" is missing")
    } catch DecodingError.dataCorrupted(let context)
      where !context.codingPath.isEmpty
    {
      throw .wrong("\(Self.name(context)) is out of range")
    } catch {
      throw .wrong(
        "the body is not a JSON object, or a number in it is out of range")
    }
  }

  private static func name(_ context: DecodingError.Context) -> String {
    context.codingPath.last.map { "\"\($0.stringValue)\"" } ?? "the body"
  }
}
