public import ImageFormats
import ParallelWork
public import Regions
import Segmentation
public import SystemPackage

/// Writes a label map as numbers: the sample of a pixel is its label.
///
/// Samples have 8 bits for up to 256 labels, 16 for up to 65,536, else 32.
public struct LabelFile: Sendable {
  /// The labels.
  public let map: LabelMap

  /// What of the image's file says where on the Earth it is.
  public var georeference: [TIFFTag] = []

  /// A file of a map.
  public init(_ map: LabelMap) {
    self.map = map
  }

  /// The bits of a sample.
  private var bits: Int {
    map.count <= 256 ? 8 : map.count <= 65_536 ? 16 : 32
  }

  /// The map as a PNG.
  ///
  /// - Returns: The bytes of the file.
  /// - Throws: `SoftFormatError.tooLarge` or `.encode`.
  /// - Complexity: O(pixels).
  public func png() throws(SoftFormatError) -> [UInt8] {
    guard map.count <= LabelFormat.png.mostLabels else {
      throw .tooManyLabels(map.count)
    }
    guard map.pages == 1 else {
      throw .pages(name: "PNG", others: ".tif or .npy")
    }
    do {
      let depth: PNGStream.Depth = bits == 8 ? .eight : .sixteen
      var png = try PNGStream(
        size: map.size, kind: .grey, depth: depth, marksSRGB: false)
      let width = map.size.width
      for row in 0..<map.size.height {
        let labels = map.labels[row * width..<(row + 1) * width]
        // Samples of PNG have their high byte first.
        try png.write(
          bits == 8
            ? labels.map { UInt8(truncatingIfNeeded: $0) }
            : labels.flatMap {
              [
                UInt8(truncatingIfNeeded: $0 >> 8),
                UInt8(truncatingIfNeeded: $0),
              ]
            })
        WorkMeter.current?.tell(row + 1, of: map.size.height)
      }
      return try png.finish()
    } catch {
      throw .encode(error)
    }
  }

  /// The map as an array, height × width; of several pages, pages × height ×
  /// width.
  ///
  /// - Returns: The bytes of the file.
  /// - Complexity: O(pixels).
  public func npy() -> [UInt8] {
    let shape =
      (map.pages > 1 ? [map.pages] : []) + [map.pageHeight, map.size.width]
    return NumPyArray.header([8: "|u1", 16: "<u2"][bits] ?? "<i4", shape)
      + bytes(of: map.labels[...])
  }

  /// Some labels as samples, the lowest byte first.
  private func bytes(of labels: ArraySlice<Int32>) -> [UInt8] {
    switch bits {
    case 8: labels.map { UInt8(truncatingIfNeeded: $0) }
    case 16: labels.map { UInt16(truncatingIfNeeded: $0) }.littleEndianBytes
    default: Array(labels).littleEndianBytes
    }
  }

  /// Writes the map as a TIFF.
  ///
  /// - Parameter path: The file, which is replaced.
  /// - Throws: `SoftFormatError.missingLibrary` or `.failed`.
  /// - Complexity: O(pixels).
  public func writeTIFF(to path: FilePath) throws(SoftFormatError) {
    let width = map.size.width
    let page = width * map.pageHeight
    try GreyTIFF(
      width: width, height: map.pageHeight,
      names: (0..<map.pages).map {
        map.pages == 1 ? "labels" : "labels, page \($0 + 1)"
      },
      format: bits == 8 ? .eight : bits == 16 ? .sixteen : .thirtyTwo,
      description: "quantize labels, 0 to \(map.count - 1)",
      brightest: Double(map.count - 1), tags: georeference
    ).write(to: path) { number, rows, write throws(SoftFormatError) in
      let start = number * page
      let range =
        start + rows.lowerBound * width..<start + rows.upperBound * width
      // libtiff takes the machine's order of bytes.
      switch bits {
      case 8:
        try write(map.labels[range].map { UInt8(truncatingIfNeeded: $0) })
      case 16:
        try write(
          map.labels[range].map { UInt16(truncatingIfNeeded: $0) }
            .withUnsafeBytes { [UInt8]($0) })
      default:
        try write(Array(map.labels[range]).withUnsafeBytes { [UInt8]($0) })
      }
    }
  }
}
