import CSoftShims
import ImageFormats
import SystemPackage

/// A TIFF of pages that have names, written by libtiff.
struct TIFFPages {
  /// Pixels in a row.
  let width: Int

  /// Rows of a page.
  let height: Int

  /// The names of the pages.
  let names: [String]

  /// Samples of a pixel: 1, 3 or 4.
  let samples: Int

  /// Bits of a sample: 8, 16 or 32.
  let bits: Int

  /// Whether samples are floats.
  var isFloat = false

  /// What the file is.
  var description = ""

  /// Further fields of the first page.
  var tags: [TIFFTag] = []

  /// Further fields of every page.
  var pageTags: [TIFFTag] = []

  /// How many pixels there are to an inch, where that is known.
  var density: (horizontal: Double, vertical: Double)?

  /// The most bytes that are stored one page after the other, without compression.
  var mostPlainBytes = 0

  /// The bytes that a strip of the file has at most, where a row has not more.
  private static let mostStripBytes = 1 << 18

  /// From this on the file is a BigTIFF: without compression it would not fit.
  private static let mostClassicBytes = 4_000_000_000

  /// Loads libtiff.
  ///
  /// - Throws: `SoftFormatError.missingLibrary`.
  static func loadLibrary() throws(SoftFormatError) {
    guard qz_tiff_load() == 0 else { return }
    throw .missingLibrary(
      .tiff, library: String(cString: qz_tiff_library()),
      package: LibraryPackage.name(apt: "libtiff-dev", brew: "libtiff"))
  }

  /// The rows of a strip.
  var stripHeight: Int {
    min(height, max(1, Self.mostStripBytes / rowBytes))
  }

  /// The bytes of a row.
  var rowBytes: Int { width * samples * bits / 8 }

  /// What writes the strips of a page.
  struct StripWriter {
    fileprivate let handle: OpaquePointer

    /// Writes a strip.
    ///
    /// - Parameters:
    ///   - samples: Its samples, in the machine's order of bytes.
    ///   - strip: Its number.
    /// - Throws: `SoftFormatError.failed`.
    func write(_ samples: [UInt8], strip: Int) throws(SoftFormatError) {
      var samples = samples
      let isWritten = samples.withUnsafeMutableBytes {
        qz_tiff_writer_write(
          handle, UInt32(truncatingIfNeeded: strip), $0.baseAddress, $0.count)
          != 0
      }
      guard isWritten else { throw TIFFPages.failure }
    }
  }

  /// Writes the file.
  ///
  /// - Parameters:
  ///   - path: The file, which is replaced.
  ///   - strips: Is given a page, and writes its strips, of ``stripHeight`` rows.
  /// - Throws: `SoftFormatError.missingLibrary`, `.tooLarge` or `.failed`, and what
  ///   `strips` throws.
  func write(
    to path: FilePath,
    _ strips: (_ page: Int, StripWriter) throws(SoftFormatError) -> Void
  ) throws(SoftFormatError) {
    try Self.loadLibrary()
    guard max(width, height) <= Int(Int32.max) else {
      throw .tooLarge(.tiff, limit: "sides of 2147483647 pixels")
    }
    let total = Double(rowBytes) * Double(height) * Double(names.count)
    let isPlain = names.count > 1 && total <= Double(mostPlainBytes)
    let writer = path.withPlatformString {
      qz_tiff_writer_create(
        $0, total > Double(Self.mostClassicBytes) ? 1 : 0, isPlain ? 1 : 0)
    }
    guard let writer else {
      throw .failed(.tiff, reason: "libtiff cannot create it")
    }
    var failure: SoftFormatError?
    do throws(SoftFormatError) {
      for page in names.indices where isPlain {
        guard with(page, { qz_tiff_writer_declare(writer, $0) }) else {
          throw Self.failure
        }
      }
      for page in names.indices {
        guard with(page, { qz_tiff_writer_begin(writer, $0) }) else {
          throw Self.failure
        }
        try strips(page, StripWriter(handle: writer))
        guard qz_tiff_writer_end(writer) != 0 else { throw Self.failure }
      }
    } catch {
      failure = error
    }
    let isClosed = qz_tiff_writer_close(writer) != 0
    if let failure { throw failure }
    guard isClosed else { throw Self.failure }
  }

  /// What libtiff has no words for.
  private static var failure: SoftFormatError {
    .failed(.tiff, reason: "libtiff stopped; is the disk full?")
  }

  /// Calls `body` with what there is to say of a page; whether it succeeded.
  private func with(
    _ page: Int, _ body: (UnsafePointer<qz_tiff_page>) -> Int32
  ) -> Bool {
    let text = page == 0 && !description.isEmpty ? description : nil
    let tags = pageTags + (page == 0 ? tags : [])
    return names[page].withCString { name in
      withOptionalCString(text) { text in
        Self.withTags(tags[...], []) { tags in
          tags.withUnsafeBufferPointer { tags in
            var layout = qz_tiff_page(
              width: UInt32(width), height: UInt32(height),
              bits: UInt16(bits), samples: UInt16(samples),
              is_float: isFloat ? 1 : 0,
              rows_per_strip: UInt32(stripHeight), page: UInt32(page),
              pages: UInt32(names.count), name: name, description: text,
              tags: tags.baseAddress, tag_count: tags.count,
              columns_per_inch: density?.horizontal ?? 0,
              rows_per_inch: density?.vertical ?? 0)
            return body(&layout) != 0
          }
        }
      }
    }
  }

  private func withOptionalCString<Result>(
    _ text: String?, _ body: (UnsafePointer<CChar>?) -> Result
  ) -> Result {
    guard let text else { return body(nil) }
    return text.withCString { body($0) }
  }

  /// Calls `body` with tags whose elements stay where they are.
  private static func withTags<Result>(
    _ tags: ArraySlice<TIFFTag>, _ done: [qz_tiff_tag],
    _ body: ([qz_tiff_tag]) -> Result
  ) -> Result {
    guard let tag = tags.first else { return body(done) }
    guard qz_tiff_knows_tag(tag.number) != 0 else {
      return withTags(tags.dropFirst(), done, body)
    }
    return tag.bytes.withUnsafeBytes { bytes in
      withTags(
        tags.dropFirst(),
        done + [
          qz_tiff_tag(
            tag: tag.number, count: UInt32(tag.count),
            elements: bytes.baseAddress)
        ], body)
    }
  }
}
