extension Annotations {
  /// The orientation that Exif gives, which is set to upright in Exif
  /// for pixels that are going to be turned; the density is turned with them.
  mutating func takeOrientation() -> ExifOrientation {
    guard var exif else { return .upright }
    let orientation = ExifOrientation(inTIFF: exif)
    ExifOrientation.reset(inTIFF: &exif)
    self.exif = exif
    if orientation.swapsAxes, let density {
      self.density = PixelDensity(
        horizontal: density.vertical, vertical: density.horizontal,
        unit: density.unit)
    }
    return orientation
  }
}
