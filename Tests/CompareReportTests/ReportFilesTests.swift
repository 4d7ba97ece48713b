import CompareReport
import Foundation
import ImageFormats
import Quantization
import QuantizeKit
import Rasters
import SystemPackage
import Testing
import TruncatedEM
import _TestSupport

/// The files of reports on images with awkward names.
@Suite struct ReportFilesTests {
  private static let evil =
    "<script>alert('x')</script>\" & '\"\u{301} onload=\"\u{301}x&\u{301}.png"

  private func compare(
    _ colors: [Int], _ truncations: [Int], raster: Raster? = nil
  ) throws -> Comparison {
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent(
      "quantize-report-\(UUID().uuidString)")
    // The slash of the name's end tag makes it two folders and a file.
    let file = folder.appendingPathComponent(Self.evil)
    try FileManager.default.createDirectory(
      at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    try Data(
      try PNGEncoder().encode(
        raster ?? TestRasters.noisyGradient(width: 60, height: 40))
    ).write(to: file)
    var job = ComparisonJob(
      input: .file(FilePath(file.path)),
      grid: try ComparisonGrid(colors: colors, truncations: truncations),
      options: QuantizeOptions(
        start: .search(try PaletteSize(4)), truncation: .hard))
    job.makesPictures = true
    return try job.run()
  }

  private func text(
    _ name: String, _ files: [(name: String, bytes: [UInt8])]
  ) throws -> String {
    let file = try #require(files.first { $0.name == name })
    return String(decoding: file.bytes, as: UTF8.self)
  }

  @Test func allFilesAreThere() throws {
    let comparison = try compare([4, 8], [1, 2, 8])
    let files = try ReportFiles.all(of: comparison, for: "out")
    #expect(Set(files.map(\.name)) == ReportFiles.names)
    #expect(
      Array(try text("report.json", files).utf8) == comparison.report.json())
    #expect(
      try text("report.csv", files) == ComparisonTable.csv(comparison.report))
    let again = try ReportFiles.all(of: comparison, for: "out")
    for (a, b) in zip(files, again) { #expect(a.bytes == b.bytes) }
  }

  @Test func thePageEscapesNamesAndAsksForNothing() throws {
    let comparison = try compare([4], [1, 2])
    let page = try text(
      "index.html", ReportFiles.all(of: comparison, for: "out"))
    #expect(page.hasPrefix("<!DOCTYPE html>"))
    #expect(!page.contains("<script>alert"))
    #expect(page.contains("&lt;script&gt;alert(&#39;x&#39;)"))
    // Browsers know no characters with accents, only scalars.
    let name =
      "&quot; &amp; &#39;&quot;\u{301} onload=&quot;\u{301}x&amp;\u{301}"
    #expect(page.utf8.firstRange(of: name.utf8) != nil)
    #expect(page.utf8.firstRange(of: "\"\u{301}".utf8) == nil)
    #expect(page.matches(of: /<script>/).count == 1)
    #expect(!page.contains("{{"))
    #expect(!page.contains("http:"))
    #expect(!page.contains("https:"))
    for match in page.matches(of: /(?:src|href)="([^"]{0,5})/) {
      #expect(match.1.hasPrefix("#") || match.1 == "data:")
    }
    #expect(page.contains("default-src 'none'"))
    // Two images and the original, the uncertainty of C' 2, and a colour
    // moved in both.
    #expect(page.matches(of: /src="data:image\/png;base64,/).count == 6)
    #expect(page.contains("id=\"recolored-2\""))
    #expect(!page.contains("shown reduced"))
  }

  @Test func thePageHasTheNumbersOfTheReport() throws {
    let comparison = try compare([5], [1, 2])
    let page = try text(
      "index.html", ReportFiles.all(of: comparison, for: "out"))
    for row in comparison.report.rows {
      let fit = try #require(row.fit)
      for value in [
        fit.freeEnergy, fit.logLikelihood, fit.gap, fit.sigma, fit.entropy,
        row.mse, row.psnr.value, row.deltaE2000.mean,
      ] {
        #expect(page.contains("data-value=\"\(value)\""), "\(value)")
      }
      for entry in row.palette ?? [] { #expect(page.contains(entry.hex)) }
    }
  }

  @Test func bigImagesAreShownReduced() throws {
    let raster = TestRasters.make(width: 1_300, height: 900) { x, y in
      UInt32((x / 100) << 16 | (y / 100) << 8)
    }
    let comparison = try compare([3], [1], raster: raster)
    let page = try text(
      "index.html", ReportFiles.all(of: comparison, for: "out"))
    #expect(page.contains("shown reduced, 650 × 450 pixels"))
    #expect(comparison.report.original.width == 1_300)
  }

  @Test func theContactSheetHasAllPictures() throws {
    let comparison = try compare([2], [1, 2])
    let files = try ReportFiles.all(of: comparison, for: "out")
    let file = try #require(files.first { $0.name == "contact-sheet.png" })
    let sheet = try ImageDecoder.decode(file.bytes).raster
    let pictures = try #require(comparison.pictures)
    #expect(sheet.size.width == 12 + 3 * (240 + 12))
    for (number, picture) in ([pictures.original] + pictures.rows).enumerated()
    {
      let thumbnail = picture.thumbnail
      for y in 0..<thumbnail.size.height {
        let left = 12 + number * 252
        let start = 3 * ((12 + y) * sheet.size.width + left)
        let width = 3 * thumbnail.size.width
        #expect(
          sheet.samples[start..<start + width]
            == thumbnail.samples[y * width..<(y + 1) * width])
      }
    }
    // The palette below the second: two colours, side by side.
    let palette = try #require(comparison.report.rows[0].palette)
    let row = 12 + 40 + 6
    for (place, entry) in palette.enumerated() {
      let x = 12 + 252 + 60 + 120 * place
      let start = 3 * (row * sheet.size.width + x)
      #expect(
        sheet.samples[start..<start + 3].map(Int.init) == entry.rgb)
    }
  }

  @Test func withoutPicturesThereIsNoPage() throws {
    let comparison = try compare([4], [1])
    let numbers = Comparison(report: comparison.report, pictures: nil)
    let files = try ReportFiles.all(of: numbers, for: "out")
    #expect(files.map(\.name).sorted() == ["report.csv", "report.json"])
  }
}
