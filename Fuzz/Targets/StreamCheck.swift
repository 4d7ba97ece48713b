import CLibrary
import ImageFormats
import Rasters

/// Reads images strip by strip: what comes out must be what comes out otherwise.
enum StreamCheck {
  /// Reads an image, a few rows at a time.
  ///
  /// - Parameters:
  ///   - bytes: The file.
  ///   - whole: What it is otherwise; `nil` where it is refused.
  ///   - target: The space of the samples.
  ///   - limits: What is read at most.
  static func run(
    _ bytes: [UInt8], as whole: DecodedImage?, into target: ColorTarget,
    _ limits: DecodeLimits
  ) {
    var name = Array("/tmp/quantize-fuzz-XXXXXX".utf8CString)
    let descriptor = mkstemp(&name)
    guard descriptor >= 0 else { return }
    defer { close(descriptor) }
    unlink(name)
    guard pwrite(descriptor, bytes, bytes.count, 0) == bytes.count else {
      return
    }
    do throws(DecodeError) {
      let survey = try ImageStream.Survey(
        descriptor: descriptor, limits: limits)
      guard survey.obstacle == nil else { return }
      var stream = try ImageStream(
        descriptor: descriptor, into: target, limits: limits)
      var samples: [UInt16] = []
      let rows = 1 + bytes.count % 7
      while stream.row < stream.size.height {
        samples += deep(
          try stream.read(min(rows, stream.size.height - stream.row)))
      }
      let end = try stream.finish()
      guard end.obstacle == nil else { return }
      guard let whole else {
        preconditionFailure("what is refused is read strip by strip")
      }
      precondition(whole.pixels.size == stream.size)
      precondition(deep(whole.pixels) == samples)
    } catch {
      precondition(whole == nil, "what is read is refused strip by strip")
    }
  }

  /// Samples of 16 bits with alpha, whatever an image has.
  private static func deep(_ pixels: Pixels) -> [UInt16] {
    switch pixels {
    case .eight(let raster):
      withAlpha(raster.samples.map { UInt16($0) * 257 }, raster.channels)
    case .sixteen(let raster):
      withAlpha(raster.samples, raster.channels)
    }
  }

  private static func withAlpha(
    _ samples: [UInt16], _ channels: Raster.Channels
  ) -> [UInt16] {
    guard channels == .rgb else { return samples }
    var result: [UInt16] = []
    result.reserveCapacity(samples.count / 3 * 4)
    for first in stride(from: 0, to: samples.count, by: 3) {
      result += samples[first..<first + 3]
      result.append(.max)
    }
    return result
  }
}
