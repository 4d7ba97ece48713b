import JSONFiles
import SystemPackage

/// The reports of a batch's images, in their order.
public struct BatchReport: Sendable {
  /// What the reports are written as.
  public enum Format: Sendable {
    /// A line of JSON for each image, with all that a single report has.
    case jsonLines

    /// A line for each image as RFC 4180 has it, below a line of names: what
    /// a report has that is one number or word.
    case csv

    /// The format of a file's ending, if it has one of them.
    public init?(pathExtension: String) {
      switch pathExtension.lowercased() {
      case "jsonl", "ndjson", "json": self = .jsonLines
      case "csv": self = .csv
      default: return nil
      }
    }
  }

  private let format: Format

  init(_ format: Format) {
    self.format = format
  }

  /// Writes the reports that the ledger has.
  ///
  /// - Parameters:
  ///   - items: The images.
  ///   - ledger: Has a report of each that is done.
  ///   - location: Where they go.
  ///   - replaces: Whether an existing file may be replaced.
  ///   - reading: What is read, and is not replaced.
  ///   - events: Told of what could not be kept of a file that was replaced.
  /// - Throws: `QuantizeError.outputExists`, `.replacesInput`, `.cannotCreate`
  ///   or `.inputOutput`.
  func write(
    _ items: [BatchItem], _ ledger: BatchLedger, to location: FileLocation,
    replaces: Bool, reading: ReadFiles, events: JobEvent.Observer
  ) throws(QuantizeError) {
    let file = try OutputFile(
      .report, location, replaces: replaces, reading: reading,
      temporaryPrefix: BatchLedger.temporaryPrefix)
    let reports = items.compactMap { item -> Report? in
      let entry = ledger.entry(item.key)
      return entry?.stage == .done ? entry?.report : nil
    }
    try file.write(bytes(of: reports), telling: events)
  }

  /// The file.
  func bytes(of reports: [Report]) -> [UInt8] {
    switch format {
    case .jsonLines:
      return reports.flatMap { JSONFile.line($0) }
    case .csv:
      var table = CSVWriter(columns: Self.columns.map(\.name))
      for report in reports {
        table.append(Self.columns.map { $0.value(report) })
      }
      return table.bytes
    }
  }

  private typealias Column = (name: String, value: @Sendable (Report) -> String)

  private static let columns: [Column] = [
    ("input", { $0.input }),
    ("output", { $0.output }),
    ("width", { "\($0.width)" }),
    ("height", { "\($0.height)" }),
    ("distinctColors", { "\($0.distinctColors)" }),
    ("k", { "\($0.k)" }),
    ("cprime", { "\($0.cprime)" }),
    ("colors", { "\($0.palette.count)" }),
    ("space", { $0.space }),
    ("seed", { "\($0.seed)" }),
    ("iterations", { "\($0.iterations)" }),
    ("converged", { "\($0.converged)" }),
    ("sigma2", { "\($0.sigma2)" }),
    ("freeEnergy", { number($0.freeEnergy.last) }),
    ("inertia", { "\($0.inertia)" }),
    ("mse", { "\($0.mse)" }),
    ("psnr", { $0.psnr.value.isFinite ? "\($0.psnr.value)" : "" }),
    ("ssim", { number($0.ssim) }),
    ("deltaE2000Mean", { number($0.deltaE2000?.mean) }),
    ("oklabMse", { number($0.oklabMse) }),
    ("inputBytes", { "\($0.inputBytes)" }),
    ("outputBytes", { "\($0.outputBytes)" }),
    ("seconds", { "\($0.seconds.total)" }),
  ]

  private static func number(_ value: Double?) -> String {
    value.map { "\($0)" } ?? ""
  }
}
