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
  public var columns: [ColumnChoice] = []

  /// Whether the first line of a text names the columns; `nil` where that is to be
  /// seen.
  public var header: Bool?

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
    guard ([input] + read).count(where: { $0 == .standardStream }) < 2 else {
      throw .usage("standard input can be read only once; name a file instead")
    }
    let outputs = try OutputSet(
      planned, reading: ReadFiles(image: nil, others: [input] + read),
      replaces: replaces)
    return try outputs.committing(telling: monitor.tell) {
      outputs throws(QuantizeError) in
      monitor.start(.decode)
      let (table, stored) = try tableAndModel()
      let weights = try weights(of: table)
      monitor.start(.fit)
      let origin = TableOrigin(of: table)
      let tree = try rethrowing { () throws(FitError) in
        PointTree(
          try WeightedPoints(
            coordinates: origin.points(of: table), weights: weights,
            dimension: table.columns), threads: threads)
      }
      let fitted: FittedTable
      switch task {
      case .fit(let options):
        warn(of: table, options, monitor)
        fitted = try fit(tree, table, origin, options, monitor)
      case .predict: fitted = try predict(tree, origin, stored)
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

  /// The table, and the model that is applied to it, if one is.
  private func tableAndModel() throws(QuantizeError) -> (Table, ModelFile?) {
    guard case .predict(let file) = task else {
      return (try table(input, columns, header), nil)
    }
    let stored: ModelFile
    let bytes = try contents(of: file)
    do throws(TableError) {
      stored = try ModelFile(bytes)
    } catch {
      throw .table(file, error)
    }
    let table = try table(input, columns, header, named: stored.columns)
    guard stored.model.dimension == table.columns else {
      throw .table(
        input, .width(table.columns, means: stored.model.dimension))
    }
    return (table, stored)
  }

  // Where no columns are chosen and the table has names, those in `names`.
  private func table(
    _ location: FileLocation, _ columns: [ColumnChoice] = [],
    _ header: Bool? = nil, named names: [String]? = nil
  ) throws(QuantizeError) -> Table {
    let bytes = try contents(of: location)
    do throws(TableError) {
      var columns = columns
      if columns.isEmpty, let names,
        let own = try TableReader.names(bytes, header: header)
      {
        guard Set(own).isSuperset(of: names) else {
          throw TableError.columnsDiffer(model: names, table: own)
        }
        columns = names.map(ColumnChoice.init)
      }
      let table = try TableReader.read(
        bytes, columns: columns, header: header,
        mostBytes: limits.inputBytes ?? .max)
      guard Self.isInRange(table) else { throw TableError.range }
      return table
    } catch {
      throw .table(location, error)
    }
  }

  private func contents(
    of location: FileLocation
  ) throws(QuantizeError) -> [UInt8] {
    if let path = location.path, (try? path.stat().type) == .directory {
      throw .unreadable(location, reason: "this is a folder; give a table")
    }
    return try InputFile.read(location) { _ in .image(limits) }
  }

  /// Whether squares of all differences are finite, and not all 0 where numbers
  /// differ.
  private static func isInRange(_ table: Table) -> Bool {
    var widest = 0.0
    for column in 0..<table.columns {
      var (least, most) = (Double.infinity, -Double.infinity)
      for place in stride(
        from: column, to: table.values.count, by: table.columns)
      {
        least = min(least, table.values[place])
        most = max(most, table.values[place])
      }
      guard max(abs(least), abs(most)) < 1e120 else { return false }
      widest = max(widest, most - least)
    }
    return widest == 0 || widest > 1e-120
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
        weights, .weightCount(column.values.count, rows: table.rows))
    }
    guard column.values.allSatisfy({ $0 >= 0 }),
      column.values.contains(where: { $0 > 0 })
    else { throw .table(weights, .weights) }
    return column.values
  }

  // MARK: Fitting

  private func fit(
    _ tree: PointTree, _ table: Table, _ origin: TableOrigin,
    _ options: TableFitOptions, _ monitor: JobMonitor
  ) throws(QuantizeError) -> FittedTable {
    var start: MixtureModel?
    if let file = options.initialMeans {
      let means = try self.table(file)
      guard means.columns == table.columns else {
        throw .table(input, .width(table.columns, means: means.columns))
      }
      if let count = options.components, count != means.rows {
        throw .usage(
          "-k is \(count), but \(file.displayName) has \(means.rows) means; leave "
            + "one of them out")
      }
      start = try rethrowing { () throws(FitError) in
        origin.local(
          try MixtureModel(means: means.values, dimension: means.columns))
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
    try options.checkNeighbours(columns: table.columns)
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
        fit.model, fit.truncation, tree, origin, engine, fit: fit,
        seed: options.search.seed)
    }
  }

  private func predict(
    _ tree: PointTree, _ origin: TableOrigin, _ stored: ModelFile?
  ) throws(QuantizeError) -> FittedTable {
    guard let stored else { throw .usage("there is no model") }
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
        origin.local(stored.model), truncation, tree, origin,
        try TruncatedEM(options))
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
    // Beyond that the number is too large for a whole one.
    let ratio = Int(min(1e15, most / least).rounded())
    monitor.tell(
      .warning(
        input,
        "column \(name(wide)) varies \(ratio) times as much as column "
          + "\(name(narrow)), which will hardly matter; scale the columns, or use "
          + "--covariance diagonal"))
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
