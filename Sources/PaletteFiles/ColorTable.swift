import Rasters

/// Adobe's colour tables ("Adobe Photoshop File Formats Specification", "Color
/// Table"): 256 entries of red, green and blue, and mostly behind them how many
/// of them count and which one is transparent.
enum ColorTable {
  static let traits = PaletteTraits(
    name: "colour table (.act)", alpha: .transparent, isToldByEnding: true,
    read: read
  ) { colors, _ throws(PaletteFileError) in try write(colors) }

  private static let most = 256

  /// What stands where no entry is transparent.
  private static let none: UInt16 = 0xffff

  static func read(_ bytes: [UInt8]) throws(PaletteFileError) -> [PaletteColor]
  {
    guard bytes.count == 3 * most || bytes.count == 3 * most + 4 else {
      throw .damaged(
        .act, reason: "it has \(bytes.count) bytes, not 768 or 772")
    }
    var cursor = ByteCursor(bytes[(3 * most)...])
    let count = cursor.bigEndian(UInt16.self).map(Int.init) ?? most
    let transparent = cursor.bigEndian(UInt16.self) ?? none
    guard count <= most else {
      throw .damaged(.act, reason: "it says that it has \(count) colours")
    }
    return (0..<count).map { n in
      PaletteColor(
        color: RGBColor(
          red: bytes[3 * n], green: bytes[3 * n + 1], blue: bytes[3 * n + 2]),
        alpha: n == Int(transparent) ? 0 : 255)
    }
  }

  static func write(
    _ colors: [PaletteColor]
  ) throws(PaletteFileError) -> [UInt8] {
    guard colors.count <= most else {
      throw .tooManyColors(.act, colors.count, most: most)
    }
    let clear = colors.indices.filter { colors[$0].alpha < 255 }
    guard clear.count <= 1, clear.allSatisfy({ colors[$0].alpha == 0 }) else {
      throw .alpha(.act)
    }
    var bytes = colors.flatMap {
      [$0.color.red, $0.color.green, $0.color.blue]
    }
    bytes += [UInt8](repeating: 0, count: 3 * most - bytes.count)
    bytes.append(bigEndian: UInt16(colors.count))
    bytes.append(bigEndian: clear.first.map { UInt16($0) } ?? none)
    return bytes
  }
}
