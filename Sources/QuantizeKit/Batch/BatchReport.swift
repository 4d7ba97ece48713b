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

  /// A line: of an image that was made, or of another input.
  enum Line {
    case report(Report)
    case other(BatchOutcome)
  }

  private let format: Format

  init(_ format: Format) {
    self.format = format
  }

  /// Writes the lines.
  ///
  /// - Parameters:
  ///   - lines: What became of each input.
  ///   - location: Where they go.
  ///   - replaces: Whether an existing file may be replaced.
  ///   - reading: What is read, and is not replaced.
  ///   - events: Told of what could not be kept of a file that was replaced.
  /// - Throws: `QuantizeError.outputExists`, `.replacesInput`, `.cannotCreate`
  ///   or `.inputOutput`.
  func write(
    _ lines: [Line], to location: FileLocation, replaces: Bool,
    reading: ReadFiles, events: JobEvent.Observer
  ) throws(QuantizeError) {
    let file = try OutputFile(
      .report, location, replaces: replaces, reading: reading,
      temporaryPrefix: BatchLedger.temporaryPrefix)
    try file.write(bytes(of: lines), telling: events)
  }

  /// The file.
  func bytes(of lines: [Line]) -> [UInt8] {
    switch format {
    case .jsonLines:
      return lines.flatMap { line in
        switch line {
        case .report(let report): JSONFile.line(report)
        case .other(let outcome): JSONFile.line(outcome)
        }
      }
    case .csv:
      var table = CSVWriter(
        columns: Self.columns.map(\.name) + ["outcome", "reason"])
      for line in lines {
        switch line {
        case .report(let report):
          table.append(Self.columns.map { $0.value(report) } + ["done", ""])
        case .other(let outcome):
          table.append(
            Self.columns.map { Self.value(of: outcome, $0.name) }
              + [outcome.outcome.rawValue, outcome.reason ?? ""])
        }
      }
      return table.bytes
    }
  }

  private static func value(
    of outcome: BatchOutcome, _ name: String
  ) -> String {
    switch name {
    case "input": outcome.input
    case "output": outcome.output ?? ""
    case "inputBytes": outcome.inputBytes.map { "\($0)" } ?? ""
    case "outputBytes": outcome.outputBytes.map { "\($0)" } ?? ""
    default: ""
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
    ("inertia", { number($0.inertia) }),
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
