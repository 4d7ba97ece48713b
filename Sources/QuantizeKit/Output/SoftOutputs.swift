import ParallelWork
public import Segmentation
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

  /// A file or folder of layers.
  public struct Layers: Sendable {
    /// Where it goes.
    public let location: FileLocation

    /// What it is.
    public let format: LayerFormat

    /// How the layers are put together.
    public let blend: LayerBlend

    /// Describes an output.
    public init(
      _ location: FileLocation, _ format: LayerFormat, _ blend: LayerBlend
    ) {
      self.location = location
      self.format = format
      self.blend = blend
    }
  }

  /// The files and folders of layers.
  public var layers: [Layers] = []

  /// The colours that share layers.
  public var layerGroups: [LayerGrouping] = []

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
    responsibilities.isEmpty && layers.isEmpty && colors == nil
      && uncertainty == nil
  }

  /// All files and folders.
  public var locations: [FileLocation] {
    [colors, uncertainty].compactMap(\.self)
      + responsibilities.map(\.location) + layers.map(\.location)
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
    let layers = layers.enumerated().map { n, file in
      PlannedOutput(
        .layers(n), file.location,
        file.format.isFolder ? .folder : .seekableFile)
    }
    return (files + soft + layers).compactMap(\.self)
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
    for file in layers {
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
  ///   - source: The file that it is of.
  ///   - outputs: The files and folders.
  ///   - measures: Whether layers are measured.
  ///   - monitor: Told of what people should know.
  /// - Returns: The figures of the first layers that are written, if they are measured.
  /// - Throws: `QuantizeError.softOutput`, `.segmentation`, `.cannotCreate` or
  ///   `.inputOutput`.
  func stage(
    _ image: SoftImage, of source: FileLocation, to outputs: OutputSet,
    measuring measures: Bool, _ monitor: JobMonitor
  ) throws(QuantizeError) -> LayersRecord? {
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
    guard !layers.isEmpty else { return nil }
    let groups = try groups(of: image, source, monitor)
    var record: LayersRecord?
    for (n, file) in layers.enumerated() {
      let layers: LayerImage
      do throws(SegmentationError) {
        layers = try LayerImage(image, grouping: groups, blend: file.blend)
      } catch {
        throw .segmentation(source, error)
      }
      try outputs.stage(.layers(n)) { path throws(QuantizeError) in
        _ = try encoded(file.location) { () throws(SoftFormatError) in
          try file.format.write(layers, to: path)
          return []
        }
      }
      if measures, record == nil { record = LayersRecord(layers.split) }
    }
    return record
  }

  /// The components of the groups.
  private func groups(
    of image: SoftImage, _ source: FileLocation, _ monitor: JobMonitor
  ) throws(QuantizeError) -> [LayerPlan.Group] {
    do throws(SegmentationError) {
      var groups: [LayerPlan.Group] = []
      for group in layerGroups {
        groups.append(
          try group.group(of: image) { monitor.tell(.warning(source, $0)) })
      }
      return groups
    } catch {
      throw .segmentation(source, error)
    }
  }
}
