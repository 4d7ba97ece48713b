// The header has the names of these functions, and their documentation.
// swift-format-ignore-file: AlwaysUseLowerCamelCase
// swift-format-ignore-file: AllPublicDeclarationsHaveDocumentation

public import CQuantize
import Quantization
import Rasters

private typealias Box = Handle<QuantizedImage>

@c @implementation
public func quantize_result_free(_ result: OpaquePointer?) {
  Box.release(result)
}

@c @implementation
public func quantize_result_palette(
  _ result: OpaquePointer?, _ out: UnsafeMutablePointer<OpaquePointer?>?
) -> quantize_status {
  status { () throws(Failure) in
    let out = try given(out, "out")
    let summary = try Box.of(result, "result").value.summary
    Handle.give(
      FittedColors(fitted: summary.fitted, palette: summary.palette), to: out)
  }
}

@c @implementation
public func quantize_result_indices(
  _ result: OpaquePointer?, _ indices: UnsafeMutablePointer<UInt16>?
) -> quantize_status {
  status { () throws(Failure) in
    let indices = try given(indices, "indices")
    try write(Box.of(result, "result").value, to: indices)
  }
}

@c @implementation
public func quantize_result_indices8(
  _ result: OpaquePointer?, _ indices: UnsafeMutablePointer<UInt8>?
) -> quantize_status {
  status { () throws(Failure) in
    let indices = try given(indices, "indices")
    let image = try Box.of(result, "result").value
    let count = image.palette.entries.count
    guard count <= 256 else {
      throw .notPossible("\(count) entries do not fit 8 bits")
    }
    try write(image, to: indices)
  }
}

@c @implementation
public func quantize_result_error(_ result: OpaquePointer?) -> Double {
  Box.known(result)?.value.distortion.meanSquaredError ?? .nan
}

/// Writes the entry of each pixel.
private func write<Index: FixedWidthInteger>(
  _ image: QuantizedImage, to indices: UnsafeMutablePointer<Index>
) throws(Failure) {
  switch image.mapped {
  case .indexed(let indexed) where Index.self == UInt8.self:
    UnsafeMutableRawPointer(indices).copyMemory(
      from: indexed.indices, byteCount: indexed.indices.count)
  case .indexed(let indexed):
    for (pixel, index) in indexed.indices.enumerated() {
      indices[pixel] = Index(truncatingIfNeeded: index)
    }
  case .colors(let raster):
    write(raster.samples, raster.channels, image.palette, to: indices) {
      SIMD4($0.color.red, $0.color.green, $0.color.blue, $0.alpha)
    }
  case .deep(let raster):
    write(raster.samples, raster.channels, image.palette, to: indices) {
      $0.deep
    }
  }
}

/// Writes the entry of each pixel, which has the colour of one.
private func write<Sample, Index: FixedWidthInteger>(
  _ samples: [Sample], _ channels: Raster.Channels, _ palette: Palette,
  to indices: UnsafeMutablePointer<Index>,
  _ color: (Palette.Entry) -> SIMD4<Sample>
) where Sample: FixedWidthInteger & SIMDScalar & Hashable {
  var entries: [SIMD4<Sample>: Index] = [:]
  for (n, entry) in palette.entries.enumerated() {
    entries[color(entry)] = Index(truncatingIfNeeded: n)
  }
  let count = channels.count
  for pixel in 0..<samples.count / count {
    var sample = SIMD4<Sample>(repeating: .max)
    for channel in 0..<count {
      sample[channel] = samples[pixel * count + channel]
    }
    indices[pixel] = entries[sample] ?? 0
  }
}
