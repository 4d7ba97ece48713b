public import PaletteFiles

/// The palette of one image, from file to file; no image is written.
public struct PaletteJob: Sendable {
  /// What the palette is written as.
  public enum Form: Sendable {
    /// A palette file.
    case file(PaletteFormat)

    /// A text made of its entries.
    case text(@Sendable ([PaletteRecord]) -> String)
  }

  /// The image to read.
  public let input: FileLocation

  /// Where the palette goes.
  public let output: FileLocation

  /// How to quantise; its encoding does not matter.
  public let options: QuantizeOptions

  /// What the palette is written as.
  public var form = Form.file(.json)

  /// The order of its entries; `nil` leaves it to the options' `order`, or
  /// where that says nothing to their frequency.
  public var sorting: PaletteSorting?

  /// Whether entries are given the names of the nearest colours of CSS.
  public var names = false

  /// Whether an existing file may be replaced.
  public var replaces = false

  /// Describes a job.
  public init(
    input: FileLocation, output: FileLocation, options: QuantizeOptions
  ) {
    self.input = input
    self.output = output
    self.options = options
  }

  /// Does the job.
  ///
  /// - Parameter events: Receives what happens.
  /// - Returns: The entries as they were written.
  /// - Throws: A `QuantizeError` that names the file at fault; then nothing has
  ///   been written.
  public func run(
    events: @escaping JobEvent.Observer = { _ in }
  ) throws(QuantizeError) -> [PaletteRecord] {
    try JobMonitor.observing(events, run)
  }

  private func run(
    _ monitor: JobMonitor
  ) throws(QuantizeError) -> [PaletteRecord] {
    let image = try InputImage(input, options, MemoryBudget(nil))
    let file = try OutputFile(
      .palette, output, replaces: replaces,
      reading: ReadFiles(image: input, others: options.files))
    let fitted = try FittedSource(
      image, options, wholeBecause: options.obstacle, monitor)
    monitor.stop()
    let source = fitted.source
    for warning in fitted.fitted.warnings() {
      monitor.tell(.warning(input, warning))
    }
    var records = fitted.mapper.summary.palette.entries.map {
      PaletteRecord(
        $0, pixels: source.size.pixelCount, space: source.space.rawValue,
        names: options.names, named: names)
    }
    if let sorting = sorting
      ?? (options.quantizer.order.isOfUse ? .frequency : nil)
    {
      records = sorting.sorted(records)
    }
    if case .file(let format) = form,
      let loss = PaletteRecord.loss(of: records, as: format)
    {
      monitor.tell(.warning(output, loss))
    }
    try file.write(try contents(records), telling: monitor.tell)
    return records
  }

  private func contents(
    _ records: [PaletteRecord]
  ) throws(QuantizeError) -> [UInt8] {
    switch form {
    case .text(let text): return Array(text(records).utf8)
    case .file(let format):
      do {
        return try PaletteRecord.write(
          records, as: format, title: input.title)
      } catch {
        throw .paletteFile(output, error)
      }
    }
  }
}
