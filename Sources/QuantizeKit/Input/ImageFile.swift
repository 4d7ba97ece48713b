package import ImageFormats
package import Rasters

/// An image file that was read into memory.
package struct ImageFile: Sendable {
  /// The file.
  package let location: FileLocation

  /// Its size in bytes.
  package let bytes: Int

  /// The pixels, their alpha treated.
  package let pixels: Pixels

  /// The space of the samples.
  package let space: ColorTarget

  /// What the file holds next to the pixels.
  package let annotations: Annotations

  /// The frames of an animation that the file has and the pixels have not.
  package let omittedFrames: Int
}
