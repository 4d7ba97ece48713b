import ImageFormats
import SystemPackage

/// A TIFF of pages of grey samples, which ImageJ opens as a stack whose slices have
/// names.
struct GreyTIFF {
  /// What a sample is.
  enum Samples {
    case eight, sixteen, thirtyTwo, float

    var bits: UInt16 {
      switch self {
      case .eight: 8
      case .sixteen: 16
      case .thirtyTwo, .float: 32
      }
    }
  }

  /// Pixels in a row.
  let width: Int

  /// Rows of a page.
  let height: Int

  /// The names of the pages.
  let names: [String]
  let format: Samples

  /// What the file is, in one line.
  let description: String

  /// The sample that programs should show as white; 0 as black.
  let brightest: Double

  /// Further fields of the first page.
  var tags: [TIFFTag] = []

  /// Up to this the samples of a stack are stored one page after the other, without
  /// compression: ImageJ shows the names of slices of no other.
  private static let mostPlainBytes = 1 << 29

  /// The file as libtiff writes it.
  private var pages: TIFFPages {
    var pages = TIFFPages(
      width: width, height: height, names: names, samples: 1,
      bits: Int(format.bits))
    pages.isFloat = format == .float
    pages.description = ImageJMetadata.description(self)
    pages.tags =
      tags + ImageJMetadata.tags(ofSlices: names.count > 1 ? names : [])
    pages.mostPlainBytes = Self.mostPlainBytes
    return pages
  }

  /// The rows of a strip.
  var stripHeight: Int { pages.stripHeight }

  /// Writes a file.
  ///
  /// - Parameters:
  ///   - path: The file, which is replaced.
  ///   - strips: Is given a page, rows of it, and a function that takes their
  ///     samples in the machine's order of bytes.
  /// - Throws: `SoftFormatError.missingLibrary`, `.tooLarge` or `.failed`, and what
  ///   `strips` throws.
  func write(
    to path: FilePath,
    _ strips: (
      _ page: Int, _ rows: Range<Int>,
      _ write: ([UInt8]) throws(SoftFormatError) -> Void
    ) throws(SoftFormatError) -> Void
  ) throws(SoftFormatError) {
    let stripHeight = stripHeight
    try writePages(to: path) { page, writer throws(SoftFormatError) in
      for (number, first) in stride(from: 0, to: height, by: stripHeight)
        .enumerated()
      {
        let rows = first..<min(height, first + stripHeight)
        try strips(page, rows) { samples throws(SoftFormatError) in
          try writer.write(samples, strip: number)
        }
      }
    }
  }

  /// Writes a file whose pages write their own strips, of ``stripHeight`` rows.
  ///
  /// - Throws: As above.
  func writePages(
    to path: FilePath,
    _ strips: (_ page: Int, TIFFPages.StripWriter) throws(SoftFormatError) ->
      Void
  ) throws(SoftFormatError) {
    try pages.write(to: path, strips)
  }
}
