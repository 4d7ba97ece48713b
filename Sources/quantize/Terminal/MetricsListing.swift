import QuantizeKit

/// Metrics as text.
enum MetricsListing {
  /// A table for a person.
  ///
  /// - Parameter report: The metrics of each image.
  /// - Returns: A line with titles and one for each image.
  static func table(of report: MetricsReport) -> String {
    let titles = [
      "image", "MSE", "PSNR dB", "SSIM", "ΔE₀₀ mean", "ΔE₀₀ 95 %",
      "Oklab MSE",
    ]
    let rows = report.images.map { image in
      [
        image.file, Summary.fixed(image.mse, 3),
        image.psnr.value.isFinite ? Summary.fixed(image.psnr.value, 2) : "∞",
        image.ssim.map { Summary.fixed($0, 5) } ?? "–",
        Summary.fixed(image.deltaE2000.mean, 3),
        Summary.fixed(image.deltaE2000.p95, 3),
        Summary.fixed(image.oklabMse, 7),
      ]
    }
    let widths = titles.indices.map { column in
      ([titles] + rows).map { $0[column].count }.max() ?? 0
    }
    return ([titles] + rows).map { row in
      zip(row, widths).enumerated().map { column, cell in
        let room = String(repeating: " ", count: cell.1 - cell.0.count)
        return column == 0 ? cell.0 + room : room + cell.0
      }.joined(separator: "  ") + "\n"
    }.joined()
  }

  /// Lines for other programs.
  ///
  /// - Parameter report: The metrics of each image.
  /// - Returns: A line with the names of the columns and one for each image,
  ///   separated by tabs. Numbers have all their digits; `inf` is an infinite
  ///   PSNR, `nan` a missing SSIM.
  static func lines(of report: MetricsReport) -> String {
    let titles = [
      "file", "mse", "psnr", "ssim", "deltaE2000.mean", "deltaE2000.p95",
      "oklabMse",
    ]
    let rows = report.images.map { image in
      [
        image.file, "\(image.mse)", "\(image.psnr.value)",
        "\(image.ssim ?? .nan)", "\(image.deltaE2000.mean)",
        "\(image.deltaE2000.p95)", "\(image.oklabMse)",
      ]
    }
    return ([titles] + rows).map { $0.joined(separator: "\t") + "\n" }.joined()
  }
}
