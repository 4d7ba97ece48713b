public import Rasters

/// Reads the image that says what counts.
public enum ImportanceFile {
  /// Reads an image.
  ///
  /// - Parameters:
  ///   - location: Where it is.
  ///   - decoding: Its limits, and what is done where it is damaged.
  ///   - events: Told of everything that was skipped.
  /// - Returns: Its pixels, on black where it is transparent.
  /// - Throws: `QuantizeError` that names the file.
  public static func read(
    _ location: FileLocation, _ decoding: DecodeOptions = DecodeOptions(),
    events: JobEvent.Observer = { _ in }
  ) throws(QuantizeError) -> Raster {
    var decoding = decoding
    decoding.target = .sRGB
    decoding.page = nil
    decoding.alpha = .flatten(RGBColor(packed: 0))
    return try decoding.read(location, events: events).pixels.rounded()
  }
}
