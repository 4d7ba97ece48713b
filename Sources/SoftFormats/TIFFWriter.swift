import Segmentation
public import SystemPackage

/// Writes responsibilities as a TIFF of many pages, one a component, whose name
/// is that of its colour: what ImageJ opens as a stack.
public enum TIFFWriter: SoftWriter {
  package static let name = "TIFF"

  package static let endings = [".tif", ".tiff"]

  package static let depths: [SampleDepth] = [.sixteen, .float]

  package static let isStreamed = false

  /// Writes a file.
  ///
  /// - Parameters:
  ///   - image: What to write.
  ///   - path: The file, which is replaced.
  ///   - depth: The depth of samples.
  /// - Throws: `SoftFormatError.missingLibrary`, `.depth`, `.tooLarge` or
  ///   `.failed`.
  /// - Complexity: O(pixels × C' × components).
  public static func write(
    _ image: SoftImage, to path: FilePath, depth: SampleDepth
  ) throws(SoftFormatError) {
    guard depths.contains(depth) else { throw .depth(.tiff, depth) }
    let isFloat = depth == .float
    let size = image.size
    var file = GreyTIFF(
      width: size.width, height: size.height, names: image.names,
      format: isFloat ? .float : .sixteen,
      description:
        "quantize responsibilities, \(isFloat ? "1.0" : "65535") is 1",
      brightest: isFloat ? 1 : 65_535)
    file.tags = image.georeference
    let height = file.stripHeight
    try file.writePages(to: path) { page, writer throws(SoftFormatError) in
      var number = 0
      try image.forEachStrip(multipleOf: height) {
        part throws(SoftFormatError) in
        let shares = part.shares(of: page)
        for first in stride(
          from: 0, to: shares.count, by: height * size.width)
        {
          let end = min(shares.count, first + height * size.width)
          try writer.write(
            samples(shares[first..<end], isFloat: isFloat), strip: number)
          number += 1
        }
      }
    }
  }

  package static func loadLibrary() throws(SoftFormatError) {
    try TIFFPages.loadLibrary()
  }

  private static func samples(
    _ shares: ArraySlice<Float>, isFloat: Bool
  ) -> [UInt8] {
    isFloat
      ? shares.withUnsafeBytes { [UInt8]($0) }
      : shares.map {
        UInt16((min(1, max(0, Double($0))) * 65_535).rounded())
      }.withUnsafeBytes { [UInt8]($0) }
  }
}
