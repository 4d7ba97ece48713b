extension Annotations {
  /// The orientation that Exif gives, which is set to upright in Exif and XMP
  /// for pixels that are going to be turned; the density is turned with them.
  ///
  /// XMP alone turns nothing, and stays as it is.
  mutating func takeOrientation() -> ExifOrientation {
    guard var exif else { return .upright }
    let orientation = ExifOrientation(inTIFF: exif)
    ExifOrientation.reset(inTIFF: &exif)
    self.exif = exif
    if orientation != .upright, var xmp {
      XMPOrientation.reset(in: &xmp)
      self.xmp = xmp
    }
    if orientation.swapsAxes, let density {
      self.density = PixelDensity(
        horizontal: density.vertical, vertical: density.horizontal,
        unit: density.unit)
    }
    return orientation
  }
}
