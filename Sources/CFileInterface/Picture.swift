import ImageFormats

/// An image file that was read, and what C asks of it as text.
struct Picture {
  let image: DecodedImage
  let format: FileText
  let space: FileText
  let warnings: [FileText]

  init(_ image: DecodedImage) {
    self.image = image
    format = FileText(image.format.rawValue)
    space = FileText(image.space.rawValue)
    warnings = image.warnings.map(FileText.init)
  }
}
