// The header has the names of these functions, and their documentation.
// swift-format-ignore-file: AlwaysUseLowerCamelCase
// swift-format-ignore-file: AllPublicDeclarationsHaveDocumentation

import CInterface
import CQuantize

/// The bytes of a file, at one place for as long as they live.
final class FileBytes {
  fileprivate let room: UnsafeRawBufferPointer

  init(_ bytes: [UInt8]) {
    let room = UnsafeMutableRawBufferPointer.allocate(
      byteCount: bytes.count, alignment: 1)
    room.copyBytes(from: bytes)
    self.room = UnsafeRawBufferPointer(room)
  }

  deinit { room.deallocate() }
}

private typealias Box = Handle<FileBytes>

@c @implementation
public func quantize_bytes_start(_ bytes: OpaquePointer?) -> UnsafeRawPointer? {
  Box.known(bytes)?.value.room.baseAddress
}

@c @implementation
public func quantize_bytes_size(_ bytes: OpaquePointer?) -> Int {
  Box.known(bytes)?.value.room.count ?? 0
}

@c @implementation
public func quantize_bytes_free(_ bytes: OpaquePointer?) {
  Box.release(bytes)
}
