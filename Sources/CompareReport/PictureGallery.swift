import QuantizeKit

#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

/// The pictures of a page, a figure each.
struct PictureGallery {
  private let report: ComparisonReport
  private let pictures: Comparison.Pictures

  /// The pictures of a comparison.
  init(_ report: ComparisonReport, _ pictures: Comparison.Pictures) {
    self.report = report
    self.pictures = pictures
  }

  /// The original and the picture of each row.
  var all: [HTML] {
    [
      picture(
        pictures.original, "original", 0,
        NumberText.bytes(report.original.bytes))
    ]
      + zip(report.rows, pictures.rows).enumerated().map { number, element in
        let (row, shown) = element
        let psnr =
          row.psnr.value.isFinite
          ? "\(NumberText.fixed(row.psnr.value, 2)) dB" : "no error"
        return picture(
          shown, row.name, number + 1,
          "\(psnr), ΔE₀₀ \(NumberText.fixed(row.deltaE2000.mean, 2)), "
            + NumberText.bytes(row.bytes))
      }
  }

  /// How uncertain each pixel is, a picture for each fit.
  var uncertainties: [HTML] {
    ofEachFit(pictures.uncertainties).map { number, shown, row, fit in
      extra(
        shown, "uncertainty-\(number + 1)", "Uncertainty, \(row.name)",
        "mean entropy \(NumberText.fixed(fit.entropy, 4)) nats")
    }
  }

  /// The image with one colour moved, a picture for each fit.
  var recolored: [HTML] {
    ofEachFit(pictures.recolored).map { number, shown, row, _ in
      extra(
        shown, "recolored-\(number + 1)", "Recoloured, \(row.name)",
        "in full colour")
    }
  }

  /// Those of the pictures that there are, one for each fit: rows that differ in
  /// dithering alone have the same.
  private func ofEachFit(
    _ shown: [ComparisonPicture?]
  ) -> [(
    Int, ComparisonPicture, ComparisonReport.Row, ComparisonReport.FitRecord
  )] {
    var seen: Set<String> = []
    return zip(report.rows, shown).enumerated().compactMap { number, element in
      let (row, shown) = element
      guard let shown, let settings = row.settings, let fit = row.fit,
        seen.insert(FitKey(settings).text).inserted
      else { return nil }
      return (number, shown, row, fit)
    }
  }

  private func extra(
    _ shown: ComparisonPicture, _ id: String, _ name: String, _ text: String
  ) -> HTML {
    """
    <figure><img id="\(id)" \(Self.source(shown)) alt="\(name)" \
    \(Self.dimensions(shown))>\
    <figcaption>\(name) <small>\(text)</small></figcaption></figure>

    """
  }

  private func picture(
    _ shown: ComparisonPicture, _ name: String, _ number: Int, _ text: String
  ) -> HTML {
    """
    <figure><img id="picture-\(number)" data-name="\(name)" \
    \(Self.source(shown)) alt="\(name)" \(Self.dimensions(shown))>\
    <figcaption>\(name) <small>\(text)</small></figcaption></figure>

    """
  }

  private static func source(_ picture: ComparisonPicture) -> HTML {
    // Base64 has nothing to escape, and there is much of it.
    let bytes = HTML(unescaped: Data(picture.png).base64EncodedString())
    return "src=\"data:image/png;base64,\(bytes)\""
  }

  private static func dimensions(_ picture: ComparisonPicture) -> HTML {
    "width=\"\(picture.size.width)\" height=\"\(picture.size.height)\""
  }
}
