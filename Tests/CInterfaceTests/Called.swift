import CInterface
import CQuantize
import Rasters
import Testing

/// What the interface says of the last failure.
func said() -> String {
  quantize_last_message().map { String(cString: $0) } ?? ""
}

/// An image of the interface.
final class CalledImage {
  let pointer: OpaquePointer
  let pixels: Int

  init(
    _ start: UnsafeRawPointer?, _ width: Int, _ height: Int, _ stride: Int,
    _ channels: quantize_channels, _ depth: quantize_depth
  ) throws {
    var out: OpaquePointer?
    let status = quantize_image_create(
      start, width, height, stride, channels, depth, &out)
    #expect(status == QUANTIZE_OK, "\(said())")
    pointer = try #require(out)
    pixels = width * height
  }

  convenience init(_ raster: Raster) throws {
    try self.init(
      raster.samples, raster.size.width, raster.size.height, 0,
      raster.channels == .rgb ? QUANTIZE_RGB : QUANTIZE_RGBA, QUANTIZE_UINT8)
  }

  deinit { quantize_image_free(pointer) }
}

/// Options of the interface.
final class CalledOptions {
  let pointer: OpaquePointer

  init() throws {
    var out: OpaquePointer?
    #expect(quantize_options_create(&out) == QUANTIZE_OK)
    pointer = try #require(out)
  }

  func check(_ status: quantize_status) {
    #expect(status == QUANTIZE_OK, "\(said())")
  }

  deinit { quantize_options_free(pointer) }
}

/// A result of the interface.
final class CalledResult {
  let pointer: OpaquePointer
  private(set) var indices: [UInt16]
  private(set) var colors: [[UInt8]] = []
  private(set) var counts: [UInt64] = []

  convenience init(_ image: CalledImage, _ options: CalledOptions) throws {
    var out: OpaquePointer?
    let status = quantize_image_quantize(
      image.pointer, options.pointer, nil, nil, &out)
    #expect(status == QUANTIZE_OK, "\(said())")
    try self.init(out, image.pixels)
  }

  init(_ made: OpaquePointer?, _ pixels: Int) throws {
    pointer = try #require(made)
    indices = [UInt16](repeating: .max, count: pixels)
    #expect(quantize_result_indices(pointer, &indices) == QUANTIZE_OK)
    var palette: OpaquePointer?
    #expect(quantize_result_palette(pointer, &palette) == QUANTIZE_OK)
    defer { quantize_palette_free(palette) }
    let count = quantize_palette_count(palette)
    var samples = [UInt8](repeating: 0, count: 4 * count)
    counts = [UInt64](repeating: 0, count: count)
    #expect(
      quantize_palette_get(palette, &samples, &counts, nil) == QUANTIZE_OK)
    colors = (0..<count).map { Array(samples[4 * $0..<4 * $0 + 4]) }
  }

  deinit { quantize_result_free(pointer) }
}
