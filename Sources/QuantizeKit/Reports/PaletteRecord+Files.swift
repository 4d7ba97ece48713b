import JSONFiles
public import PaletteFiles
import Rasters

extension PaletteRecord {
  /// Writes records in a format of palette files; JSON has all that a record
  /// has.
  ///
  /// - Parameters:
  ///   - records: At least one.
  ///   - format: The format.
  ///   - title: The palette's name, for the formats that have one.
  /// - Returns: The bytes of the file.
  /// - Throws: `PaletteFileError`, for what the format has no room for.
  static func write(
    _ records: [PaletteRecord], as format: PaletteFormat, title: String
  ) throws(PaletteFileError) -> [UInt8] {
    guard format != .json else { return JSONFile.encode(records) }
    return try format.write(
      format.withoutSoftAlpha(records.map(\.paletteColor)).colors,
      title: title)
  }

  /// What a format loses of records: a line for a person, if anything.
  static func loss(
    of records: [PaletteRecord], as format: PaletteFormat
  ) -> String? {
    let count = format.withoutSoftAlpha(records.map(\.paletteColor)).changed
    guard count > 0 else { return nil }
    return "\(count) translucent colour\(count == 1 ? " is" : "s are") written "
      + "as opaque, since a \(format.name) has no alpha; "
      + "\(PaletteFormat.translucentEndings) keep it"
  }

  /// The colour alone.
  public var paletteColor: PaletteColor {
    let samples = rgb.map { UInt8(clamping: $0) }
    return PaletteColor(
      color: RGBColor(red: samples[0], green: samples[1], blue: samples[2]),
      alpha: UInt8(clamping: alpha), name: name)
  }
}
