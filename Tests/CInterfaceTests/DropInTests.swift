import CInterface
import CQuantize
import Quantization
import Rasters
import Testing
import TruncatedEM
import _TestSupport

/// The functions of libimagequant.
@Suite struct DropInTests {
  private let raster = TestRasters.noisyGradient(width: 40, height: 30)

  private var rgba: [UInt8] {
    raster.samples.indices.flatMap { place -> [UInt8] in
      place % 3 == 2 ? [raster.samples[place], 255] : [raster.samples[place]]
    }
  }

  private func image(_ attr: OpaquePointer?, _ rgba: [UInt8]) -> OpaquePointer?
  {
    liq_image_create_rgba(attr, rgba, 40, 30, 0)
  }

  private func colors(_ result: OpaquePointer?) throws -> [liq_color] {
    let palette = try #require(liq_get_palette(result)).pointee
    return withUnsafeBytes(of: palette.entries) {
      Array($0.bindMemory(to: liq_color.self).prefix(Int(palette.count)))
    }
  }

  @Test func palettesAreThoseOfAQuantizer() throws {
    let attr = liq_attr_create()
    defer { liq_attr_destroy(attr) }
    #expect(liq_set_max_colors(attr, 12) == LIQ_OK)
    let image = image(attr, rgba)
    defer { liq_image_destroy(image) }
    var result: OpaquePointer?
    #expect(liq_image_quantize(image, attr, &result) == LIQ_OK)
    defer { liq_result_destroy(result) }
    #expect(liq_set_dithering_level(result, 0) == LIQ_OK)
    var indices = [UInt8](repeating: 99, count: 1_200)
    #expect(
      liq_write_remapped_image(result, image, &indices, 1_199)
        == LIQ_BUFFER_TOO_SMALL)
    #expect(
      liq_write_remapped_image(result, image, &indices, 1_200) == LIQ_OK)
    var options = try QuantizerOptions(colors: 12)
    options.effort = try Effort(3)
    let expected = try Quantizer(options).quantize(raster)
    guard case .indexed(let indexed) = expected.mapped else {
      Issue.record("12 colours are not indexed")
      return
    }
    #expect(indices == indexed.indices)
    let found = try colors(result).map { [$0.r, $0.g, $0.b, $0.a] }
    #expect(
      found == expected.palette.colors.map { [$0.red, $0.green, $0.blue, 255] })
    #expect(liq_get_quantization_error(result) > 0)
    #expect((1...100).contains(liq_get_quantization_quality(result)))
    #expect(
      liq_get_remapping_error(result) == liq_get_quantization_error(result))
  }

  /// Once the caller has seen a palette its numbers stay, for every image.
  @Test(arguments: [Float(0), 1])
  func aPaletteThatWasSeenStays(level: Float) throws {
    let attr = liq_attr_create()
    defer { liq_attr_destroy(attr) }
    liq_set_last_index_transparent(attr, 1)
    #expect(liq_set_max_colors(attr, 9) == LIQ_OK)
    var clear = rgba
    for pixel in 0..<300 { clear[4 * pixel + 3] = 0 }
    let first = image(attr, clear)
    defer { liq_image_destroy(first) }
    var result: OpaquePointer?
    #expect(liq_image_quantize(first, attr, &result) == LIQ_OK)
    defer { liq_result_destroy(result) }
    #expect(liq_set_dithering_level(result, level) == LIQ_OK)
    let seen = try colors(result)
    #expect(seen.last?.a == 0)
    #expect(seen.dropLast().allSatisfy { $0.a == 255 })
    for samples in [clear, rgba] {
      let other = image(attr, samples)
      defer { liq_image_destroy(other) }
      var indices = [UInt8](repeating: 99, count: 1_200)
      #expect(
        liq_write_remapped_image(result, other, &indices, 1_200) == LIQ_OK)
      let again = try colors(result)
      #expect(again.map(\.r) == seen.map(\.r))
      #expect(again.map(\.a) == seen.map(\.a))
      for pixel in 0..<1_200 {
        let color = again[Int(indices[pixel])]
        let sample = samples[4 * pixel..<4 * pixel + 4]
        #expect((color.a == 0) == (sample.last == 0))
        guard color.a > 0 else { continue }
        #expect(abs(Int(color.r) - Int(sample.first ?? 0)) < 90)
      }
    }
  }

  @Test func fixedColorsAndBackgrounds() throws {
    let attr = liq_attr_create()
    defer { liq_attr_destroy(attr) }
    #expect(liq_set_max_colors(attr, 6) == LIQ_OK)
    let image = image(attr, rgba)
    let behind = self.image(attr, rgba)
    #expect(liq_image_set_background(image, behind) == LIQ_OK)
    defer { liq_image_destroy(image) }
    let red = liq_color(r: 255, g: 0, b: 0, a: 255)
    #expect(liq_image_add_fixed_color(image, red) == LIQ_OK)
    #expect(liq_image_add_fixed_color(image, liq_color()) == LIQ_OK)
    var result: OpaquePointer?
    #expect(liq_image_quantize(image, attr, &result) == LIQ_OK)
    defer { liq_result_destroy(result) }
    #expect(liq_set_dithering_level(result, 0) == LIQ_OK)
    var indices = [UInt8](repeating: 99, count: 1_200)
    #expect(
      liq_write_remapped_image(result, image, &indices, 1_200) == LIQ_OK)
    let found = try colors(result)
    #expect(found.count <= 6)
    #expect(found.contains { $0.r == 255 && $0.g == 0 && $0.a == 255 })
    // The background shows every pixel exactly.
    let clear = try #require(found.firstIndex { $0.a == 0 })
    #expect(indices.allSatisfy { $0 == UInt8(clear) })
  }

  @Test func histogramsAndQualities() throws {
    let attr = liq_attr_create()
    defer { liq_attr_destroy(attr) }
    let histogram = liq_histogram_create(attr)
    defer { liq_histogram_destroy(histogram) }
    let entries = [
      liq_histogram_entry(color: liq_color(r: 9, g: 9, b: 9, a: 255), count: 9),
      liq_histogram_entry(
        color: liq_color(r: 200, g: 9, b: 9, a: 255), count: 1),
    ]
    #expect(
      liq_histogram_add_colors(histogram, attr, entries, 2, 0) == LIQ_OK)
    var result: OpaquePointer?
    #expect(liq_histogram_quantize(histogram, attr, &result) == LIQ_OK)
    let found = try colors(result)
    #expect(found.map(\.r).sorted() == [9, 200])
    liq_result_destroy(result)

    let image = image(attr, rgba)
    defer { liq_image_destroy(image) }
    #expect(liq_set_max_colors(attr, 2) == LIQ_OK)
    #expect(liq_set_quality(attr, 95, 100) == LIQ_OK)
    var none: OpaquePointer?
    #expect(liq_image_quantize(image, attr, &none) == LIQ_QUALITY_TOO_LOW)
    #expect(none == nil)
    #expect(liq_quantize_image(attr, image) == nil)
  }

  @Test func callsThatAreWrong() {
    let attr = liq_attr_create()
    defer { liq_attr_destroy(attr) }
    #expect(liq_set_max_colors(attr, 257) == LIQ_VALUE_OUT_OF_RANGE)
    #expect(liq_set_max_colors(nil, 2) == LIQ_INVALID_POINTER)
    #expect(liq_set_speed(attr, 0) == LIQ_VALUE_OUT_OF_RANGE)
    #expect(liq_set_quality(attr, 9, 3) == LIQ_VALUE_OUT_OF_RANGE)
    #expect(liq_image_create_rgba(attr, nil, 1, 1, 0) == nil)
    #expect(liq_image_create_rgba(attr, [0, 0, 0, 0], 0, 1, 0) == nil)
    #expect(liq_image_create_rgba(attr, [0, 0, 0, 0], 1, 1, 1) == nil)
    #expect(liq_image_get_width(nil) == -1)
    #expect(liq_get_palette(nil) == nil)
    #expect(liq_get_quantization_error(nil) == -1)
    #expect(liq_version() == LIQ_VERSION)
    liq_attr_destroy(nil)
    let copy = liq_attr_copy(attr)
    #expect(liq_get_max_colors(copy) == 256)
    liq_attr_destroy(copy)
    liq_attr_set_progress_callback(attr, { _, _ in 0 }, nil)
    let image = image(attr, rgba)
    defer { liq_image_destroy(image) }
    var result: OpaquePointer?
    #expect(liq_image_quantize(image, attr, &result) == LIQ_ABORTED)
  }
}
