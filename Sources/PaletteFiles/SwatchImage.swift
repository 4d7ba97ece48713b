import ImageFormats
import Rasters

/// A picture of colour fields on a transparent ground, in rows, so that its
/// pixels have the palette's colours and no others.
enum SwatchImage {
  static let traits = PaletteTraits(
    name: "PNG of swatches", alpha: .visible,
    recognizes: PaletteTraits.beginning(with: [0x89] + Array("PNG".utf8)),
    read: read
  ) { colors, _ throws(PaletteFileError) in try write(colors) }

  /// The side of a field and the gap around it, in pixels: smaller ones where
  /// there are many.
  private static func measures(_ count: Int) -> (field: Int, gap: Int) {
    count <= 256 ? (32, 4) : (8, 1)
  }

  /// The least fields that fill a row: up to 8, then about as many as there are
  /// rows.
  private static func columns(_ count: Int) -> Int {
    var columns = min(8, count)
    while columns * columns < count { columns += 1 }
    return columns
  }

  /// Takes the colours of a picture, in the order in which they appear row by
  /// row; complete transparency is none.
  static func read(_ bytes: [UInt8]) throws(PaletteFileError) -> [PaletteColor]
  {
    let raster: Raster
    do {
      raster = try ImageDecoder.decode(bytes).raster
    } catch {
      throw .decode(error)
    }
    var seen: Set<UInt64> = []
    var colors: [PaletteColor] = []
    let channels = raster.channels.count
    for start in stride(from: 0, to: raster.samples.count, by: channels) {
      let alpha = channels == 4 ? raster.samples[start + 3] : 255
      guard alpha > 0 else { continue }
      let color = RGBColor(
        red: raster.samples[start], green: raster.samples[start + 1],
        blue: raster.samples[start + 2])
      let isNew = seen.insert(UInt64(color.packed) << 8 | UInt64(alpha))
        .inserted
      if isNew { colors.append(PaletteColor(color: color, alpha: alpha)) }
    }
    return colors
  }

  static func write(
    _ colors: [PaletteColor]
  ) throws(PaletteFileError) -> [UInt8] {
    let (field, gap) = measures(colors.count)
    let columns = columns(colors.count)
    let rows = (colors.count + columns - 1) / columns
    let width = columns * (field + gap) + gap
    let height = rows * (field + gap) + gap
    guard let size = ImageSize(width: width, height: height) else {
      throw .encode(
        .tooLarge(
          format: .png, width: width, height: height,
          maximumSide: Int(Int32.max)))
    }
    var samples = [UInt8](repeating: 0, count: 4 * size.pixelCount)
    for (n, entry) in colors.enumerated() {
      let left = gap + n % columns * (field + gap)
      let top = gap + n / columns * (field + gap)
      let pixel = [
        entry.color.red, entry.color.green, entry.color.blue, entry.alpha,
      ]
      for y in top..<top + field {
        for x in left..<left + field {
          let start = 4 * (y * width + x)
          samples.replaceSubrange(start..<start + 4, with: pixel)
        }
      }
    }
    do {
      return try PNGEncoder().encode(
        Raster(size: size, channels: .rgba, samples: samples))
    } catch {
      throw .encode(error)
    }
  }
}
