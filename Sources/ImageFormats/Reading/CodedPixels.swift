import CImageShims
import ParallelWork
import Rasters

/// Pixels on their way from a file to a raster.
struct CodedPixels<Sample: FixedWidthInteger & BitwiseCopyable & Sendable> {
  /// Width and height as stored.
  private(set) var size: ImageSize

  /// Samples a pixel, 3 or 4.
  private(set) var channels: Int

  /// All samples.
  private(set) var samples: [Sample]

  /// Reads pixels.
  ///
  /// - Parameters:
  ///   - size: Width and height as stored.
  ///   - channels: Samples a pixel, 3 or 4.
  ///   - fill: Writes all samples into the room for them.
  /// - Throws: What `fill` throws, and `DecodeError.outOfMemory`.
  init(
    size: ImageSize, channels: Int,
    _ fill: (UnsafeMutableBufferPointer<Sample>) throws(DecodeError) -> Void
  ) throws(DecodeError) {
    self.size = size
    self.channels = channels
    samples = try Self.filled(count: size.pixelCount * channels, fill)
  }

  /// Keeps the first rows alone.
  mutating func keep(rows: Int) {
    guard let part = ImageSize(width: size.width, height: rows) else {
      preconditionFailure("an image has a row")
    }
    samples.removeLast((size.height - rows) * size.width * channels)
    size = part
  }

  /// Whether a fourth sample is opaque in every pixel; it is dropped then.
  ///
  /// - Complexity: O(pixels).
  mutating func dropAlphaIfOpaque() {
    guard channels == 4 else { return }
    let count = size.pixelCount
    let isOpaque = samples.withUnsafeBufferPointer { buffer in
      buffer.baseAddress.map { AlphaChannel.isOpaque($0, pixelCount: count) }
    }
    if isOpaque == true { dropFourth() }
  }

  /// Drops the fourth sample of each pixel.
  ///
  /// - Complexity: O(pixels).
  mutating func dropFourth() {
    let count = size.pixelCount
    samples.withUnsafeMutableBufferPointer { buffer in
      guard let start = buffer.baseAddress else { return }
      AlphaChannel.drop(start, pixelCount: count)
    }
    samples.removeLast(count)
    channels = 3
  }

  /// Takes colours from the file's space to another.
  ///
  /// - Parameters:
  ///   - steps: What is done.
  ///   - workers: The threads to use.
  /// - Complexity: O(pixels), O(1) where nothing is to be converted.
  mutating func apply(_ steps: ColorManagement.Steps, _ workers: Workers) {
    if steps.mixesInks {
      mixInks(workers)
      dropFourth()
    }
    if let conversion = steps.conversion { convert(conversion, workers) }
    if steps.dropsFourth { dropFourth() }
  }

  /// Turns the pixels the right way up.
  ///
  /// - Parameters:
  ///   - orientation: How they are stored.
  ///   - workers: The threads to use.
  /// - Throws: `DecodeError.outOfMemory`.
  /// - Complexity: O(pixels), and as much memory again, unless they are upright
  ///   already.
  mutating func turn(
    _ orientation: ExifOrientation, _ workers: Workers
  ) throws(DecodeError) {
    guard orientation != .upright else { return }
    let (size, channels) = (size, channels)
    let turned = try samples.withUnsafeMutableBufferPointer {
      (stored) throws(DecodeError) -> [Sample] in
      try Self.filled(count: stored.count) { (shown) throws(DecodeError) in
        func turn<Pixel: BitwiseCopyable>(_: Pixel.Type) {
          let pixels = size.pixelCount
          stored.withMemoryRebound(to: Pixel.self) { stored in
            shown.withMemoryRebound(to: Pixel.self) { shown in
              precondition(stored.count == pixels && shown.count == pixels)
              orientation.turn(
                SharedMemory(stored), size, into: SharedMemory(shown), workers)
            }
          }
        }
        if channels == 3 {
          turn((Sample, Sample, Sample).self)
        } else {
          turn((Sample, Sample, Sample, Sample).self)
        }
      }
    }
    samples = turned
    self.size = orientation.shownSize(size)
  }

  /// Converts the colours in place.
  ///
  /// - Parameters:
  ///   - conversion: One for this many channels and bytes a sample.
  ///   - workers: The threads to use.
  /// - Complexity: O(pixels).
  mutating func convert(_ conversion: ColorConversion, _ workers: Workers) {
    let (count, channels) = (size.pixelCount, channels)
    samples.withUnsafeMutableBufferPointer { buffer in
      precondition(buffer.count == count * channels)
      conversion.convert(
        SharedMemory(buffer), count: count, channels: channels, workers)
    }
  }

  /// Makes red, green and blue of four inks, of which 0 is all: red is what cyan
  /// and black let through, (1 - C)(1 - K), and so on. The fourth sample stays.
  ///
  /// - Parameter workers: The threads to use.
  /// - Complexity: O(pixels).
  mutating func mixInks(_ workers: Workers) {
    precondition(channels == 4)
    let count = size.pixelCount
    let most = UInt(Sample.max)
    samples.withUnsafeMutableBufferPointer { buffer in
      let inks = SharedMemory(buffer)
      let strip = 65_536
      workers.forEach((count + strip - 1) / strip) { piece in
        for i in piece * strip..<min(count, (piece + 1) * strip) {
          let pixel = inks.start + 4 * i
          let black = UInt(pixel[3])
          for d in 0..<3 {
            let light = UInt(pixel[d]) * black
            pixel[d] = Sample(truncatingIfNeeded: (light + most / 2) / most)
          }
        }
      }
    }
  }

  /// An array whose memory is written once, by `fill`.
  private static func filled(
    count: Int,
    _ fill: (UnsafeMutableBufferPointer<Sample>) throws(DecodeError) -> Void
  ) throws(DecodeError) -> [Sample] {
    // An array that gets no memory ends the process, so ask first.
    let bytes = count * MemoryLayout<Sample>.size
    guard qz_can_allocate(bytes) != 0 else { throw .outOfMemory(bytes: bytes) }
    var failure: DecodeError?
    let elements = [Sample](unsafeUninitializedCapacity: count) { room, used in
      do throws(DecodeError) {
        try fill(UnsafeMutableBufferPointer(rebasing: room[..<count]))
        used = count
      } catch {
        failure = error
      }
    }
    if let failure { throw failure }
    return elements
  }
}

extension CodedPixels<UInt16> {
  /// The pixels as a raster.
  var pixels: Pixels {
    .sixteen(
      DeepRaster(
        size: size, channels: channels == 3 ? .rgb : .rgba, samples: samples))
  }
}

extension CodedPixels<UInt8> {
  /// The pixels as a raster.
  var pixels: Pixels {
    .eight(
      Raster(
        size: size, channels: channels == 3 ? .rgb : .rgba, samples: samples))
  }
}
