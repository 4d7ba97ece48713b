/// The chunks of a PNG that say what its samples mean, as they stand in the
/// file.
///
/// Where several are there, the first of cICP, iCCP, sRGB, and then gAMA with
/// cHRM decides, as the third edition of the PNG specification has it.
struct PNGColorChunks {
  /// What became of an iCCP chunk.
  enum Profile: Equatable {
    case none
    case unreadable
    case bytes([UInt8])
  }

  /// The payload of cICP: primaries, transfer, matrix, full range.
  var codePoints: [UInt8]?

  /// The profile of iCCP, inflated.
  var profile = Profile.none

  /// The payload of sRGB.
  var standard: [UInt8]?

  /// The payload of gAMA.
  var gamma: [UInt8]?

  /// The payload of cHRM.
  var chromaticities: [UInt8]?

  /// How far gAMA may be from 45455, in units of 1/100,000: programs round
  /// 1/2.2 in different ways.
  static let gammaTolerance = 5

  /// How far each number of cHRM may be from sRGB's, in the same units.
  static let chromaticityTolerance = 200

  /// The error for samples that are not sRGB, or `nil` when they are.
  ///
  /// A file without any of the chunks is taken as sRGB, as the web does.
  func refusal() -> DecodeError? {
    if let codePoints { return refusal(ofCodePoints: codePoints) }
    switch profile {
    case .unreadable: return ColorRefusal.profile(nil, in: .png)
    case .bytes(let bytes): return ColorRefusal.profile(bytes, in: .png)
    case .none: break
    }
    if let standard {
      return standard.count == 1 ? nil : damaged("sRGB")
    }
    if let gamma, let refusal = refusal(ofGamma: gamma) { return refusal }
    return chromaticities.flatMap { refusal(ofChromaticities: $0) }
  }

  private func refusal(ofCodePoints points: [UInt8]) -> DecodeError? {
    guard points.count == 4 else { return damaged("cICP") }
    guard points != [1, 13, 0, 1] else { return nil }
    let list = points.map { String($0) }.joined(separator: ", ")
    return ColorRefusal.space("cICP \(list)", in: .png)
  }

  private func refusal(ofGamma bytes: [UInt8]) -> DecodeError? {
    guard bytes.count == 4, let gamma = bytes.number(at: 0, count: 4, .big)
    else { return damaged("gAMA") }
    guard abs(gamma - 45_455) > Self.gammaTolerance else { return nil }
    return ColorRefusal.space("gAMA \(fraction(gamma))", in: .png)
  }

  private func refusal(ofChromaticities bytes: [UInt8]) -> DecodeError? {
    guard bytes.count == 32 else { return damaged("cHRM") }
    let names = [
      "white x", "white y", "red x", "red y", "green x", "green y", "blue x",
      "blue y",
    ]
    let expected = [
      31_270, 32_900, 64_000, 33_000, 30_000, 60_000, 15_000, 6_000,
    ]
    for i in 0..<8 {
      guard let value = bytes.number(at: 4 * i, count: 4, .big) else {
        continue
      }
      if abs(value - expected[i]) > Self.chromaticityTolerance {
        return ColorRefusal.space(
          "cHRM \(names[i]) \(fraction(value))", in: .png)
      }
    }
    return nil
  }

  private func damaged(_ name: String) -> DecodeError {
    .damaged(
      format: .png, reason: "the \(name) chunk has the wrong length")
  }

  /// Units of 1/100,000 as a decimal number.
  private func fraction(_ units: Int) -> String {
    let digits = String(units % 100_000)
    let zeros = String(repeating: "0", count: 5 - digits.count)
    return "\(units / 100_000).\(zeros)\(digits)"
  }
}
