import ImageFormats
import Rasters

/// An image file that was read into memory.
struct ImageFile: Sendable {
  /// The file.
  let location: FileLocation

  /// Its size in bytes.
  let bytes: Int

  /// The pixels, their alpha treated.
  let pixels: Pixels

  /// The space of the samples.
  let space: ColorTarget

  /// What the file holds next to the pixels.
  let annotations: Annotations

  /// The frames of an animation that the file has and the pixels have not.
  let omittedFrames: Int
}
