/// The chunks of a PNG that say what its samples mean, as they stand in the
/// file.
///
/// Where several are there, the first of cICP, iCCP, sRGB, and then gAMA with
/// cHRM decides, as the third edition of the PNG specification has it. One that
/// is broken is passed over.
struct PNGColorChunks {
  /// The payload of cICP: primaries, transfer, matrix, full range.
  var codePoints: [UInt8]?

  /// The payload of iCCP.
  var profile: [UInt8]?

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

  /// The profile of the samples, `nil` for sRGB, and what was passed over.
  ///
  /// A file without any of the chunks is taken as sRGB, as the web does.
  ///
  /// - Parameter limits: What a profile may have.
  /// - Returns: A profile that may be for grey or for RGB.
  /// - Throws: `DecodeError.unsupported` for code points of another kind,
  ///   `.metadataTooLarge`.
  func meaning(
    _ limits: DecodeLimits = DecodeLimits()
  ) throws(DecodeError) -> (
    profile: ColorProfile?, warnings: [String]
  ) {
    var warnings: [String] = []
    if let codePoints {
      if codePoints.count == 4 {
        let space = try CodePoints.space(codePoints)
        return (space.flatMap(Self.profile), warnings)
      }
      warnings.append(Self.broken("cICP"))
    }
    if let profile {
      if let profile = try Self.inflated(profile, limits).flatMap({
        ColorProfile($0)
      }) {
        return (profile, warnings)
      }
      warnings.append(ColorManagement.brokenProfile(for: .rgb))
      return (nil, warnings)
    }
    if standard != nil { return (nil, warnings) }
    var space = RGBSpace.sRGB
    if let gamma {
      if let transfer = Self.transfer(gamma) {
        space.transfer = transfer
      } else {
        warnings.append(Self.broken("gAMA"))
      }
    }
    if let chromaticities {
      if let primaries = Self.primaries(chromaticities) {
        space.primaries = primaries
      } else {
        warnings.append(Self.broken("cHRM"))
      }
    }
    return (Self.profile(space), warnings)
  }

  private static func profile(_ space: RGBSpace) -> ColorProfile? {
    space == .sRGB ? nil : space.profile(named: "RGB of a PNG")
  }

  private static func broken(_ name: String) -> String {
    "the \(name) chunk is broken and passed over"
  }

  /// The profile of iCCP: a name of 1 to 79 bytes, two zeros, and a zlib
  /// stream of as many bytes as the profile's first four say.
  private static func inflated(
    _ payload: [UInt8], _ limits: DecodeLimits
  ) throws(DecodeError) -> [UInt8]? {
    guard let end = payload.prefix(80).firstIndex(of: 0), end > 0,
      payload.count > end + 2, payload[end + 1] == 0
    else { return nil }
    let stream = Array(payload[(end + 2)...])
    guard let start = ZlibStream.inflate(stream, prefix: 4),
      let size = start.number(at: 0, count: 4, .big), size >= 128
    else { return nil }
    guard size <= limits.metadataBytes else {
      throw .metadataTooLarge(
        format: .png, what: "an ICC profile",
        maximumBytes: limits.metadataBytes)
    }
    return ZlibStream.inflate(stream, prefix: size)
  }

  private static func transfer(_ bytes: [UInt8]) -> RGBSpace.Transfer? {
    // Every number but 0 is legal; beyond these libpng calls it out of range.
    guard bytes.count == 4, let gamma = bytes.number(at: 0, count: 4, .big),
      (16...625_000_000).contains(gamma)
    else { return nil }
    return abs(gamma - 45_455) <= gammaTolerance
      ? .sRGB : .power(100_000 / Double(gamma))
  }

  private static func primaries(_ bytes: [UInt8]) -> RGBSpace.Primaries? {
    guard bytes.count == 32 else { return nil }
    let values = (0..<8).compactMap { bytes.number(at: 4 * $0, count: 4, .big) }
    let standard = [
      31_270, 32_900, 64_000, 33_000, 30_000, 60_000, 15_000, 6_000,
    ]
    if zip(values, standard).allSatisfy({
      abs($0 - $1) <= chromaticityTolerance
    }) {
      return .bt709
    }
    func light(_ i: Int) -> RGBSpace.Chromaticity {
      RGBSpace.Chromaticity(
        Double(values[2 * i]) / 100_000, Double(values[2 * i + 1]) / 100_000)
    }
    let primaries = RGBSpace.Primaries(
      white: light(0), red: light(1), green: light(2), blue: light(3))
    return primaries.areSound ? primaries : nil
  }
}
