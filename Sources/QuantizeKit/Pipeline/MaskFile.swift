public import Segmentation

/// Reads the image that says where superpixels are wanted.
public enum MaskFile {
  /// Reads an image.
  ///
  /// - Parameters:
  ///   - location: Where it is.
  ///   - decoding: Its limits, and what is done where it is damaged.
  ///   - events: Told of everything that was skipped.
  /// - Returns: Its pixels that are neither black nor transparent.
  /// - Throws: `QuantizeError` that names the file.
  public static func read(
    _ location: FileLocation, _ decoding: DecodeOptions = DecodeOptions(),
    events: JobEvent.Observer = { _ in }
  ) throws(QuantizeError) -> PixelMask {
    var decoding = decoding
    // As the samples are: whether they are 0 depends on no profile.
    decoding.target = .input
    decoding.page = nil
    decoding.alpha = .keep
    return PixelMask(try decoding.read(location, events: events).pixels)
  }
}
