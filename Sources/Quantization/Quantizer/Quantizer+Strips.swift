import ParallelWork
public import Rasters

extension Quantizer {
  /// Begins to count the colours of an image that comes strip by strip.
  ///
  ///     var counter = quantizer.counter(of: size)
  ///     for strip in strips() { counter.count(strip) }
  ///     let counted = counter.finish()
  ///     let fitted = try quantizer.palette(of: counted.histogram)
  ///     var mapper = try quantizer.mapper(for: fitted, of: counted)
  ///     if mapper.needsCounting {
  ///       for strip in strips() { mapper.count(strip) }
  ///     }
  ///     for strip in strips() { write(mapper.map(strip)) }
  ///
  /// The pixels are those that ``quantize(_:observer:)-(Pixels,_)`` makes of
  /// the whole image, except that ``Importance`` is ignored.
  ///
  /// - Parameter size: The size of the whole image.
  /// - Returns: A counter for strips from the top to the bottom, each of a
  ///   multiple of ``PixelMapper/rowUnit`` rows where the image is dithered,
  ///   but for the last.
  public func counter(of size: ImageSize) -> StripCounter {
    StripCounter(
      size, samples: options.fitsToDithering ? Ditherer.samples(size) : [],
      workers: Workers(threads: options.threads))
  }

  /// Prepares to map an image strip by strip.
  ///
  /// - Parameters:
  ///   - fitted: The palette that was fitted to the image.
  ///   - counted: Its colours.
  /// - Returns: A mapper for the same strips.
  /// - Throws: `QuantizationError.tooManyToDither`.
  /// - Complexity: O(colours), and O(pixels of a sample + entries³) for each
  ///   round of fitting the palette to its dithering.
  public func mapper(
    for fitted: FittedPalette, of counted: CountedImage
  ) throws(QuantizationError) -> PixelMapper {
    try PixelMapper(
      fitted, options, size: counted.size, samples: counted.samples)
  }

  /// Prepares to map an image that is in memory.
  ///
  /// - Parameters:
  ///   - fitted: The palette that was fitted to the image.
  ///   - pixels: The image, which is then mapped as one strip.
  /// - Returns: A mapper that has nothing to count.
  /// - Throws: `QuantizationError.tooManyToDither`.
  /// - Complexity: O(colours); with dithering O(pixels), and O(entries³) for
  ///   each round of fitting the palette to it.
  public func mapper(
    for fitted: FittedPalette, of pixels: Pixels
  ) throws(QuantizationError) -> PixelMapper {
    try PixelMapper(fitted, options, whole: pixels)
  }
}
