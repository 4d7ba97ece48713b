// The header has the names of these functions.
// swift-format-ignore-file: AlwaysUseLowerCamelCase
// swift-format-ignore-file: AllPublicDeclarationsHaveDocumentation

public import CQuantize
import ImageQuality
import Quantization
import Rasters

private typealias Box = Handle<DropInResult>

/// The kind of a failure.
private func kind(of failure: Failure) -> liq_error {
  switch failure.status {
  case QUANTIZE_CANCELLED: LIQ_ABORTED
  case QUANTIZE_NOT_POSSIBLE: LIQ_QUALITY_TOO_LOW
  default: LIQ_VALUE_OUT_OF_RANGE
  }
}

/// Fits a palette, and gives it to the caller.
private func fit(
  _ attr: OpaquePointer?, _ image: DropInImage?, _ counted: ColorHistogram?,
  fixed: [RGBColor], addsTransparency: Bool,
  to out: UnsafeMutablePointer<OpaquePointer?>
) -> liq_error {
  guard let attributes = Handle<DropInAttributes>.known(attr)?.value else {
    return LIQ_INVALID_POINTER
  }
  do throws(Failure) {
    let result = try DropInFit(attributes: attributes).result(
      image, counted, fixed: fixed, addsTransparency: addsTransparency)
    out.pointee = dropIn(result)
    if let (log, context) = attributes.log {
      log(attr, "  fitted the palette with quantize", context)
    }
    return LIQ_OK
  } catch {
    return kind(of: error)
  }
}

@c @implementation
public func liq_histogram_quantize(
  _ histogram: OpaquePointer?, _ attr: OpaquePointer?,
  _ out: UnsafeMutablePointer<OpaquePointer?>?
) -> liq_error {
  guard let histogram = Handle<DropInHistogram>.known(histogram)?.value,
    let out
  else { return LIQ_INVALID_POINTER }
  return fit(
    attr, nil, histogram.colors.merged(), fixed: histogram.fixed,
    addsTransparency: histogram.hasFixedTransparency, to: out)
}

@c @implementation
public func liq_image_quantize(
  _ image: OpaquePointer?, _ attr: OpaquePointer?,
  _ out: UnsafeMutablePointer<OpaquePointer?>?
) -> liq_error {
  guard let image = Handle<DropInImage>.known(image)?.value, let out else {
    return LIQ_INVALID_POINTER
  }
  return fit(
    attr, image, nil, fixed: image.fixed,
    addsTransparency: image.hasFixedTransparency, to: out)
}

@c @implementation
public func liq_quantize_image(
  _ attr: OpaquePointer?, _ image: OpaquePointer?
) -> OpaquePointer? {
  var out: OpaquePointer?
  _ = liq_image_quantize(image, attr, &out)
  return out
}

@c @implementation
public func liq_set_dithering_level(
  _ result: OpaquePointer?, _ level: Float
) -> liq_error {
  guard let result = Box.known(result)?.value else {
    return LIQ_INVALID_POINTER
  }
  guard (0...1).contains(level) else { return LIQ_VALUE_OUT_OF_RANGE }
  result.level = level
  return LIQ_OK
}

@c @implementation
public func liq_set_output_gamma(
  _ result: OpaquePointer?, _ gamma: Double
) -> liq_error {
  guard let result = Box.known(result)?.value else {
    return LIQ_INVALID_POINTER
  }
  guard gamma > 0, gamma < 1 else { return LIQ_VALUE_OUT_OF_RANGE }
  result.gamma = gamma
  return LIQ_OK
}

@c @implementation
public func liq_get_output_gamma(_ result: OpaquePointer?) -> Double {
  guard let gamma = Box.known(result)?.value.gamma else { return -1 }
  return gamma == 0 ? DropInGamma.sRGB : gamma
}

@c @implementation
public func liq_result_set_progress_callback(
  _ result: OpaquePointer?,
  _ callback: (@convention(c) (Float, UnsafeMutableRawPointer?) -> CInt)?,
  _ context: UnsafeMutableRawPointer?
) {
  Box.known(result)?.value.progress = callback.map {
    DropInProgress(function: $0, context: context)
  }
}

@c @implementation
public func liq_get_palette(
  _ result: OpaquePointer?
) -> UnsafePointer<liq_palette>? {
  guard let result = Box.known(result)?.value else { return nil }
  result.show()
  return UnsafePointer(result.shown)
}

/// Maps an image, and gives its rows to a function.
private func remap(
  _ result: OpaquePointer?, _ image: OpaquePointer?,
  _ write: (Int, ArraySlice<UInt8>) -> Void
) -> liq_error {
  guard let result = Box.known(result)?.value,
    let image = Handle<DropInImage>.known(image)?.value
  else { return LIQ_INVALID_POINTER }
  if let progress = result.progress,
    progress.function(0, progress.context) == 0
  {
    return LIQ_ABORTED
  }
  do throws(Failure) {
    let indices = try result.remapped(image)
    let width = image.raster.size.width
    for y in 0..<image.raster.size.height {
      write(y, indices[y * width..<(y + 1) * width])
    }
    return LIQ_OK
  } catch {
    return kind(of: error)
  }
}

@c @implementation
public func liq_write_remapped_image(
  _ result: OpaquePointer?, _ image: OpaquePointer?,
  _ buffer: UnsafeMutableRawPointer?, _ size: Int
) -> liq_error {
  guard let buffer, let given = Handle<DropInImage>.known(image)?.value else {
    return LIQ_INVALID_POINTER
  }
  guard size >= given.raster.size.pixelCount else {
    return LIQ_BUFFER_TOO_SMALL
  }
  let width = given.raster.size.width
  return remap(result, image) { y, row in
    row.withUnsafeBytes { bytes in
      guard let start = bytes.baseAddress else { return }
      (buffer + y * width).copyMemory(from: start, byteCount: width)
    }
  }
}

@c @implementation
public func liq_write_remapped_image_rows(
  _ result: OpaquePointer?, _ image: OpaquePointer?,
  _ rows: UnsafeMutablePointer<UnsafeMutablePointer<UInt8>?>?
) -> liq_error {
  guard let rows, let given = Handle<DropInImage>.known(image)?.value,
    (0..<given.raster.size.height).allSatisfy({ rows[$0] != nil })
  else { return LIQ_INVALID_POINTER }
  return remap(result, image) { y, row in
    for (x, index) in row.enumerated() { rows[y]?[x] = index }
  }
}

/// The error of the drop-in's scale.
private func error(_ value: Double?) -> Double {
  value.map {
    QualityScale.reportedError(of: Distortion(squaredError: $0, pixels: 1))
  } ?? -1
}

private func quality(_ value: Double?) -> CInt {
  value.map {
    CInt(QualityScale.quality(of: Distortion(squaredError: $0, pixels: 1)))
  } ?? -1
}

@c @implementation
public func liq_get_quantization_error(_ result: OpaquePointer?) -> Double {
  error(Box.known(result)?.value.error)
}

@c @implementation
public func liq_get_quantization_quality(_ result: OpaquePointer?) -> CInt {
  quality(Box.known(result)?.value.error)
}

@c @implementation
public func liq_get_remapping_error(_ result: OpaquePointer?) -> Double {
  error(Box.known(result)?.value.remappingError)
}

@c @implementation
public func liq_get_remapping_quality(_ result: OpaquePointer?) -> CInt {
  quality(Box.known(result)?.value.remappingError)
}

@c @implementation
public func liq_result_destroy(_ result: OpaquePointer?) { Box.release(result) }
