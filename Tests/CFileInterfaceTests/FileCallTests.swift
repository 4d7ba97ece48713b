import CFileInterface
import CInterface
import CQuantize
import ImageFormats
import ImageOutput
import PaletteFiles
import Quantization
import Rasters
import Testing
import _TestSupport

/// Files through the interface: the same as by the types of Swift.
@Suite struct FileCallTests {
  private let raster = TestRasters.noisyGradient(width: 48, height: 36)

  private func said() -> String {
    quantize_last_message().map { String(cString: $0) } ?? ""
  }

  private func read(
    _ file: [UInt8], space: String? = nil, page: Int = 0,
    mostPixels: UInt64 = 0, keepGoing: Bool = false
  ) -> (status: quantize_status, picture: OpaquePointer?) {
    var out: OpaquePointer?
    let status = quantize_picture_read(
      file, file.count, space, page, mostPixels, keepGoing, 1, &out)
    return (status, out)
  }

  private func taken(_ bytes: OpaquePointer?) throws -> [UInt8] {
    defer { quantize_bytes_free(bytes) }
    let start = try #require(quantize_bytes_start(bytes))
    return Array(
      UnsafeRawBufferPointer(start: start, count: quantize_bytes_size(bytes)))
  }

  @Test(arguments: [false, true])
  func picturesHaveThePixelsOfTheDecoder(isJPEG: Bool) throws {
    let file =
      isJPEG
      ? try JPEGEncoder(quality: 80).encode(raster)
      : try PNGEncoder(compressionLevel: 4).encode(raster)
    let expected = try ImageDecoder.decode(file)
    let (status, picture) = read(file)
    #expect(status == QUANTIZE_OK, "\(said())")
    defer { quantize_picture_free(picture) }
    #expect(
      quantize_picture_format(picture).map { String(cString: $0) }
        == (isJPEG ? "jpeg" : "png"))
    #expect(
      quantize_picture_space(picture).map { String(cString: $0) } == "srgb")
    #expect(quantize_picture_omitted_frames(picture) == 0)
    #expect(quantize_picture_warning(picture, 0) == nil)
    var image: OpaquePointer?
    #expect(quantize_picture_image(picture, &image) == QUANTIZE_OK)
    defer { quantize_image_free(image) }
    var (width, height) = (0, 0)
    var channels = QUANTIZE_GREY
    var depth = QUANTIZE_FLOAT32
    #expect(
      quantize_image_form(image, &width, &height, &channels, &depth)
        == QUANTIZE_OK)
    #expect([width, height] == [48, 36])
    #expect(channels == QUANTIZE_RGB && depth == QUANTIZE_UINT8)
    var samples = [UInt8](repeating: 1, count: 3 * width * height)
    #expect(quantize_image_samples(image, &samples) == QUANTIZE_OK)
    #expect(samples == expected.raster.samples)
  }

  @Test func resultsAreWrittenAsTheEncoderWritesThem() throws {
    let file = try PNGEncoder(compressionLevel: 1).encode(raster)
    let (_, picture) = read(file)
    defer { quantize_picture_free(picture) }
    var image: OpaquePointer?
    #expect(quantize_picture_image(picture, &image) == QUANTIZE_OK)
    defer { quantize_image_free(image) }
    var options: OpaquePointer?
    #expect(quantize_options_create(&options) == QUANTIZE_OK)
    defer { quantize_options_free(options) }
    #expect(quantize_options_set_colors(options, 9) == QUANTIZE_OK)
    #expect(quantize_options_set_effort(options, 2) == QUANTIZE_OK)
    var result: OpaquePointer?
    #expect(
      quantize_image_quantize(image, options, nil, nil, &result) == QUANTIZE_OK)
    defer { quantize_result_free(result) }
    var wanted = try QuantizerOptions(colors: 9)
    wanted.effort = try #require(try? .init(2))
    let quantized = try Quantizer(wanted).quantize(raster)
    for (format, optimizes) in [("png", false), ("png", true), ("jpeg", false)]
    {
      var encoding: OpaquePointer?
      #expect(quantize_encoding_create(&encoding) == QUANTIZE_OK)
      defer { quantize_encoding_free(encoding) }
      #expect(quantize_encoding_set_format(encoding, format) == QUANTIZE_OK)
      #expect(
        quantize_encoding_set_optimize(encoding, optimizes) == QUANTIZE_OK)
      #expect(quantize_encoding_set_jpeg_quality(encoding, 71) == QUANTIZE_OK)
      var bytes: OpaquePointer?
      #expect(
        quantize_result_encode(result, picture, encoding, options, &bytes)
          == QUANTIZE_OK, "\(said())")
      var expected = ImageEncoding()
      expected.format = try #require(OutputFormat(rawValue: format))
      expected.optimizes = optimizes
      expected.jpegQuality = 71
      let encoder = ImageEncoder(expected, effort: wanted.effort)
      #expect(try taken(bytes) == encoder.encode(quantized.mapped).bytes)
    }
  }

  @Test func deepImagesKeepTheirDepth() throws {
    let samples = (0..<3 * 20 * 10).map { UInt16($0 * 109) }
    var image: OpaquePointer?
    #expect(
      quantize_image_create(
        samples, 20, 10, 0, QUANTIZE_RGB, QUANTIZE_UINT16, &image)
        == QUANTIZE_OK)
    defer { quantize_image_free(image) }
    var bytes: OpaquePointer?
    #expect(quantize_image_encode(image, nil, nil, nil, &bytes) == QUANTIZE_OK)
    let (_, picture) = read(try taken(bytes))
    defer { quantize_picture_free(picture) }
    var again: OpaquePointer?
    #expect(quantize_picture_image(picture, &again) == QUANTIZE_OK)
    defer { quantize_image_free(again) }
    var depth = QUANTIZE_UINT8
    #expect(quantize_image_form(again, nil, nil, nil, &depth) == QUANTIZE_OK)
    #expect(depth == QUANTIZE_UINT16)
    var found = [UInt16](repeating: 0, count: samples.count)
    #expect(quantize_image_samples(again, &found) == QUANTIZE_OK)
    #expect(found == samples)
  }

  @Test func badFilesAreRefused() throws {
    let file = try PNGEncoder(compressionLevel: 4).encode(raster)
    for length in [0, 7, 30, file.count / 2] {
      #expect(read(Array(file.prefix(length))).status == QUANTIZE_INVALID_DATA)
      #expect(!said().isEmpty)
    }
    #expect(read(Array("hello".utf8)).status == QUANTIZE_INVALID_DATA)
    #expect(read(file, space: "cmyk").status == QUANTIZE_INVALID_ARGUMENT)
    #expect(said().contains(#""srgb""#), "\(said())")
    #expect(read(file, mostPixels: 100).status == QUANTIZE_INVALID_DATA)
    var out: OpaquePointer?
    #expect(
      quantize_picture_read(nil, 3, nil, 0, 0, false, 1, &out)
        == QUANTIZE_INVALID_ARGUMENT)
    #expect(
      quantize_picture_read(file, -1, nil, 0, 0, false, 1, &out)
        == QUANTIZE_INVALID_ARGUMENT)
    #expect(out == nil)
    let large = TestRasters.noisyGradient(width: 200, height: 200)
    let cut = try PNGEncoder(compressionLevel: 4).encode(large).dropLast(9_000)
    let (status, picture) = read(Array(cut), keepGoing: true)
    #expect(status == QUANTIZE_OK, "\(said())")
    #expect(quantize_picture_warning(picture, 0) != nil)
    #expect(quantize_picture_warning(picture, 1) == nil)
    quantize_picture_free(picture)
  }

  @Test(arguments: PaletteFormat.allCases)
  func palettesComeBack(format: PaletteFormat) throws {
    let rgba: [UInt8] = [1, 2, 3, 255, 250, 128, 0, 255]
    var out: OpaquePointer?
    let status = "Ink".withCString { name in
      quantize_swatches_create(rgba, 2, [name, nil], &out)
    }
    #expect(status == QUANTIZE_OK, "\(said())")
    let swatches = try #require(out)
    defer { quantize_swatches_free(swatches) }
    var bytes: OpaquePointer?
    #expect(
      quantize_swatches_write(swatches, format.rawValue, "Test", &bytes)
        == QUANTIZE_OK, "\(said())")
    let file = try taken(bytes)
    #expect(
      try file
        == format.write(
          [
            PaletteColor(
              color: RGBColor(red: 1, green: 2, blue: 3), name: "Ink"),
            PaletteColor(color: RGBColor(red: 250, green: 128, blue: 0)),
          ], title: "Test"))
    var again: OpaquePointer?
    #expect(
      quantize_swatches_read(
        file, file.count, "a.b/c\(format.ending)", &again) == QUANTIZE_OK,
      "\(said())")
    defer { quantize_swatches_free(again) }
    #expect(quantize_swatches_count(again) == 2)
    var found = [UInt8](repeating: 9, count: 8)
    #expect(quantize_swatches_get(again, &found) == QUANTIZE_OK)
    #expect(found == rgba)
    let name = quantize_swatches_name(again, 0).map { String(cString: $0) }
    #expect(format.hasNames ? name == "Ink" : name == nil)
    #expect(quantize_swatches_name(again, 2) == nil)
  }

  @Test func badPalettesAreRefused() throws {
    var out: OpaquePointer?
    #expect(
      quantize_swatches_read("nothing", 7, nil, &out) == QUANTIZE_INVALID_DATA)
    #expect(
      quantize_swatches_create([], 0, nil, &out) == QUANTIZE_INVALID_ARGUMENT)
    #expect(
      quantize_swatches_write(nil, "gpl", nil, &out)
        == QUANTIZE_INVALID_ARGUMENT)
    #expect(
      quantize_swatches_create([0, 0, 0, 255], 1, nil, &out) == QUANTIZE_OK)
    defer { quantize_swatches_free(out) }
    var bytes: OpaquePointer?
    #expect(
      quantize_swatches_write(out, "docx", nil, &bytes)
        == QUANTIZE_INVALID_ARGUMENT)
    #expect(bytes == nil)
  }
}
