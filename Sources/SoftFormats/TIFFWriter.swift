import CSoftShims
import Segmentation
public import SystemPackage

/// Writes responsibilities as a TIFF of many pages, one a component, whose name
/// is that of its colour: what ImageJ opens as a stack.
public enum TIFFWriter: SoftWriter {
  package static let name = "TIFF"

  package static let endings = [".tif", ".tiff"]

  package static let depths: [SampleDepth] = [.sixteen, .float]

  package static let isStreamed = false

  /// The bytes that a strip of the file has at most, where a row has not more.
  private static let mostStripBytes = 1 << 18

  /// From this on the file is a BigTIFF: without compression it would not fit.
  private static let mostClassicBytes = 4_000_000_000

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
    try loadLibrary()
    let isFloat = depth == .float
    let size = image.size
    guard max(size.width, size.height) <= Int(Int32.max) else {
      throw .tooLarge(.tiff, limit: "sides of 2147483647 pixels")
    }
    let pages = image.map.components
    let sampleBytes = isFloat ? 4 : 2
    let total = Double(size.pixelCount) * Double(sampleBytes * pages)
    let writer = path.withPlatformString {
      qz_tiff_writer_create($0, total > Double(mostClassicBytes) ? 1 : 0)
    }
    guard let writer else {
      throw .failed(.tiff, reason: "libtiff cannot create it")
    }
    var failure: SoftFormatError?
    do {
      for page in 0..<pages {
        try write(page, of: image, isFloat: isFloat, to: writer)
      }
    } catch {
      failure = error
    }
    let isClosed = qz_tiff_writer_close(writer) != 0
    if let failure { throw failure }
    guard isClosed else { throw Self.failure }
  }

  package static func loadLibrary() throws(SoftFormatError) {
    guard qz_tiff_load() == 0 else { return }
    throw .missingLibrary(
      .tiff, library: String(cString: qz_tiff_library()),
      package: LibraryPackage.name(apt: "libtiff-dev", brew: "libtiff"))
  }

  /// What libtiff has no words for.
  private static var failure: SoftFormatError {
    .failed(.tiff, reason: "libtiff stopped; is the disk full?")
  }

  private static func write(
    _ page: Int, of image: SoftImage, isFloat: Bool, to writer: OpaquePointer
  ) throws(SoftFormatError) {
    let size = image.size
    let rowBytes = size.width * (isFloat ? 4 : 2)
    let height = min(size.height, max(1, mostStripBytes / rowBytes))
    let description =
      "quantize responsibilities, \(isFloat ? "1.0" : "65535") is 1"
    let began = image.names[page].withCString { name in
      description.withCString { description in
        var layout = qz_tiff_page(
          width: UInt32(size.width), height: UInt32(size.height),
          bits: isFloat ? 32 : 16, rows_per_strip: UInt32(height),
          page: UInt32(page), pages: UInt32(image.map.components), name: name,
          description: page == 0 ? description : nil)
        return qz_tiff_writer_begin(writer, &layout) != 0
      }
    }
    guard began else { throw failure }
    var strip: UInt32 = 0
    try image.forEachStrip(multipleOf: height) {
      part throws(SoftFormatError) in
      let shares = part.shares(of: page)
      for first in stride(
        from: 0, to: shares.count, by: height * size.width)
      {
        let end = min(shares.count, first + height * size.width)
        guard write(shares[first..<end], isFloat: isFloat, strip, writer)
        else { throw failure }
        strip += 1
      }
    }
    guard qz_tiff_writer_end(writer) != 0 else { throw failure }
  }

  private static func write(
    _ shares: ArraySlice<Float>, isFloat: Bool, _ strip: UInt32,
    _ writer: OpaquePointer
  ) -> Bool {
    func write<Sample>(_ samples: [Sample]) -> Bool {
      var samples = samples
      return samples.withUnsafeMutableBytes {
        qz_tiff_writer_write(writer, strip, $0.baseAddress, $0.count) != 0
      }
    }
    guard !isFloat else { return write(Array(shares)) }
    return write(
      shares.map { UInt16((min(1, max(0, Double($0))) * 65_535).rounded()) })
  }
}
