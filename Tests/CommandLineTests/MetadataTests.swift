import Foundation
import ImageFormats
import Rasters
import Testing
import _TestSupport

/// What stands beside the pixels, from file to file.
@Suite struct MetadataTests {
  private let photo = TestRasters.noisyGradient(width: 30, height: 20)

  /// An image that is to be turned, 4 pixels to a millimetre in its rows and 2
  /// in its columns.
  private var annotations: Annotations {
    var annotations = Annotations()
    annotations.density = PixelDensity(
      horizontal: 4_000, vertical: 2_000, unit: .meter)
    annotations.exif = ExifBuilder.tiff(orientation: 6, littleEndian: true)
    annotations.xmp = Array("<x:xmpmeta tiff:Orientation=\"6\"/>".utf8)
    return annotations
  }

  /// What is kept of it.
  private func expected(_ option: String?) -> Annotations {
    var kept = Annotations()
    guard option != "--strip" else { return kept }
    kept.density = PixelDensity(
      horizontal: 2_000, vertical: 4_000, unit: .meter)
    guard option == "--keep-metadata" else { return kept }
    kept.exif = ExifBuilder.tiff(orientation: 1, littleEndian: true)
    kept.xmp = Array("<x:xmpmeta tiff:Orientation=\"1\"/>".utf8)
    return kept
  }

  @Test(arguments: ["a.png", "a.jpg"], ["b.png", "b.jpg"])
  func goesFromFormatToFormat(input: String, output: String) throws {
    let bench = try Workbench()
    try bench.write(
      input == "a.png"
        ? try PNGEncoder().encode(photo, annotations: annotations)
        : try JPEGEncoder(quality: 90).encode(photo, annotations: annotations),
      to: input)
    for option in [nil, "--keep-metadata", "--strip"] {
      for optimize in [[], ["--optimize"]] {
        let run = try bench.run(
          [input, "-o", output, "-k", "8", "--force"]
            + [option].compactMap(\.self) + optimize)
        #expect(run.status == 0, "\(run.error)")
        #expect(run.error.isEmpty || output == "b.jpg")
        let written = try bench.read(output)
        let image = try ImageDecoder.decode(written)
        #expect(image.raster.size == ImageSize(width: 20, height: 30))
        #expect(image.annotations == expected(option))
        try checkDensity(written, isKept: option != "--strip")
      }
    }
  }

  /// The density byte by byte, as other programs read it.
  private func checkDensity(_ file: [UInt8], isKept: Bool) throws {
    if let chunks = PNGChunks(file) {
      #expect(
        chunks["pHYs"]
          == (isKept ? bigEndian(2_000) + bigEndian(4_000) + [1] : nil))
    } else {
      // JFIF's unit 2 is the centimetre, 0 a ratio.
      #expect(Array(file[6..<11]) == Array("JFIF\0".utf8))
      #expect(
        Array(file[13..<18])
          == (isKept ? [2, 0, 20, 0, 40] : [0, 0, 1, 0, 1]))
    }
  }
}
