import ImageFormats
import ParallelWork
import Segmentation
import SystemPackage

/// Writes layers as an OpenEXR file, a part a layer, in linear light, each times its
/// alpha: the parts add up to the picture.
enum LayerEXRWriter: LayerWriter {
  static let name = "OpenEXR"
  static let endings = [".exr"]
  static let blends: [LayerBlend] = [.add]

  static func loadLibrary() throws(SoftFormatError) {
    _ = try EXRLibrary.load()
  }

  static func write(
    _ image: LayerImage, to path: FilePath
  ) throws(SoftFormatError) {
    let library = try EXRLibrary.load()
    let size = image.size
    guard max(size.width, size.height) <= Int(Int32.max) / 64 else {
      throw .tooLarge(.exr, limit: "sides of \(Int32.max / 64) pixels")
    }
    // Half floats hold 8 bits, and not 16.
    let channels = ["R", "G", "B", "A"].map {
      EXRChannel(name: $0, isHalf: !image.isDeep)
    }
    let file = try EXRFile(
      path, width: size.width, height: size.height,
      parts: image.names.map { EXRPart(name: $0, channels: channels) },
      primaries: CryptomatteWriter.primaries(image.target), library: library)
    let layers = LayerLight(image.split)
    for part in image.names.indices {
      for rows in image.split.strips(multipleOf: file.chunkHeight) {
        let light = layers.strip(rows, of: part)
        try file.write(
          rows, part: part, workers: Workers(threads: image.split.threads)
        ) { chunk in
          let range =
            (chunk.lowerBound - rows.lowerBound)
            * size.width..<(chunk.upperBound - rows.lowerBound) * size.width
          return (0..<4).map { d in light[range].map { $0[d] } }
        }
      }
    }
    try file.finish()
  }
}
