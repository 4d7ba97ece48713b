import Rasters

/// Adobe Swatch Exchange: "ASEF", the version, and blocks of swatches and
/// groups, all numbers with their most significant byte first. RGB and grey
/// swatches are read, and groups passed over.
enum SwatchExchange {
  static let traits = PaletteTraits(
    name: "swatch exchange file (.ase)", hasNames: true, alpha: .none,
    recognizes: PaletteTraits.beginning(with: mark), read: read
  ) { colors, _ in write(colors) }

  private static let mark = Array("ASEF".utf8)
  private static let swatch: UInt16 = 1

  /// A kind of swatch that any program may change.
  private static let normal: UInt16 = 2

  /// Longer names are cut, in UTF-16 units.
  private static let longestName = 1_000

  static func read(_ bytes: [UInt8]) throws(PaletteFileError) -> [PaletteColor]
  {
    var cursor = ByteCursor(bytes[...])
    guard let start = cursor.bytes(4), start.elementsEqual(mark) else {
      throw .damaged(.ase, reason: "it does not begin with “ASEF”")
    }
    guard let version = cursor.bigEndian(UInt32.self),
      let count = cursor.bigEndian(UInt32.self)
    else { throw .damaged(.ase, reason: "the file is cut off") }
    guard version >> 16 == 1 else {
      throw .unsupported(.ase, reason: "its version is \(version >> 16), not 1")
    }
    var colors: [PaletteColor] = []
    for _ in 0..<count {
      guard let kind = cursor.bigEndian(UInt16.self),
        let length = cursor.bigEndian(UInt32.self),
        let body = cursor.bytes(Int(length))
      else { throw .damaged(.ase, reason: "the file is cut off") }
      if kind == swatch {
        colors.append(try color(body, number: colors.count + 1))
      }
    }
    return colors
  }

  private static func color(
    _ body: ArraySlice<UInt8>, number: Int
  ) throws(PaletteFileError) -> PaletteColor {
    let short = PaletteFileError.damaged(
      .ase, reason: "swatch \(number) is too short")
    var cursor = ByteCursor(body)
    guard let length = cursor.bigEndian(UInt16.self) else { throw short }
    var units: [UInt16] = []
    for _ in 0..<length {
      guard let unit = cursor.bigEndian(UInt16.self) else { throw short }
      units.append(unit)
    }
    if units.last == 0 { units.removeLast() }
    guard let model = cursor.bytes(4) else { throw short }
    let kind = String(decoding: model, as: UTF8.self)
    let channels: Int
    switch kind {
    case "RGB ": channels = 3
    case "Gray", "GRAY": channels = 1
    default:
      throw .unsupported(
        .ase,
        reason: "swatch \(number) is \(TextLines.quoted(kind)), neither RGB "
          + "nor grey; convert it first")
    }
    var samples: [UInt8] = []
    for _ in 0..<channels {
      guard let bits = cursor.bigEndian(UInt32.self) else { throw short }
      let share = Float(bitPattern: bits)
      guard share.isFinite else {
        throw .damaged(.ase, reason: "swatch \(number) is not a number")
      }
      samples.append(UInt8((255 * min(1, max(0, share))).rounded()))
    }
    let color = RGBColor(
      red: samples[0], green: samples[channels / 2],
      blue: samples[channels - 1])
    let name = String(decoding: units, as: UTF16.self)
    // A name that only says the colour again is none.
    return PaletteColor(
      color: color, name: name.isEmpty || name == color.hex ? nil : name)
  }

  static func write(_ colors: [PaletteColor]) -> [UInt8] {
    var bytes = mark
    bytes.append(bigEndian: UInt32(1) << 16)
    bytes.append(bigEndian: UInt32(colors.count))
    for entry in colors {
      // Programs show the name, so one without has its hex digits.
      let name = TextLines.oneLine(entry.name) ?? entry.color.hex
      let units = name.utf16.prefix(longestName) + [0]
      bytes.append(bigEndian: swatch)
      bytes.append(bigEndian: UInt32(2 + 2 * units.count + 4 + 12 + 2))
      bytes.append(bigEndian: UInt16(units.count))
      for unit in units { bytes.append(bigEndian: unit) }
      bytes += Array("RGB ".utf8)
      for sample in [entry.color.red, entry.color.green, entry.color.blue] {
        bytes.append(bigEndian: (Float(sample) / 255).bitPattern)
      }
      bytes.append(bigEndian: normal)
    }
    return bytes
  }
}
