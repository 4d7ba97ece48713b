// The header has the names of these functions, and their documentation.
// swift-format-ignore-file: AlwaysUseLowerCamelCase
// swift-format-ignore-file: AllPublicDeclarationsHaveDocumentation

public import CQuantize
import Rasters

@c @implementation
public func quantize_image_create(
  _ pixels: UnsafeRawPointer?, _ width: Int, _ height: Int, _ stride: Int,
  _ channels: quantize_channels, _ depth: quantize_depth,
  _ out: UnsafeMutablePointer<OpaquePointer?>?
) -> quantize_status {
  status { () throws(Failure) in
    let out = try given(out, "out")
    let source = try SampleSource(
      given(pixels, "pixels"), width, height, stride, channels, depth)
    Handle<Pixels>.give(try source.pixels(), to: out)
  }
}

@c @implementation
public func quantize_image_free(_ image: OpaquePointer?) {
  Handle<Pixels>.release(image)
}

@c @implementation
public func quantize_image_form(
  _ image: OpaquePointer?, _ width: UnsafeMutablePointer<Int>?,
  _ height: UnsafeMutablePointer<Int>?,
  _ channels: UnsafeMutablePointer<quantize_channels>?,
  _ depth: UnsafeMutablePointer<quantize_depth>?
) -> quantize_status {
  status { () throws(Failure) in
    let pixels = try Handle<Pixels>.of(image, "image").value
    width?.pointee = pixels.size.width
    height?.pointee = pixels.size.height
    channels?.pointee = pixels.channels == .rgb ? QUANTIZE_RGB : QUANTIZE_RGBA
    switch pixels {
    case .eight: depth?.pointee = QUANTIZE_UINT8
    case .sixteen: depth?.pointee = QUANTIZE_UINT16
    }
  }
}

@c @implementation
public func quantize_image_samples(
  _ image: OpaquePointer?, _ samples: UnsafeMutableRawPointer?
) -> quantize_status {
  status { () throws(Failure) in
    let samples = try given(samples, "samples")
    switch try Handle<Pixels>.of(image, "image").value {
    case .eight(let raster):
      copy(raster.samples, to: samples)
    case .sixteen(let raster):
      copy(raster.samples, to: samples)
    }
  }
}

/// Copies samples to memory of the caller.
private func copy<Sample>(
  _ source: [Sample], to samples: UnsafeMutableRawPointer
) {
  source.withUnsafeBytes {
    UnsafeMutableRawBufferPointer(start: samples, count: $0.count)
      .copyMemory(from: $0)
  }
}

/// Samples in memory of the caller.
private struct SampleSource {
  private let start: UnsafeRawPointer
  private let size: ImageSize
  private let stride: Int
  private let depth: quantize_depth

  /// Samples of a pixel there.
  private let count: Int

  init(
    _ start: UnsafeRawPointer, _ width: Int, _ height: Int, _ stride: Int,
    _ channels: quantize_channels, _ depth: quantize_depth
  ) throws(Failure) {
    guard (1...4).contains(channels.rawValue) else {
      throw .argument("an image has no channels \(channels.rawValue)")
    }
    guard [8, 16, 32].contains(depth.rawValue) else {
      throw .argument("a sample has no depth \(depth.rawValue)")
    }
    count = Int(channels.rawValue)
    let bytes = Int(depth.rawValue) / 8
    guard width >= 1, height >= 1 else {
      throw .argument(
        "an image has at least 1 x 1 pixels, not \(width) x \(height)")
    }
    let row = try CInterface.size(width, count, bytes, name: "the image")
    let stride = stride == 0 ? row : stride
    guard stride != .min, abs(stride) >= row else {
      throw .argument(
        "the rows have \(row) bytes, but the stride is \(stride)")
    }
    _ = try CInterface.size(height, abs(stride), name: "the image")
    _ = try CInterface.size(width, height, 8, name: "the image")
    guard let size = ImageSize(width: width, height: height) else {
      throw .argument("no memory has room for the image")
    }
    self.start = start
    self.size = size
    self.stride = stride
    self.depth = depth
  }

  /// The image, in three or four samples a pixel.
  func pixels() throws(Failure) -> Pixels {
    let channels: Raster.Channels = count.isMultiple(of: 2) ? .rgba : .rgb
    switch depth {
    case QUANTIZE_UINT8:
      let samples =
        count >= 3
        ? rows(of: UInt8.self) : copy(channels, UInt8.self) { $0 }
      return .eight(Raster(size: size, channels: channels, samples: samples))
    case QUANTIZE_UINT16:
      let samples =
        count >= 3
        ? rows(of: UInt16.self) : copy(channels, UInt16.self) { $0 }
      return .sixteen(
        DeepRaster(size: size, channels: channels, samples: samples))
    default:
      var isNumber = true
      let samples = copy(channels, Float.self) { value -> UInt16 in
        guard !value.isNaN else {
          isNumber = false
          return 0
        }
        return UInt16((65_535 * min(1, max(0, value))).rounded())
      }
      guard isNumber else {
        throw .argument("a sample of the image is not a number")
      }
      return .sixteen(
        DeepRaster(size: size, channels: channels, samples: samples))
    }
  }

  /// Copies samples as they are.
  private func rows<Sample>(of: Sample.Type) -> [Sample] {
    let samples = size.width * count
    return [Sample](
      unsafeUninitializedCapacity: size.height * samples
    ) { buffer, filled in
      let target = UnsafeMutableRawBufferPointer(buffer)
      let bytes = samples * MemoryLayout<Sample>.size
      for y in 0..<size.height {
        target.baseAddress?.advanced(by: y * bytes)
          .copyMemory(from: start + y * stride, byteCount: bytes)
      }
      filled = size.height * samples
    }
  }

  /// Copies samples; grey is written three times.
  private func copy<Source, Sample>(
    _ channels: Raster.Channels, _: Source.Type,
    _ converted: (Source) -> Sample
  ) -> [Sample] {
    let target = channels.count
    return [Sample](
      unsafeUninitializedCapacity: size.pixelCount * target
    ) { samples, filled in
      let bytes = MemoryLayout<Source>.size
      for y in 0..<size.height {
        let row = start + y * stride
        for x in 0..<size.width {
          let place = (y * size.width + x) * target
          for channel in 0..<target {
            let source =
              count >= 3
              ? channel : (channel == 3 ? 1 : 0)
            let value = (row + (x * count + source) * bytes)
              .loadUnaligned(as: Source.self)
            samples.initializeElement(at: place + channel, to: converted(value))
          }
        }
      }
      filled = size.pixelCount * target
    }
  }
}
