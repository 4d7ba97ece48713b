import ParallelWork
public import Rasters

/// Counts the colours of an image that comes strip by strip;
/// ``Quantizer/counter(of:)`` makes it.
public struct StripCounter {
  private var accumulator = HistogramAccumulator()
  private let size: ImageSize

  /// The numbers of the bands that stand for the image.
  private let bands: [Int]
  private let workers: Workers
  private var samples: [DitherStrip] = []

  /// The number of the next strip's first row.
  private var row = 0

  /// The strip before; dithering reads its last rows.
  private var last: DitherStrip?

  init(_ size: ImageSize, samples bands: [Int], workers: Workers) {
    self.size = size
    self.bands = bands
    self.workers = workers
  }

  /// Counts the colours of a strip.
  ///
  /// - Parameter pixels: The next strip; all have the same samples a pixel and
  ///   bits a sample.
  /// - Complexity: O(pixels), and O(colours × log strips) over all strips.
  public mutating func count(_ pixels: Pixels) {
    accumulator.add(pixels, workers: workers)
    let end = row + pixels.size.height
    if !bands.isEmpty {
      let strip = DitherStrip(row..<end, pixels, of: size, below: last)
      samples += bands.filter(strip.bands.contains).map(strip.band)
      last = strip
    }
    row = end
  }

  /// Ends the counting, after all strips.
  ///
  /// - Returns: The colours, and samples of the image where its palette will be
  ///   fitted to its dithering.
  /// - Precondition: There was a strip.
  /// - Complexity: O(colours).
  public consuming func finish() -> CountedImage {
    let (size, samples) = (size, samples)
    // The only copy: its memory goes while the colours are merged.
    let counted = accumulator
    accumulator = HistogramAccumulator()
    let histogram = counted.histogram()
    return CountedImage(
      histogram: histogram, size: size,
      samples: samples.map { $0.changed(histogram.adapted) })
  }
}
