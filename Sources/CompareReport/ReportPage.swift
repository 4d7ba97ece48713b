import Mustache
package import QuantizeKit

#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

/// The page of a comparison: one file of HTML that needs no network.
///
/// Texts of users, file names above all, go through ``HTMLText``; what does not
/// is made here of numbers, and base64.
package struct ReportPage {
  private let report: ComparisonReport
  private let pictures: Comparison.Pictures

  /// A page.
  ///
  /// - Parameters:
  ///   - report: The numbers.
  ///   - pictures: The pictures of the same rows.
  package init(_ report: ComparisonReport, _ pictures: Comparison.Pictures) {
    self.report = report
    self.pictures = pictures
  }

  /// The page as HTML.
  ///
  /// - Throws: An error of the template.
  /// - Complexity: O(bytes of the pictures + colours).
  package func html() throws -> String {
    MustacheContentTypes.register(HTMLText(), named: HTMLText.name)
    let template = try MustacheTemplate(
      string: "{{% CONTENT_TYPE: \(HTMLText.name)}}"
        + Self.text(PackageResources.page_mustache))
    return template.render(content())
  }

  private static func text(_ bytes: [UInt8]) -> String {
    String(decoding: bytes, as: UTF8.self)
  }

  private func content() -> [String: Any] {
    let original = report.original
    let plots = FitPlots(report).all
    let palettes = PaletteBlocks(report).all
    let uncertainties = uncertaintyFigures()
    let table = FigureTable(report)
    return [
      "tool": "\(report.tool.name) \(report.tool.version)",
      "heading": report.isGrid ? "Settings compared" : "Images compared",
      "file": original.file, "width": original.width,
      "height": original.height,
      "distinctColors": original.distinctColors,
      "bytes": NumberText.bytes(original.bytes),
      "style": Self.text(PackageResources.page_css),
      "script": Self.text(PackageResources.page_js),
      "pictureWidth": pictures.original.size.width,
      "pictureHeight": pictures.original.size.height,
      "isReduced": pictures.scale.factor > 1, "reduction": reduction,
      "columns": table.columns, "rows": table.rows, "tableNote": table.note,
      "hasPlots": !plots.isEmpty, "plots": plots,
      "hasPalettes": !palettes.isEmpty, "palettes": palettes,
      "hasUncertainties": !uncertainties.isEmpty,
      "uncertainties": uncertainties,
      "ramp": UncertaintyMap.ramp.map(\.hex).joined(separator: ","),
      "pictures": pictureFigures(),
    ]
  }

  /// Says that pictures are not as large as the images.
  private var reduction: String {
    let scale = pictures.scale
    let size = pictures.original.size
    return "Pictures are shown reduced, \(size.width) × \(size.height) pixels: "
      + "each is the average light of up to \(scale.factor) × \(scale.factor) "
      + "pixels of the image. All figures are those of the whole images."
  }

  private func pictureFigures() -> [[String: Any]] {
    let first = figure(
      pictures.original, "original", 0,
      NumberText.bytes(report.original.bytes))
    return [first]
      + zip(report.rows, pictures.rows).enumerated().map { number, element in
        let (row, picture) = element
        let psnr =
          row.psnr.value.isFinite
          ? "\(NumberText.fixed(row.psnr.value, 2)) dB" : "no error"
        return figure(
          picture, row.name, number + 1,
          "\(psnr), ΔE₀₀ \(NumberText.fixed(row.deltaE2000.mean, 2)), "
            + NumberText.bytes(row.bytes))
      }
  }

  private func uncertaintyFigures() -> [[String: Any]] {
    // Rows that differ in dithering alone have the same fit.
    var seen: Set<String> = []
    return zip(report.rows, pictures.uncertainties).enumerated().compactMap {
      number, element in
      let (row, picture) = element
      guard let picture, let settings = row.settings, let fit = row.fit,
        seen.insert(FitKey(settings).text).inserted
      else { return nil }
      return figure(
        picture, "uncertainty, \(row.name)", number + 1,
        "mean entropy \(NumberText.fixed(fit.entropy, 4)) nats")
    }
  }

  private func figure(
    _ picture: ComparisonPicture, _ name: String, _ number: Int,
    _ text: String
  ) -> [String: Any] {
    [
      "number": number, "name": name, "text": text,
      "width": picture.size.width, "height": picture.size.height,
      "uri": "data:image/png;base64,"
        + Data(picture.png).base64EncodedString(),
    ]
  }
}
