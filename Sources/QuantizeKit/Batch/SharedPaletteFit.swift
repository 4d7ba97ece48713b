import ImageFormats
import ParallelWork
import Quantization

/// One palette for all images of a batch: a mixture fitted to the colours of all
/// of them together.
struct SharedPaletteFit {
  /// How to quantise.
  let options: QuantizeOptions

  /// The most images at once.
  let jobs: Int

  /// The most memory in use by pixels, in bytes.
  let memory: Int

  /// The memory that each image may take.
  let budget: MemoryBudget

  /// The palette, and the entries as they are written.
  struct Result {
    let palette: FixedPalette
    let entries: [FixedPalette.Color]
    let records: [PaletteRecord]

    /// What may surprise in the palette.
    let warnings: [String]
  }

  /// Fits.
  ///
  /// Images are read a few at a time, and their colours added in the order of
  /// the images, so that the result does not depend on how many those are.
  ///
  /// - Parameters:
  ///   - items: The images, and the memory that each needs.
  ///   - folder: The output folder, for messages.
  ///   - counted: Called when the colours of an image have been counted, with
  ///     how many have been.
  ///   - cannot: Called for each image that cannot be read.
  /// - Returns: The palette; `nil` where no image can be read.
  /// - Throws: `QuantizeError.quantize`.
  /// - Complexity: Memory for the distinct colours of all images, and for as
  ///   many images as are read at once.
  func run(
    _ items: [(item: BatchItem, bytes: Int)], _ folder: FileLocation,
    counted: (BatchItem, Int) -> Void,
    cannot: (BatchItem, QuantizeError) -> Void
  ) throws(QuantizeError) -> Result? {
    var merger = HistogramMerger()
    var rest = items[...]
    var count = 0
    let budget = budget
    while !rest.isEmpty {
      let wave = wave(of: rest)
      rest = rest.dropFirst(wave.count)
      let threads = max(1, options.threads / wave.count)
      let histograms = Workers(threads: wave.count).map(wave.count) { n in
        SharedPaletteFit.histogram(of: wave[n].item, options, threads, budget)
      }
      for (image, result) in zip(wave, histograms) {
        switch result {
        case .success(let histogram):
          merger.add(histogram)
          count += 1
          counted(image.item, count)
        case .failure(let error):
          cannot(image.item, error)
        }
      }
    }
    guard let histogram = merger.merged() else { return nil }
    do {
      let fitted = try Quantizer(options.quantizer).palette(of: histogram)
      let palette = fitted.palette
      let entries = palette.entries.map {
        FixedPalette.Color(color: $0.color, alpha: $0.alpha)
      }
      return Result(
        palette: try FixedPalette(palette), entries: entries,
        records: palette.entries.map {
          PaletteRecord(
            $0, pixels: histogram.pixelCount,
            space: options.decoding.target.rawValue, names: options.names)
        }, warnings: fitted.warnings())
    } catch {
      throw .quantize(folder, error)
    }
  }

  /// The images that are read next, all at once.
  private func wave(
    of rest: ArraySlice<(item: BatchItem, bytes: Int)>
  ) -> [(item: BatchItem, bytes: Int)] {
    var free = memory
    var wave: [(item: BatchItem, bytes: Int)] = []
    for image in rest.prefix(jobs) {
      free -= image.bytes
      guard wave.isEmpty || free >= 0 else { break }
      wave.append(image)
    }
    return wave
  }

  /// The weighted colours of an image, read as the image will be when it is
  /// mapped.
  private static func histogram(
    of item: BatchItem, _ options: QuantizeOptions, _ threads: Int,
    _ budget: MemoryBudget
  ) -> Swift.Result<ColorHistogram, QuantizeError> {
    var options = options
    options.threads = threads
    let location = FileLocation.file(item.input)
    return Swift.Result { () throws(QuantizeError) in
      let monitor = JobMonitor()
      let source = try InputImage(location, options, budget)
        .source(wholeBecause: options.obstacle, monitor)
      do throws(QuantizationError) {
        return try source.histogram(monitor)
      } catch {
        throw .quantize(location, error)
      }
    }
  }
}
