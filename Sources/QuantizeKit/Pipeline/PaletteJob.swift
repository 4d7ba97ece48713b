import ImageFormats
public import PaletteFiles
import Quantization
public import TruncatedEM

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

  /// How to quantise; what it says of the encoding does not matter.
  public let options: QuantizeOptions

  /// What the palette is written as.
  public var form = Form.file(.json)

  /// The order of its entries.
  public var sorting = PaletteSorting.frequency

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
  /// - Parameters:
  ///   - observer: Called after every iteration, but not while the number of
  ///     colours is chosen.
  ///   - candidates: Called for every number of colours tried.
  ///   - warnings: Called for everything in the input that was passed over,
  ///     with a line for a person.
  ///   - stages: Called when a stage begins.
  /// - Returns: The entries as they were written.
  /// - Throws: A `QuantizeError` that names the file at fault; then nothing has
  ///   been written.
  public func run(
    observer: TruncatedEM.Observer? = nil,
    candidates: SelectionRecord.Observer? = nil,
    warnings: ((String) -> Void)? = nil,
    stages: Stopwatch.Observer? = nil
  ) throws(QuantizeError) -> [PaletteRecord] {
    let bytes = try InputFile.read(input, limits: options.limits)
    var file = try OutputFile(output, replaces: replaces, input: input)
    let decoded: DecodedImage
    do {
      decoded = try ImageDecoder.decode(
        bytes, into: options.colorTarget, limits: options.limits,
        keepsGoing: options.keepsGoing, threads: options.threads)
    } catch {
      throw .decode(input, error)
    }
    for warning in decoded.warnings { warnings?(warning) }
    let pixels = decoded.pixels.treated(options.alpha)
    var stopwatch = Stopwatch(observer: stages)
    let image: QuantizedImage
    do {
      image = try QuantizedImage(
        pixels, options, stopwatch: &stopwatch, observer: observer,
        candidates: candidates)
    } catch {
      throw .quantize(input, error)
    }
    let records = sorting.sorted(
      image.palette.entries.map {
        PaletteRecord(
          $0, pixels: pixels.size.pixelCount, space: decoded.space.rawValue,
          named: names)
      })
    let contents: [UInt8]
    do {
      switch form {
      case .file(let format):
        contents = try PaletteRecord.write(
          records, as: format, title: input.title)
      case .text(let text):
        contents = Array(text(records).utf8)
      }
    } catch {
      throw .paletteFile(output, error)
    }
    try file.write(contents)
    return records
  }
}
