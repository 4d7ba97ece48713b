import ImageFormats
public import Rasters

/// Reads the image that says what counts.
public enum ImportanceFile {
  /// Reads an image.
  ///
  /// - Parameter location: Where it is.
  /// - Returns: Its pixels, on black where it is transparent.
  /// - Throws: `QuantizeError` that names the file.
  public static func read(
    _ location: FileLocation
  ) throws(QuantizeError) -> Raster {
    let bytes = try InputFile.read(location)
    do {
      return try ImageDecoder.decode(bytes).pixels
        .treated(.flatten(RGBColor(packed: 0))).rounded()
    } catch {
      throw .decode(location, error)
    }
  }
}
