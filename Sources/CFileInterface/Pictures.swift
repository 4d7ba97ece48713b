// The header has the names of these functions, and their documentation.
// swift-format-ignore-file: AlwaysUseLowerCamelCase
// swift-format-ignore-file: AllPublicDeclarationsHaveDocumentation

import CInterface
public import CQuantize
import ImageFormats
import Rasters

private typealias Box = Handle<Picture>

@c @implementation
public func quantize_picture_read(
  _ bytes: UnsafeRawPointer?, _ size: Int, _ space: UnsafePointer<CChar>?,
  _ page: Int, _ most_pixels: UInt64, _ keep_going: Bool, _ threads: Int,
  _ out: UnsafeMutablePointer<OpaquePointer?>?
) -> quantize_status {
  status { () throws(Failure) in
    let out = try given(out, "out")
    let file = try CFileInterface.bytes(bytes, size)
    let target: ColorTarget =
      try text(space, "space").map { name throws(Failure) in
        try named(name, "space")
      } ?? .sRGB
    var limits = DecodeLimits()
    if most_pixels > 0 { limits.pixels = Int(clamping: most_pixels) }
    let threads = try threadCount(threads)
    guard page >= 0 else { throw .argument("page is counted from 1") }
    do throws(DecodeError) {
      let image = try ImageDecoder.decode(
        file, into: target, limits: limits,
        page: page == 0 ? nil : page, keepsGoing: keep_going,
        threads: threads)
      Box.give(Picture(image), to: out)
    } catch {
      throw .data(error.message)
    }
  }
}

@c @implementation
public func quantize_picture_free(_ picture: OpaquePointer?) {
  Box.release(picture)
}

@c @implementation
public func quantize_picture_image(
  _ picture: OpaquePointer?, _ out: UnsafeMutablePointer<OpaquePointer?>?
) -> quantize_status {
  status { () throws(Failure) in
    let out = try given(out, "out")
    Handle<Pixels>.give(
      try Box.of(picture, "picture").value.image.pixels, to: out)
  }
}

@c @implementation
public func quantize_picture_format(
  _ picture: OpaquePointer?
) -> UnsafePointer<CChar>? {
  Box.known(picture)?.value.format.start
}

@c @implementation
public func quantize_picture_space(
  _ picture: OpaquePointer?
) -> UnsafePointer<CChar>? {
  Box.known(picture)?.value.space.start
}

@c @implementation
public func quantize_picture_omitted_frames(_ picture: OpaquePointer?) -> Int {
  Box.known(picture)?.value.image.omittedFrames ?? 0
}

@c @implementation
public func quantize_picture_warning(
  _ picture: OpaquePointer?, _ number: Int
) -> UnsafePointer<CChar>? {
  guard let warnings = Box.known(picture)?.value.warnings,
    warnings.indices.contains(number)
  else { return nil }
  return warnings[number].start
}
