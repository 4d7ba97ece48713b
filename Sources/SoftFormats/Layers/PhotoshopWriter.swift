import ImageFormats
import Segmentation
import SystemPackage

/// Writes layers as Photoshop's files (Adobe Photoshop File Formats Specification,
/// November 2019): what Photoshop, Affinity Photo, Krita, GIMP and Photopea open.
enum PhotoshopWriter: LayerWriter {
  static let name = "Photoshop"
  static let endings = [".psd"]
  static let blends: [LayerBlend] = [.normal, .add]

  static func write(
    _ image: LayerImage, to path: FilePath
  ) throws(SoftFormatError) {
    try PhotoshopFile(image, isLarge: false).write(to: path)
  }
}

/// The same with 64-bit lengths, for large documents.
enum LargePhotoshopWriter: LayerWriter {
  static let name = "Photoshop"
  static let endings = [".psb"]
  static let blends: [LayerBlend] = [.normal, .add]

  static func write(
    _ image: LayerImage, to path: FilePath
  ) throws(SoftFormatError) {
    try PhotoshopFile(image, isLarge: true).write(to: path)
  }
}
