extension Annotations {
  /// The orientation that Exif gives, or XMP where Exif has none. It is set to
  /// upright in both, for pixels that are going to be turned; the density is
  /// turned with them.
  mutating func takeOrientation() -> ExifOrientation {
    let orientation =
      exif.flatMap { ExifOrientation(tagIn: $0) }
      ?? xmp.flatMap { XMPOrientation.first(in: $0) } ?? storedOrientation
    storedOrientation = .upright
    if var exif {
      ExifOrientation.reset(inTIFF: &exif)
      self.exif = exif
    }
    if var xmp {
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
