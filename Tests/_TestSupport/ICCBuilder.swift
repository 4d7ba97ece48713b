/// Makes ICC profiles byte by byte, with no code of Little CMS.
public enum ICCBuilder {
  /// The lights of an RGB space as a profile has them: X, Y and Z of red, green
  /// and blue under D50.
  public struct Lights: Sendable {
    /// Nine numbers, red's first.
    public let xyz: [Double]

    /// Those of sRGB.
    public static let sRGB = Lights(xyz: [
      0.43607, 0.22249, 0.01392, 0.38515, 0.71687, 0.09708, 0.14307, 0.06061,
      0.71410,
    ])

    /// Those of Display P3.
    public static let p3 = Lights(xyz: [
      0.51512, 0.24120, -0.00105, 0.29198, 0.69225, 0.04189, 0.15710, 0.06657,
      0.78407,
    ])

    /// Those of Adobe RGB (1998).
    public static let adobe = Lights(xyz: [
      0.60974, 0.31111, 0.01947, 0.20528, 0.62567, 0.06087, 0.14919, 0.06322,
      0.74457,
    ])
  }

  /// From a sample to light.
  public enum Curve: Sendable {
    /// A power.
    case gamma(Double)
    /// That of sRGB.
    case sRGB

    fileprivate var tag: [UInt8] {
      switch self {
      case .gamma(let exponent):
        let number = Int((exponent * 256).rounded())
        return Array("curv\0\0\0\0".utf8) + bigEndian(1)
          + [UInt8(number >> 8), UInt8(number & 255)]
      case .sRGB:
        let numbers = [2.4, 1 / 1.055, 0.055 / 1.055, 1 / 12.92, 0.04045]
        return Array("para\0\0\0\0".utf8) + [0, 3, 0, 0]
          + numbers.flatMap(fixed)
      }
    }
  }

  /// A display profile for RGB that holds a description and nothing else,
  /// version 2 (a `desc` text in ASCII) or 4 (a `mluc` text in UTF-16). No
  /// colour can be made out with it.
  public static func profile(
    description: String, version: UInt8 = 2
  ) -> [UInt8] {
    profile(
      "mntrRGB XYZ ", version: version,
      [("desc", text(description, version: version))])
  }

  /// A display profile for RGB, of lights and one curve.
  public static func rgb(
    _ lights: Lights, _ curve: Curve, description: String = "RGB",
    version: UInt8 = 4
  ) -> [UInt8] {
    let tags = ["rXYZ", "gXYZ", "bXYZ"].enumerated().map { index, name in
      (name, xyz(Array(lights.xyz[3 * index..<3 * index + 3])))
    }
    return profile(
      "mntrRGB XYZ ", version: version,
      [
        ("desc", text(description, version: version)),
        ("wtpt", xyz([0.9642, 1, 0.8249])),
      ] + tags + ["rTRC", "gTRC", "bTRC"].map { ($0, curve.tag) })
  }

  /// A display profile for grey.
  public static func grey(_ curve: Curve) -> [UInt8] {
    profile(
      "mntrGRAY" + "XYZ ", version: 4,
      [
        ("desc", text("grey", version: 4)), ("wtpt", xyz([0.9642, 1, 0.8249])),
        ("kTRC", curve.tag),
      ])
  }

  /// A profile for four inks by a table of the sixteen ways to have all or
  /// nothing of each.
  ///
  /// - Parameter lightness: CIELAB's L*, 0 to 100, of a way, cyan's bit being the
  ///   highest of four and black's the lowest; all are grey.
  /// - Returns: An input profile, version 2.
  public static func cmyk(_ lightness: (_ inks: Int) -> Double) -> [UInt8] {
    func word(_ number: Double) -> [UInt8] {
      [UInt8(Int(number) >> 8), UInt8(Int(number) & 255)]
    }
    var table = Array("mft2\0\0\0\0".utf8) + [4, 3, 2, 0]
    for i in 0..<9 { table += fixed(i % 4 == 0 ? 1 : 0) }
    table += [0, 2, 0, 2]
    for _ in 0..<4 { table += [0, 0, 255, 255] }
    for inks in 0..<16 {
      // Version 2 writes 100 as ff00, and no colour as 8000.
      table += word(lightness(inks) / 100 * 0xff00) + [0x80, 0, 0x80, 0]
    }
    for _ in 0..<3 { table += [0, 0, 255, 255] }
    return profile(
      "scnrCMYKLab ", version: 2,
      [
        ("desc", text("inks", version: 2)), ("wtpt", xyz([0.9642, 1, 0.8249])),
        ("A2B0", table),
      ])
  }

  /// A header, the table of tags, the tags.
  private static func profile(
    _ kinds: String, version: UInt8, _ tags: [(String, [UInt8])]
  ) -> [UInt8] {
    var table = bigEndian(tags.count)
    var data: [UInt8] = []
    for (name, bytes) in tags {
      table += Array(name.utf8)
      table += bigEndian(132 + 12 * tags.count + data.count)
      table += bigEndian(bytes.count)
      data += bytes
      while data.count % 4 != 0 { data.append(0) }
    }
    var header = [UInt8](repeating: 0, count: 128)
    func put(_ bytes: [UInt8], at offset: Int) {
      header.replaceSubrange(offset..<offset + bytes.count, with: bytes)
    }
    put(bigEndian(128 + table.count + data.count), at: 0)
    header[8] = version
    put(Array(kinds.utf8), at: 12)
    put(Array("acsp".utf8), at: 36)
    // The white of the connection space, D50.
    put(bigEndian(0xf6d6) + bigEndian(0x10000) + bigEndian(0xd32d), at: 68)
    return header + table + data
  }

  private static func text(_ description: String, version: UInt8) -> [UInt8] {
    if version >= 4 {
      let units = Array(description.utf16).flatMap {
        [UInt8($0 >> 8), UInt8($0 & 255)]
      }
      return Array("mluc\0\0\0\0".utf8) + bigEndian(1) + bigEndian(12)
        + Array("enUS".utf8) + bigEndian(units.count) + bigEndian(28) + units
    }
    let ascii = Array(description.utf8) + [0]
    return Array("desc\0\0\0\0".utf8) + bigEndian(ascii.count) + ascii
      + [UInt8](repeating: 0, count: 78)
  }

  private static func xyz(_ numbers: [Double]) -> [UInt8] {
    Array("XYZ \0\0\0\0".utf8) + numbers.flatMap(fixed)
  }

  /// A number in 65,536ths.
  private static func fixed(_ number: Double) -> [UInt8] {
    bigEndian(Int((number * 65_536).rounded()))
  }
}
