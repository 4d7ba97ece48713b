import ImageFormats
public import Quantization

/// Reads the image whose colours are the palette.
public enum PaletteImage {
  /// Reads a file.
  ///
  /// - Parameter location: A file or standard input: an image of at most 256
  ///   colours.
  /// - Returns: Its colours.
  /// - Throws: `QuantizeError.unreadable`, `.inputOutput`, `.decode` or
  ///   `.paletteImage`.
  public static func read(
    _ location: FileLocation
  ) throws(QuantizeError) -> FixedPalette {
    let bytes = try InputFile.read(location)
    let image: DecodedImage
    do {
      image = try ImageDecoder.decode(bytes)
    } catch {
      throw .decode(location, error)
    }
    do {
      return try FixedPalette(of: image.raster)
    } catch {
      throw .paletteImage(location, error)
    }
  }
}
