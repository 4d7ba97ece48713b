import ArgumentParser
import Quantization
import QuantizeKit
import TableFiles
import TruncatedEM

/// The command that fits a mixture to a table.
struct FitCommand: JobCommand {
  static let configuration = CommandConfiguration(
    commandName: "fit",
    abstract: "Cluster the rows of a table (.npy, .npz, CSV).",
    usage: """
      quantize fit <table> -k <n> [--cprime <n>] [options]
      quantize fit --predict <model> <table> [options]
      """,
    discussion: """
      Examples:
        quantize fit points.npy -k 100 --labels labels.npy
            k-means; writes the component of each row
        quantize fit points.csv -k 8 --cprime 3 --covariance full --model m.npz
            a Gaussian mixture, each row shared among three components
        quantize fit points.csv --columns 2-4 -k 8 -c 8 --mixing learned
            full EM on three of the columns; the report goes to standard output
        quantize fit --predict m.npz new.csv --responsibilities r.npz
            applies the mixture to other rows

      Rows are points, and columns are their coordinates. Without an output the \
      report goes to standard output. To quantise an image whose file is called \
      fit, write: quantize ./fit.
      """,
    helpNames: [])

  static let dailyOptions = [
    "--components", "--cprime", "--covariance", "--mixing", "--columns",
    "--predict", "--model", "--responsibilities", "--labels", "--report",
    "--force", "--effort", "--quiet", "--version",
  ]

  @Argument(
    help: ArgumentHelp(
      """
      The table to read, .npy, .npz or CSV; - is standard input.
      """, valueName: "table"),
    completion: FileKinds.table)
  var input: String

  @Option(
    help: ArgumentHelp(
      "Share the rows among the components of this model; fit nothing.",
      valueName: "model"),
    completion: FileKinds.files(["npz"]))
  var predict: String?

  @Option(
    name: [.customShort("k", allowingJoined: true), .long],
    parsing: .unconditional,
    help: ArgumentHelp(
      "Number of components, 1 to 65536.", valueName: "n"),
    transform: NumberArgument.whole)
  var components: Int?

  @Option(
    name: [.customShort("c"), .long], parsing: .unconditional,
    help: ArgumentHelp(
      """
      C': how many components share a row, 1 to k. 1 is k-means, k is full EM. \
      (default: 1, or that of the model)
      """, valueName: "n"),
    transform: NumberArgument.whole)
  var cprime: Int?

  @Option(
    help: ArgumentHelp(
      """
      Covariances: \(Names.covariances.text). (default: shared)
      """, valueName: "kind"),
    completion: Names.covariances.completion,
    transform: Names.covariances.parse)
  var covariance: CovarianceType?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      """
      Seed of the random search. The same seed gives the same bytes. (default: \
      0)
      """, valueName: "n"),
    transform: NumberArgument.whole)
  var seed: UInt64?

  @Option(
    help: ArgumentHelp(
      """
      Start at the rows of this table, without a search.
      """, valueName: "file"),
    completion: FileKinds.table)
  var `init`: String?

  @OptionGroup
  var effort: EffortArguments

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      """
      Compare a row only with its last components and the n nearest to each. \
      (default: all; 8 from k = 16384 on)
      """, valueName: "n|all"),
    transform: NeighboursArgument.parse)
  var neighbours: EStep?

  @Option(
    help: ArgumentHelp(
      """
      Columns to use, by number or name: 1,3-5,height. (default: all)
      """, valueName: "list"))
  var columns: String?

  @Flag(
    inversion: .prefixedNo,
    help: """
      Whether the first line of a CSV names the columns. (default: if it has no \
      numbers)
      """)
  var header: Bool?

  @Option(
    help: ArgumentHelp(
      "Weight the rows by the numbers in this file.", valueName: "file"),
    completion: FileKinds.table)
  var weights: String?

  @Option(
    help: ArgumentHelp(
      "Write the mixture as arrays for NumPy.", valueName: "file"),
    completion: FileKinds.files(["npz"]))
  var model: String?

  @Option(
    help: ArgumentHelp(
      """
      Write how much of each row each component explains. An .npz has the C' \
      components of a row, an .npy all k.
      """, valueName: "file"),
    completion: FileKinds.files(["npz", "npy"]))
  var responsibilities: String?

  @Option(
    help: ArgumentHelp(
      """
      Write the component of each row, .npy or text; - is standard output.
      """, valueName: "file"),
    completion: FileKinds.files(["npy", "txt", "csv"]))
  var labels: String?

  @Option(
    help: ArgumentHelp(
      "Write a report as JSON; - is standard output.", valueName: "file"),
    completion: FileKinds.files(["json"]))
  var report: String?

  @OptionGroup
  var replacing: ForceOption

  @OptionGroup(title: "General")
  var details: VerboseOption

  @OptionGroup(title: "General")
  var common: CommonOptions

  /// Does the job.
  func execute() throws(QuantizeError) {
    let job = try job()
    let progress = Progress(
      quiet: common.quiet, verbose: details.verbose, per: "row")
    progress.show(.decode)
    let report = try progress.showing { () throws(QuantizeError) in
      try job.run(events: progress.events)
    }
    guard !common.quiet else { return }
    let ending =
      report.converged.map { $0 ? ", converged" : ", not converged" } ?? ""
    Summary.tell(
      "\(Summary.count(report.rows, "row")), k \(report.k), C' \(report.cprime), "
        + "F \(Summary.fixed(report.finalFreeEnergy, 4)) nats/row\(ending)",
      writing: [job.model, job.responsibilities, job.labels, job.report]
        .compactMap(\.self))
  }

  private func job() throws(QuantizeError) -> TableJob {
    try common.check()
    guard !input.isEmpty else {
      throw .usage("the file name of the table is empty")
    }
    var job = TableJob(
      input: FileLocation(argument: input), task: try task())
    if let columns {
      guard let list = ColumnChoice.list(columns) else {
        throw .usage(
          "--columns must be numbers, ranges or names with commas between them, "
            + "such as 1,3-5,height")
      }
      job.columns = list
    }
    job.header = header
    job.weights = try file(weights, of: "--weights")
    job.truncation = cprime.map(Truncation.init)
    job.model = try OutputArgument.file(
      model, of: "--model", writing: "arrays for NumPy", endings: ["npz"])
    job.responsibilities = try OutputArgument.file(
      responsibilities, of: "--responsibilities",
      writing: "arrays for NumPy", endings: ["npz", "npy"])
    job.labels = try OutputArgument.file(
      labels, of: "--labels", writing: "an array or text",
      endings: ["npy", "txt", "csv"])
    job.report = try OutputArgument.file(
      report, of: "--report", writing: "JSON", endings: ["json"])
    if [job.model, job.responsibilities, job.labels, job.report]
      .allSatisfy({ $0 == nil })
    {
      job.report = .standardStream
    }
    job.limits = common.limits
    job.threads = common.threadCount
    job.replaces = replacing.force
    return job
  }

  /// The options that are given, for those that exclude each other.
  private var given: [GivenOption] {
    var given =
      effort.given + common.given + details.given
      + GivenOption.list([
        "--predict": predict != nil, "--components": components != nil,
        "--covariance": covariance != nil, "--seed": seed != nil,
        "--init": self.`init` != nil, "--model": model != nil,
        "--neighbours": neighbours != nil,
      ])
    // Images may have means and an effort, which is also that of a dithering.
    if self.`init` != nil {
      given.append(GivenOption("means", shown: "--init"))
    }
    return given
  }

  private func task() throws(QuantizeError) -> TableJob.Task {
    try OptionRules.check(given)
    if let predict = try file(predict, of: "--predict") {
      return .predict(predict)
    }
    if let components,
      !(1...MixtureModel.maximumComponents).contains(components)
    {
      throw .usage(
        "-k must be 1 to \(MixtureModel.maximumComponents), not \(components)")
    }
    guard
      let size = try? PaletteSize(components ?? 1)
    else { throw .usage("give the number of components with -k") }
    var search = QuantizerOptions(start: .search(size))
    search.seed = seed ?? 0
    try effort.apply(to: &search)
    var options = TableFitOptions(search)
    options.components = components
    options.covariance = covariance ?? .tied
    options.eStep = neighbours
    options.initialMeans = try file(self.`init`, of: "--init")
    return .fit(options)
  }

  private func file(
    _ name: String?, of option: String
  ) throws(QuantizeError) -> FileLocation? {
    guard let name else { return nil }
    guard !name.isEmpty else {
      throw .usage("the file name of \(option) is empty")
    }
    return FileLocation(argument: name)
  }
}
