import QuantizeKit

/// What a person reads about a finished job.
enum Summary {
  /// The swatches that fit a line of a terminal.
  private static let mostSwatches = 32

  /// Four short lines: files, colours, quality, and size and time.
  ///
  /// - Parameters:
  ///   - report: What the job did.
  ///   - others: The files that it wrote besides the image.
  ///   - colored: Whether the terminal shows colours.
  /// - Returns: The lines.
  static func text(
    of report: Report, others: [FileLocation], colored: Bool
  ) -> String {
    let files = [report.output] + others.map(\.displayName)
    return """
      \(report.input) → \(files.joined(separator: ", "))
      \(colors(of: report, colored: colored))
      \(quality(of: report))
      \(sizes(of: report)), \(fixed(report.seconds.total, 2)) s

      """
  }

  /// Tells a person in one line what was written, where one reads standard
  /// output and nothing else goes there.
  ///
  /// - Parameters:
  ///   - what: What the files hold.
  ///   - locations: All files.
  static func tell(_ what: String, writing locations: [FileLocation]) {
    guard Terminal.outputIsTerminal, !locations.contains(.standardStream)
    else { return }
    let names = locations.map(\.displayName).joined(separator: ", ")
    print("\(what) → \(names)")
  }

  /// A number of things: `1 colour`, `2 colours`.
  static func count(_ number: Int, _ thing: String) -> String {
    "\(number) \(thing)\(number == 1 ? "" : "s")"
  }

  private static func colors(of report: Report, colored: Bool) -> String {
    let count = report.palette.count
    let label = Self.count(count, "colour")
    let shown = report.palette.prefix(mostSwatches)
    let rest = count > shown.count ? " …" : ""
    guard colored else {
      return label + "  " + shown.prefix(8).map(\.hex).joined(separator: " ")
        + (count > 8 ? " …" : "")
    }
    let swatches = shown.map { entry in
      "\u{1b}[48;2;\(entry.rgb[0]);\(entry.rgb[1]);\(entry.rgb[2])m  "
    }
    return label + "  " + swatches.joined() + "\u{1b}[0m" + rest
  }

  private static func quality(of report: Report) -> String {
    guard report.psnr.value.isFinite else { return "identical to the input" }
    let difference =
      report.deltaE2000.map { ", ΔE \(fixed($0.mean, 2))" } ?? ""
    return "PSNR \(fixed(report.psnr.value, 2)) dB\(difference)"
  }

  private static func sizes(of report: Report) -> String {
    let share = 100 * Double(report.outputBytes) / Double(report.inputBytes)
    return
      "\(bytes(report.inputBytes)) → \(bytes(report.outputBytes)) "
      + "(\(fixed(share, 0)) %)"
  }

  /// One line about a number of colours that was tried.
  static func line(of candidate: SelectionRecord.Candidate) -> String {
    let parts = [
      candidate.value.map { "criterion \(fixed($0, 1)) nats" },
      candidate.freeEnergy.map { "F \(fixed($0, 6)) nats/pixel" },
      candidate.psnr.map { "PSNR \(fixed($0.value, 3)) dB" },
      candidate.quality.map { "quality \($0)" },
      candidate.deltaE.map { "ΔE \(fixed($0, 4))" },
    ]
    return "k \(candidate.k): "
      + parts.compactMap(\.self).joined(separator: ", ")
  }

  /// Two lines: how well the mixture fits, and the time of each stage.
  static func details(of report: Report) -> String {
    let energy =
      report.freeEnergy.last.map { "F \(fixed($0, 6)) nats/pixel, " } ?? ""
    return energy + "σ² \(fixed(report.sigma2, 4)), "
      + count(report.iterations, "iteration") + "\n" + stages(of: report)
  }

  /// One line with the time of each stage.
  private static func stages(of report: Report) -> String {
    let seconds = report.seconds
    let stages = [
      ("decode", seconds.decode), ("histogram", seconds.histogram),
      ("fit", seconds.fit), ("map", seconds.map), ("encode", seconds.encode),
      ("metrics", seconds.metrics), ("total", seconds.total),
    ]
    // Nothing is measured without a report.
    return stages.filter { $0.0 != "metrics" || $0.1 > 0 }
      .map { "\($0.0) \(fixed(1_000 * $0.1, 1)) ms" }
      .joined(separator: ", ") + "\n"
  }

  /// A size in bytes with its unit.
  static func bytes(_ count: Int) -> String { NumberText.bytes(count) }

  /// A number with a fixed number of decimals, whatever the locale.
  static func fixed(_ value: Double, _ decimals: Int) -> String {
    NumberText.fixed(value, decimals)
  }
}
