import ParallelWork
public import SoftFormats

/// What is written of the truncated posterior, and where.
public struct SoftOutputs: Sendable {
  /// A file or folder of responsibilities.
  public struct Responsibilities: Sendable {
    /// Where it goes.
    public let location: FileLocation

    /// What it is.
    public let format: SoftFormat

    /// Describes an output.
    public init(_ location: FileLocation, _ format: SoftFormat) {
      self.location = location
      self.format = format
    }
  }

  /// The files and folders of responsibilities.
  public var responsibilities: [Responsibilities] = []

  /// Where the posterior mean of each pixel goes, a PNG, if anywhere.
  public var colors: FileLocation?

  /// Where the entropy of each pixel's posterior goes, a PNG, if anywhere.
  public var uncertainty: FileLocation?

  /// Whether the entropy is shown in colours with a legend, and not as grey.
  public var showsUncertaintyInColors = false

  /// How samples are written; `nil` leaves it to the format: 8 bits for
  /// OpenRaster and pictures, 16 for TIFF and folders.
  public var depth: SampleDepth?

  /// Nothing.
  public init() {}

  /// Whether nothing is written.
  public var isEmpty: Bool {
    responsibilities.isEmpty && colors == nil && uncertainty == nil
  }

  /// Whether all of it is written in one or two passes over the pixels, and
  /// nothing is kept in memory.
  var canBeStreamed: Bool {
    colors == nil && uncertainty == nil
      && responsibilities.allSatisfy { $0.format.isStreamed }
  }

  /// The files and folders, not created yet.
  var planned: [PlannedOutput] {
    let files: [PlannedOutput?] = [
      PlannedOutput(.softColors, colors),
      PlannedOutput(.uncertainty, uncertainty),
    ]
    let soft = responsibilities.enumerated().map { n, file in
      PlannedOutput(
        .responsibilities(n), file.location,
        file.format.isFolder ? .folder : .seekableFile)
    }
    return (files + soft).compactMap(\.self)
  }

  /// Loads the libraries that write them, before any work is done.
  ///
  /// - Throws: `QuantizeError.softOutput`.
  func loadLibraries() throws(QuantizeError) {
    for file in responsibilities {
      do {
        try file.format.loadLibrary()
      } catch {
        throw .softOutput(file.location, error)
      }
    }
  }

  /// Stages all of them.
  ///
  /// - Parameters:
  ///   - image: The posterior.
  ///   - outputs: The files and folders.
  /// - Throws: `QuantizeError.softOutput`, `.cannotCreate` or `.inputOutput`.
  func stage(
    _ image: SoftImage, to outputs: OutputSet
  ) throws(QuantizeError) {
    let files = planned.count
    var file = 0
    func encoded(
      _ location: FileLocation, _ body: () throws(SoftFormatError) -> [UInt8]
    ) throws(QuantizeError) -> [UInt8] {
      defer { file += 1 }
      return try WorkMeter.part(file, of: files) { () throws(QuantizeError) in
        do throws(SoftFormatError) {
          return try body()
        } catch {
          throw .softOutput(location, error)
        }
      }
    }
    if let colors {
      try outputs.stage(
        .softColors,
        try encoded(colors) { () throws(SoftFormatError) in
          try SoftColorImage.encode(image, depth: depth?.png ?? .eight)
        })
    }
    if let uncertainty {
      try outputs.stage(
        .uncertainty,
        try encoded(uncertainty) { () throws(SoftFormatError) in
          showsUncertaintyInColors
            ? try UncertaintyImage.encodeColors(image)
            : try UncertaintyImage.encode(image)
        })
    }
    for (n, file) in responsibilities.enumerated() {
      try outputs.stage(.responsibilities(n)) { path throws(QuantizeError) in
        _ = try encoded(file.location) { () throws(SoftFormatError) in
          try file.format.write(image, to: path, depth: depth)
          return []
        }
      }
    }
  }
}
