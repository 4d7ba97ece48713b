import CLibrary
public import ImageFormats
import SoftFormats
public import TableFiles
public import TruncatedEM

/// A mixture fitted to the rows of a table, or one that was fitted before, applied to
/// others; from file to files.
public struct TableJob: Sendable {
  /// What is done with the table.
  public enum Task: Sendable {
    /// A mixture is fitted.
    case fit(TableFitOptions)

    /// Points are shared among the components of a mixture, which a job has written.
    case predict(FileLocation)
  }

  /// The table.
  public let input: FileLocation

  /// What is done with it.
  public let task: Task

  /// Which columns are coordinates; empty for all.
  public var columns: [ColumnRange] = []

  /// Where the weights of the rows are, a table of one column; `nil` for 1 each.
  public var weights: FileLocation?

  /// C'; `nil` for 1, or for that of the mixture.
  public var truncation: Truncation?

  /// Where the mixture goes, if anywhere (.npz; `ModelFile`).
  public var model: FileLocation?

  /// Where responsibilities go, if anywhere: as .npz the C' of each row, as .npy all
  /// k.
  public var responsibilities: FileLocation?

  /// Where the number of each row's component goes, if anywhere: .npy, or else text,
  /// a line each.
  public var labels: FileLocation?

  /// Where the report goes, if anywhere.
  public var report: FileLocation?

  /// What files may ask for at most.
  public var limits = DecodeLimits()

  /// The most threads; results do not depend on it.
  public var threads = 1

  /// Whether existing files may be replaced.
  public var replaces = false

  /// How much wider one column may be than another before there is a warning.
  private static let mostRatio = 100.0

  /// Describes a job.
  public init(input: FileLocation, task: Task) {
    self.input = input
    self.task = task
  }

  /// Does the job: either all outputs are written or, when an error is thrown,
  /// none.
  ///
  /// - Parameter events: Receives what happens.
  /// - Returns: The report.
  /// - Throws: A `QuantizeError` that names the file at fault.
  public func run(
    events: @escaping JobEvent.Observer = { _ in }
  ) throws(QuantizeError) -> TableReport {
    try JobMonitor.observing(events, run)
  }

  private func run(
    _ monitor: JobMonitor
  ) throws(QuantizeError) -> TableReport {
    let planned = [
      PlannedOutput(.model, model, .seekableFile),
      PlannedOutput(
        .responsibilities(0), responsibilities,
        isSparse ? .seekableFile : .file),
      PlannedOutput(.labels, labels), PlannedOutput(.report, report),
    ].compactMap(\.self)
    try PlannedOutput.checkDistinct(planned)
    let outputs = try OutputSet(
      planned, reading: ReadFiles(image: nil, others: [input] + read),
      replaces: replaces)
    return try outputs.committing(telling: monitor.tell) {
      outputs throws(QuantizeError) in
      monitor.start(.decode)
      let table = try table(input, columns)
      let weights = try weights(of: table)
      monitor.start(.fit)
      let tree = try rethrowing { () throws(FitError) in
        PointTree(
          try WeightedPoints(
            coordinates: table.values, weights: weights,
            dimension: table.columns), threads: threads)
      }
      let fitted: FittedTable
      switch task {
      case .fit(let options):
        warn(of: table, options, monitor)
        fitted = try fit(tree, table, options, monitor)
      case .predict(let file): fitted = try predict(tree, table, file)
      }
      monitor.start(.encode)
      try stage(fitted, tree, table, to: outputs)
      monitor.stop()
      let report = fitted.report(
        self, table, threads: threads,
        TableReport.Seconds(
          read: monitor.seconds(.decode), fit: monitor.seconds(.fit),
          write: monitor.seconds(.encode), total: monitor.totalSeconds))
      if outputs.contains(.report) {
        try outputs.stage(.report, report.json())
      }
      return report
    }
  }

  // MARK: Reading

  /// What is read besides the table.
  private var read: [FileLocation] {
    var files = [weights].compactMap(\.self)
    switch task {
    case .fit(let options): files += [options.initialMeans].compactMap(\.self)
    case .predict(let file): files.append(file)
    }
    return files
  }

  private func table(
    _ location: FileLocation, _ columns: [ColumnRange] = []
  ) throws(QuantizeError) -> Table {
    let bytes = try InputFile.read(location) { _ in .image(limits) }
    do throws(TableError) {
      return try TableReader.read(bytes, columns: columns)
    } catch {
      throw .table(location, error)
    }
  }

  private func weights(
    of table: Table
  ) throws(QuantizeError) -> [Double]? {
    guard let weights else { return nil }
    let column = try self.table(weights)
    // A row of numbers is as good as a column.
    guard column.values.count == table.rows,
      column.columns == 1 || column.rows == 1
    else {
      throw .table(
        weights,
        .length(
          column.values.count, expected: table.rows,
          of: "the table has as many rows as"))
    }
    return column.values
  }

  // MARK: Fitting

  private func fit(
    _ tree: PointTree, _ table: Table, _ options: TableFitOptions,
    _ monitor: JobMonitor
  ) throws(QuantizeError) -> FittedTable {
    var start: MixtureModel?
    if let file = options.initialMeans {
      let means = try self.table(file)
      guard means.columns == table.columns else {
        throw .table(
          file,
          .length(
            means.columns, expected: table.columns,
            of: "a row of the table has"))
      }
      if let count = options.components, count != means.rows {
        throw .usage(
          "-k is \(count), but \(file.displayName) has \(means.rows) means; leave "
            + "one of them out")
      }
      start = try rethrowing { () throws(FitError) in
        try MixtureModel(means: means.values, dimension: means.columns)
      }
    }
    guard let components = start?.components ?? options.components else {
      throw .usage("give the number of components with -k")
    }
    guard components <= table.rows else {
      throw .usage(
        "-k is \(components), but \(input.displayName) has only \(table.rows) "
          + "rows")
    }
    let truncation = truncation ?? .hard
    guard (1...components).contains(truncation.count) else {
      throw .usage(
        "--cprime must be 1 to the number of components (\(components)), not "
          + "\(truncation.count)")
    }
    var settings = options.engine(
      components: components, truncation: truncation,
      dimension: table.columns)
    settings.threads = threads
    let engine = try rethrowing { () throws(FitError) in
      try TruncatedEM(settings)
    }
    let observer: TruncatedEM.Observer = { statistics in
      monitor.tell(.iteration(statistics))
      return .proceed
    }
    let fit = try rethrowing { () throws(FitError) in
      if let start {
        try engine.fit(
          tree, from: start, truncation: truncation, observer: observer)
      } else {
        try engine.fit(
          tree, components: components, truncation: truncation,
          seed: options.search.seed, observer: observer)
      }
    }
    return try rethrowing { () throws(FitError) in
      try FittedTable(
        fit.model, fit.truncation, tree, engine, fit: fit,
        seed: options.search.seed)
    }
  }

  private func predict(
    _ tree: PointTree, _ table: Table, _ file: FileLocation
  ) throws(QuantizeError) -> FittedTable {
    let bytes = try InputFile.read(file) { _ in .image(limits) }
    let stored: ModelFile
    do throws(TableError) {
      stored = try ModelFile(bytes)
    } catch {
      throw .table(file, error)
    }
    guard stored.model.dimension == table.columns else {
      throw .table(
        input,
        .length(
          table.columns, expected: stored.model.dimension,
          of: "a row has, and the means have"))
    }
    let truncation = truncation ?? stored.truncation
    guard (1...stored.model.components).contains(truncation.count) else {
      throw .usage(
        "--cprime must be 1 to the number of components "
          + "(\(stored.model.components)), not \(truncation.count)")
    }
    var settings = FitOptions()
    settings.threads = threads
    let options = settings
    return try rethrowing { () throws(FitError) in
      try FittedTable(
        stored.model, truncation, tree, try TruncatedEM(options))
    }
  }

  /// Warns of columns whose spreads differ so much that a spherical mixture sees
  /// only some.
  private func warn(
    of table: Table, _ options: TableFitOptions, _ monitor: JobMonitor
  ) {
    guard !options.covariance.hasMatrices, table.columns > 1 else { return }
    let deviations = (0..<table.columns).map { column in
      let values = stride(
        from: column, to: table.values.count, by: table.columns
      ).map { table.values[$0] }
      let mean = values.reduce(0, +) / Double(table.rows)
      return
        (values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
        / Double(table.rows)).squareRoot()
    }
    let spread = deviations.filter { $0 > 0 }
    guard let least = spread.min(), let most = spread.max(),
      most > Self.mostRatio * least,
      let narrow = deviations.firstIndex(of: least),
      let wide = deviations.firstIndex(of: most)
    else { return }
    func name(_ column: Int) -> String {
      table.names.map { "“\($0[column])”" } ?? "\(column + 1)"
    }
    monitor.tell(
      .warning(
        input,
        "column \(name(wide)) is \(Int((most / least).rounded())) times as wide as "
          + "column \(name(narrow)), which will hardly matter; bring columns to one "
          + "scale, or use --covariance diagonal"))
  }

  // MARK: Writing

  private var isSparse: Bool {
    responsibilities?.pathExtension?.lowercased() != "npy"
  }

  private func stage(
    _ fitted: FittedTable, _ tree: PointTree, _ table: Table,
    to outputs: OutputSet
  ) throws(QuantizeError) {
    if let model {
      let file = ModelFile(
        fitted.model, truncation: fitted.truncation,
        freeEnergy: fitted.freeEnergy, columns: table.names)
      try outputs.stage(.model) { path throws(QuantizeError) in
        do throws(SoftFormatError) {
          try file.write(to: path)
        } catch {
          throw .softOutput(model, error)
        }
      }
    }
    guard responsibilities != nil || labels != nil else { return }
    let posterior = try rethrowing { () throws(FitError) in
      try fitted.posterior(of: tree)
    }
    let file = ResponsibilityFile(
      posterior, components: fitted.model.components)
    if labels != nil {
      let isArray = labels?.pathExtension?.lowercased() == "npy"
      try outputs.stage(
        .labels, isArray ? file.labels() : file.labelLines())
    }
    guard let responsibilities else { return }
    guard isSparse else {
      return try outputs.stage(.responsibilities(0), file.dense())
    }
    try outputs.stage(.responsibilities(0)) { path throws(QuantizeError) in
      do throws(SoftFormatError) {
        try file.write(to: path)
      } catch {
        throw .softOutput(responsibilities, error)
      }
    }
  }

  /// Runs the engine.
  ///
  /// - Throws: `QuantizeError.usage` with what it throws.
  private func rethrowing<Result>(
    _ body: () throws(FitError) -> Result
  ) throws(QuantizeError) -> Result {
    do throws(FitError) {
      return try body()
    } catch {
      throw .usage("\(input.displayName): \(error.message)")
    }
  }
}
