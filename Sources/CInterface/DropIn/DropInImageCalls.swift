// The header has the names of these functions.
// swift-format-ignore-file: AlwaysUseLowerCamelCase
// swift-format-ignore-file: AllPublicDeclarationsHaveDocumentation

public import CQuantize
import Quantization
import Rasters

private typealias Box = Handle<DropInImage>

/// The size of an image, where it has one.
private func imageSize(
  _ attr: OpaquePointer?, _ width: CInt, _ height: CInt, _ gamma: Double
) -> (attributes: DropInAttributes, size: ImageSize)? {
  guard let attributes = Handle<DropInAttributes>.known(attr)?.value,
    DropInGamma.isGamma(gamma),
    let size = ImageSize(width: Int(width), height: Int(height))
  else { return nil }
  return (attributes, size)
}

@c @implementation
public func liq_image_create_rgba(
  _ attr: OpaquePointer?, _ bitmap: UnsafeRawPointer?, _ width: CInt,
  _ height: CInt, _ gamma: Double
) -> OpaquePointer? {
  guard let bitmap,
    let (attributes, size) = imageSize(attr, width, height, gamma)
  else { return nil }
  let bytes = 4 * size.width
  return dropIn(
    DropInImage(
      size, gamma: gamma, attributes,
      source: (nil, UnsafeMutableRawPointer(mutating: bitmap))
    ) { y, row in
      row.copyMemory(from: bitmap + y * bytes, byteCount: bytes)
    })
}

@c @implementation
public func liq_image_create_rgba_rows(
  _ attr: OpaquePointer?,
  _ rows: UnsafePointer<UnsafeMutableRawPointer?>?, _ width: CInt,
  _ height: CInt, _ gamma: Double
) -> OpaquePointer? {
  guard let rows,
    let (attributes, size) = imageSize(attr, width, height, gamma),
    (0..<size.height).allSatisfy({ rows[$0] != nil })
  else { return nil }
  let bytes = 4 * size.width
  return dropIn(
    DropInImage(
      size, gamma: gamma, attributes,
      source: (
        UnsafeMutableRawPointer(mutating: UnsafeRawPointer(rows)), rows[0]
      )
    ) { y, row in
      if let source = rows[y] {
        row.copyMemory(from: source, byteCount: bytes)
      }
    })
}

@c @implementation
public func liq_image_create_custom(
  _ attr: OpaquePointer?,
  _ callback: (
    @convention(c) (
      UnsafeMutablePointer<liq_color>?, CInt, CInt, UnsafeMutableRawPointer?
    ) -> Void
  )?, _ context: UnsafeMutableRawPointer?, _ width: CInt, _ height: CInt,
  _ gamma: Double
) -> OpaquePointer? {
  guard let callback,
    let (attributes, size) = imageSize(attr, width, height, gamma)
  else { return nil }
  return dropIn(
    DropInImage(size, gamma: gamma, attributes) { y, row in
      let colors = row.bindMemory(to: liq_color.self, capacity: size.width)
      colors.initialize(repeating: liq_color(), count: size.width)
      callback(colors, CInt(y), width, context)
      row.bindMemory(to: UInt8.self, capacity: 4 * size.width)
    })
}

@c @implementation
public func liq_image_set_memory_ownership(
  _ image: OpaquePointer?, _ ownership: CInt
) -> liq_error {
  guard let image = Box.known(image)?.value else { return LIQ_INVALID_POINTER }
  return image.own(Int(ownership)) ? LIQ_OK : LIQ_VALUE_OUT_OF_RANGE
}

@c @implementation
public func liq_image_add_fixed_color(
  _ image: OpaquePointer?, _ color: liq_color
) -> liq_error {
  guard let image = Box.known(image)?.value else { return LIQ_INVALID_POINTER }
  guard image.fixed.count < 255 else { return LIQ_UNSUPPORTED }
  DropInFixed(color, gamma: 0).add(
    to: &image.fixed, &image.hasFixedTransparency)
  return LIQ_OK
}

@c @implementation
public func liq_image_set_background(
  _ image: OpaquePointer?, _ background: OpaquePointer?
) -> liq_error {
  guard let image = Box.known(image)?.value,
    let behind = Box.known(background)?.value
  else { return LIQ_INVALID_POINTER }
  guard behind.background == nil else { return LIQ_UNSUPPORTED }
  guard behind.raster.size == image.raster.size else {
    return LIQ_BUFFER_TOO_SMALL
  }
  image.background = behind
  // It belongs to the image from now on.
  Box.release(background)
  return LIQ_OK
}

@c @implementation
public func liq_image_set_importance_map(
  _ image: OpaquePointer?, _ map: UnsafeMutablePointer<UInt8>?, _ size: Int,
  _ ownership: liq_ownership
) -> liq_error {
  guard let image = Box.known(image)?.value, let map else {
    return LIQ_INVALID_POINTER
  }
  let count = image.raster.size.pixelCount
  guard size >= count else { return LIQ_BUFFER_TOO_SMALL }
  guard ownership == LIQ_COPY_PIXELS || ownership == LIQ_OWN_PIXELS else {
    return LIQ_UNSUPPORTED
  }
  image.importance = Raster(
    size: image.raster.size, channels: .rgb,
    samples: (0..<count).flatMap { n -> [UInt8] in [map[n], map[n], map[n]] })
  if ownership == LIQ_OWN_PIXELS { image.releaseNow(map) }
  return LIQ_OK
}

@c @implementation
public func liq_image_get_width(_ image: OpaquePointer?) -> CInt {
  Box.known(image).map { CInt($0.value.raster.size.width) } ?? -1
}

@c @implementation
public func liq_image_get_height(_ image: OpaquePointer?) -> CInt {
  Box.known(image).map { CInt($0.value.raster.size.height) } ?? -1
}

@c @implementation
public func liq_image_destroy(_ image: OpaquePointer?) { Box.release(image) }
