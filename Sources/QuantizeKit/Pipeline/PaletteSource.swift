import ImageFormats
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
  ///   - decoding: The limits, and what is done with a damaged image.
  ///   - events: Told of everything that was skipped in an image.
  /// - Returns: Its colours, with their names.
  /// - Throws: `QuantizeError.unreadable`, `.inputOutput`, `.inputTooLarge`,
  ///   `.decode`, `.paletteFile` or `.palette`.
  public static func read(
    _ location: FileLocation, _ decoding: DecodeOptions = DecodeOptions(),
    events: JobEvent.Observer = { _ in }
  ) throws(QuantizeError) -> GivenPalette {
    let bytes = try InputFile.read(location) { (start) throws(QuantizeError) in
      try bound(of: start.bytes, location, decoding.limits)
    }
    return try palette(of: bytes, at: location, decoding, events: events)
  }

  /// Reads the bytes of a palette file or an image.
  ///
  /// - Parameters:
  ///   - bytes: The whole file.
  ///   - location: Its name, which says what it is where its content cannot.
  ///   - decoding: The limits, and what is done with a damaged image.
  ///   - events: Told of everything that was skipped in an image.
  /// - Returns: Its colours, with their names.
  /// - Throws: `QuantizeError.decode`, `.paletteFile` or `.palette`.
  package static func palette(
    of bytes: [UInt8], at location: FileLocation, _ decoding: DecodeOptions,
    events: JobEvent.Observer = { _ in }
  ) throws(QuantizeError) -> GivenPalette {
    do {
      let format = try PaletteFormat.format(of: bytes, named: named(location))
      guard let format else {
        return try image(bytes, location, decoding, events)
      }
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
    } catch let error as QuantizeError {
      throw error
    } catch {
      throw .paletteFile(location, .unknownKind)
    }
  }

  /// How many bytes a file may have that begins so.
  ///
  /// - Throws: `QuantizeError.decode` or `.paletteFile` where it is neither an
  ///   image nor a palette.
  private static func bound(
    of start: [UInt8], _ location: FileLocation, _ limits: DecodeLimits
  ) throws(QuantizeError) -> InputBound {
    // A short file is read whole by now.
    guard start.count == FileSignature.mostBytes else { return .none }
    if let named = named(location), named.isToldByEnding {
      return .text(limits)
    }
    switch FileSignature.of(start) {
    case .empty, .text, .xml:
      return .text(limits)
    case .unknown:
      // No text has a zero, and all that has can be recognised.
      guard PaletteFormat.recognized(start) != nil || !start.contains(0)
      else { throw .paletteFile(location, .unknownKind) }
      return .text(limits)
    default:
      do throws(DecodeError) {
        _ = try InputFormat(beginning: start)
      } catch {
        throw .decode(location, error)
      }
      return .image(limits)
    }
  }

  /// The format that the file's name asks for.
  private static func named(_ location: FileLocation) -> PaletteFormat? {
    location.path?.extension.flatMap { PaletteFormat(pathExtension: $0) }
  }

  private static func image(
    _ bytes: [UInt8], _ location: FileLocation, _ decoding: DecodeOptions,
    _ events: JobEvent.Observer
  ) throws(QuantizeError) -> GivenPalette {
    var decoding = decoding
    decoding.target = .sRGB
    decoding.page = nil
    decoding.alpha = .keep
    let image = try decoding.decode(bytes, of: location, events: events)
    do {
      let palette = try FixedPalette(of: image.pixels.rounded())
      return GivenPalette(
        palette: palette, entries: palette.colors, names: ColorNames())
    } catch {
      throw .palette(location, error)
    }
  }
}
