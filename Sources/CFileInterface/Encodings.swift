// The header has the names of these functions, and their documentation.
// swift-format-ignore-file: AlwaysUseLowerCamelCase
// swift-format-ignore-file: AllPublicDeclarationsHaveDocumentation

import CInterface
public import CQuantize
import ImageFormats
import ImageOutput
import Quantization
import Rasters

private typealias Box = Handle<ImageEncoding>

@c @implementation
public func quantize_encoding_create(
  _ out: UnsafeMutablePointer<OpaquePointer?>?
) -> quantize_status {
  status { () throws(Failure) in
    Box.give(ImageEncoding(), to: try given(out, "out"))
  }
}

@c @implementation
public func quantize_encoding_free(_ encoding: OpaquePointer?) {
  Box.release(encoding)
}

@c @implementation
public func quantize_encoding_set_format(
  _ encoding: OpaquePointer?, _ format: UnsafePointer<CChar>?
) -> quantize_status {
  status { () throws(Failure) in
    let box = try Box.of(encoding, "encoding")
    let name = try given(text(format, "format"), "format")
    box.value.format = try named(name, "format")
  }
}

@c @implementation
public func quantize_encoding_set_compression(
  _ encoding: OpaquePointer?, _ level: Int32
) -> quantize_status {
  status { () throws(Failure) in
    let box = try Box.of(encoding, "encoding")
    guard level <= 9 else {
      throw .argument("the level must be 0 to 9, not \(level)")
    }
    box.value.compressionLevel = level < 0 ? nil : Int(level)
  }
}

@c @implementation
public func quantize_encoding_set_optimize(
  _ encoding: OpaquePointer?, _ optimize: Bool
) -> quantize_status {
  status { () throws(Failure) in
    try Box.of(encoding, "encoding").value.optimizes = optimize
  }
}

@c @implementation
public func quantize_encoding_set_jpeg_quality(
  _ encoding: OpaquePointer?, _ quality: Int32
) -> quantize_status {
  status { () throws(Failure) in
    let box = try Box.of(encoding, "encoding")
    guard (1...100).contains(quality) else {
      throw .argument("the quality must be 1 to 100, not \(quality)")
    }
    box.value.jpegQuality = Int(quality)
  }
}

@c @implementation
public func quantize_encoding_set_metadata(
  _ encoding: OpaquePointer?, _ metadata: UnsafePointer<CChar>?
) -> quantize_status {
  status { () throws(Failure) in
    let box = try Box.of(encoding, "encoding")
    let name = try given(text(metadata, "metadata"), "metadata")
    box.value.metadata =
      switch name {
      case "appearance": .appearance
      case "all": .everything
      case "none": .nothing
      default:
        throw unknown(name, "metadata", of: ["appearance", "all", "none"])
      }
  }
}

@c @implementation
public func quantize_result_encode(
  _ result: OpaquePointer?, _ source: OpaquePointer?,
  _ encoding: OpaquePointer?, _ options: OpaquePointer?,
  _ out: UnsafeMutablePointer<OpaquePointer?>?
) -> quantize_status {
  status { () throws(Failure) in
    let image = try Handle<QuantizedImage>.of(result, "result").value
    try encode(image.mapped, source, encoding, options, to: out)
  }
}

@c @implementation
public func quantize_image_encode(
  _ image: OpaquePointer?, _ source: OpaquePointer?,
  _ encoding: OpaquePointer?, _ options: OpaquePointer?,
  _ out: UnsafeMutablePointer<OpaquePointer?>?
) -> quantize_status {
  status { () throws(Failure) in
    let mapped: QuantizedImage.Mapped =
      switch try Handle<Pixels>.of(image, "image").value {
      case .eight(let raster): .colors(raster)
      case .sixteen(let raster): .deep(raster)
      }
    try encode(mapped, source, encoding, options, to: out)
  }
}

private func encode(
  _ image: QuantizedImage.Mapped, _ source: OpaquePointer?,
  _ encoding: OpaquePointer?, _ options: OpaquePointer?,
  to out: UnsafeMutablePointer<OpaquePointer?>?
) throws(Failure) {
  let out = try given(out, "out")
  let picture = Handle<Picture>.known(source)?.value
  let call = callOptions(options)
  let encoder = ImageEncoder(
    Box.known(encoding)?.value ?? ImageEncoding(),
    annotations: picture?.image.annotations ?? Annotations(),
    effort: call.effort, threads: call.threads)
  do throws(EncodeError) {
    Handle.give(FileBytes(try encoder.encode(image).bytes), to: out)
  } catch {
    throw .notPossible(error.message)
  }
}
