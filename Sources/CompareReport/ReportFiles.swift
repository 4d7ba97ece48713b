import ImageFormats
public import QuantizeKit
public import SystemPackage

/// The files of a report.
public enum ReportFiles {
  private static let page = "index.html"
  private static let json = "report.json"
  private static let csv = "report.csv"
  private static let sheet = "contact-sheet.png"

  /// The names of the files.
  public static let names: Set<String> = [page, json, csv, sheet]

  /// Makes the files.
  ///
  /// - Parameters:
  ///   - comparison: A comparison with pictures.
  ///   - folder: Where they will be; errors name it.
  /// - Returns: Names and bytes; without pictures no page and no sheet.
  /// - Throws: `QuantizeError.encode`.
  /// - Complexity: O(pixels of the pictures).
  public static func all(
    of comparison: Comparison, for folder: FilePath
  ) throws(QuantizeError) -> [(name: String, bytes: [UInt8])] {
    let report = comparison.report
    var files: [(name: String, bytes: [UInt8])] = [
      (json, report.json()),
      (csv, Array(ComparisonTable.csv(report).utf8)),
    ]
    guard let pictures = comparison.pictures else { return files }
    let html = ReportPage(report, pictures).html
    files.append((page, Array(html.text.utf8)))
    do {
      let raster = ContactSheet(report, pictures).raster()
      let bytes = try PNGEncoder(compressionLevel: 6).encode(raster)
      files.append((sheet, bytes))
    } catch {
      throw .encode(.file(folder.appending(sheet)), error)
    }
    return files
  }
}
