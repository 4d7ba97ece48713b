public import ImageFormats
import PaletteFiles
import Quantization

/// Reads the file whose colours are the palette: a palette file or an image.
public enum PaletteSource {
  /// Reads a file.
  ///
  /// What it is, its content says, and where that cannot tell, its name does:
  /// `PaletteFormat`.
  ///
  /// - Parameters:
  ///   - location: A file or standard input.
  ///   - limits: What an image may ask for.
  /// - Returns: Its colours, with their names.
  /// - Throws: `QuantizeError.unreadable`, `.inputOutput`, `.decode`,
  ///   `.paletteFile` or `.palette`.
  public static func read(
    _ location: FileLocation, limits: DecodeLimits = DecodeLimits()
  ) throws(QuantizeError) -> GivenPalette {
    let bytes = try InputFile.read(location, limits: limits)
    guard let format = try format(of: bytes, location) else {
      return try image(bytes, location, limits)
    }
    do {
      let colors = try format.read(bytes)
      let entries = colors.map {
        FixedPalette.Color(color: $0.color, alpha: $0.alpha)
      }
      return GivenPalette(
        palette: try FixedPalette(entries), entries: entries,
        names: ColorNames(colors))
    } catch let error as PaletteFileError {
      throw .paletteFile(location, error)
    } catch let error as QuantizationError {
      throw .palette(location, error)
    } catch {
      throw .paletteFile(location, .unknownKind)
    }
  }

  /// The format of a palette file, or `nil` of an image.
  private static func format(
    of bytes: [UInt8], _ location: FileLocation
  ) throws(QuantizeError) -> PaletteFormat? {
    let named = location.path?.extension.flatMap {
      PaletteFormat(pathExtension: $0)
    }
    // A colour table begins with colours, which can look like anything; a style
    // sheet may begin with a bracket or hold a drawing.
    if let named, named.isToldByEnding { return named }
    switch FileSignature.of(bytes) {
    case .empty:
      throw .paletteFile(location, .empty)
    case .text, .xml, .unknown:
      break
    default:
      return nil
    }
    if let format = PaletteFormat.recognized(bytes) { return format }
    if let named, named != .png { return named }
    // Lines of hex digits are what a pipe brings.
    guard (try? PaletteFormat.hex.read(bytes)) != nil else {
      throw .paletteFile(location, .unknownKind)
    }
    return .hex
  }

  private static func image(
    _ bytes: [UInt8], _ location: FileLocation, _ limits: DecodeLimits
  ) throws(QuantizeError) -> GivenPalette {
    var decoding = DecodeOptions()
    decoding.limits = limits
    let image = try decoding.decode(bytes, of: location)
    do {
      let palette = try FixedPalette(of: image.pixels.rounded())
      return GivenPalette(
        palette: palette, entries: palette.colors, names: ColorNames())
    } catch {
      throw .palette(location, error)
    }
  }
}
