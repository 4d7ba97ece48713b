public import ImageFormats
public import Rasters

/// Reads the image that says what counts.
public enum ImportanceFile {
  /// Reads an image.
  ///
  /// - Parameters:
  ///   - location: Where it is.
  ///   - limits: What it may ask for.
  /// - Returns: Its pixels, on black where it is transparent.
  /// - Throws: `QuantizeError` that names the file.
  public static func read(
    _ location: FileLocation, limits: DecodeLimits = DecodeLimits()
  ) throws(QuantizeError) -> Raster {
    var decoding = DecodeOptions()
    decoding.limits = limits
    decoding.alpha = .flatten(RGBColor(packed: 0))
    return try decoding.read(location).pixels.rounded()
  }
}
