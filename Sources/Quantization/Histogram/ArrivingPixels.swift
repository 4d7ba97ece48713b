import ParallelWork
public import Rasters

/// Counts the colours of an opaque image of 8 bits a sample while its pixels
/// come.
///
///     let counter = ArrivingPixels(threads: 4)
///     // As often as there are more, on any thread:
///     counter.count(samples, before: pixels)
///     let histogram = counter.histogram(of: image)
public final class ArrivingPixels: Sendable {
  private let sorter = Monitor<PixelSorter?>(nil)
  private let workers: Workers

  /// Nothing is counted yet.
  ///
  /// - Parameter threads: The most threads to use; the result does not depend on
  ///   them.
  public init(threads: Int) { workers = Workers(threads: threads) }

  /// Goes on to count.
  ///
  /// - Parameters:
  ///   - samples: Red, green and blue of all pixels of the image, the same each
  ///     time.
  ///   - end: The pixel before which they are there.
  /// - Complexity: O(pixels) over all calls.
  public func count(_ samples: UnsafeBufferPointer<UInt8>, before end: Int) {
    sorter.withLock { sorter in
      var counting =
        sorter ?? PixelSorter(pixels: samples.count / 3, workers: workers)
      sorter = nil
      counting.add(samples, before: end)
      sorter = counting
    }
  }

  /// The colours, once.
  ///
  /// - Parameter size: That of the image.
  /// - Returns: What `ColorHistogram(of:)` gives; `nil` where not all pixels were
  ///   counted.
  /// - Complexity: O(colours).
  public func histogram(of size: ImageSize) -> ColorHistogram? {
    sorter.withLock { sorter in
      guard let counted = sorter, counted.isComplete else { return nil }
      sorter = nil
      let (codes, counts) = counted.colors()
      return ColorHistogram(
        CodeCounter.Run(codes: codes, counts: counts), .rgb8,
        pixelCount: size.pixelCount)
    }
  }
}
