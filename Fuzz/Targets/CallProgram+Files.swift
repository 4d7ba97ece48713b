import CFileInterface
import CInterface
import CQuantize

/// Calls that read and write files.
extension CallProgram {
  mutating func setEncoding() {
    if flag() || encodings.count == 1 {
      _ = keep(\.encodings) { quantize_encoding_create($1) }
    }
    let encoding = some(encodings)
    switch byte() % 5 {
    case 0:
      check(
        quantize_encoding_set_format(
          encoding, some(["png", "jpeg", "gif", "", nil])))
    case 1:
      check(
        quantize_encoding_set_compression(
          encoding, Int32(truncatingIfNeeded: number())))
    case 2:
      check(quantize_encoding_set_optimize(encoding, flag()))
    case 3:
      check(
        quantize_encoding_set_jpeg_quality(
          encoding, Int32(truncatingIfNeeded: number())))
    default:
      check(
        quantize_encoding_set_metadata(
          encoding, some(["appearance", "all", "none", "some", nil])))
    }
  }

  mutating func writeFile() {
    let (picture, encoding) = (some(pictures), some(encodings))
    let options = some(options)
    if flag() {
      let image = some(images)
      _ = keep(\.files) {
        quantize_image_encode(image, picture, encoding, options, $1)
      }
    } else {
      let result = some(results)
      _ = keep(\.files) {
        quantize_result_encode(result, picture, encoding, options, $1)
      }
    }
  }

  /// Reads a file that was written, a damaged copy of it, or noise.
  mutating func readFile() {
    let file = some(files)
    var bytes = [UInt8](
      UnsafeRawBufferPointer(
        start: quantize_bytes_start(file), count: quantize_bytes_size(file)))
    if bytes.isEmpty {
      bytes = [UInt8](
        UnsafeRawBufferPointer(start: middle(UInt8.self), count: 200))
    } else if flag() {
      bytes[(byte() << 8 + byte()) % bytes.count] = UInt8(byte())
      bytes.removeLast(byte() % bytes.count)
    }
    let size = some([bytes.count, bytes.count, bytes.count, 0, -1])
    if flag() {
      let space = some(["srgb", "p3", "input", nil, "lab"])
      let most = UInt64(bitPattern: Int64(number()))
      let page = some([0, 0, 1, 2, -1, .max])
      let (keepsGoing, threads) = (flag(), some([0, 1, 2, -1, .max]))
      let picture = keep(\.pictures) {
        quantize_picture_read(
          bytes, size, space, page, most, keepsGoing, threads, $1)
      }
      guard let picture else { return }
      precondition(quantize_picture_format(picture) != nil)
      precondition(quantize_picture_space(picture) != nil)
      _ = quantize_picture_warning(picture, number())
      _ = quantize_picture_omitted_frames(picture)
      let image = keep(\.images) { quantize_picture_image(picture, $1) }
      var (width, height) = (0, 0)
      check(quantize_image_form(image, &width, &height, nil, nil))
      guard let image else { return }
      pixelCounts[image] = (width, height)
      var samples = [UInt16](repeating: 0, count: 4 * width * height)
      check(quantize_image_samples(image, &samples))
    } else {
      let name = some(["a.gpl", "a.act", "css", "a.png", "", "...", nil])
      _ = keep(\.swatches) { quantize_swatches_read(bytes, size, name, $1) }
    }
  }

  mutating func useSwatches() {
    if flag() {
      let count = some([1, 2, 40, 256, 300, 0, -1, .min])
      let rgba = some([middle(UInt8.self), middle(UInt8.self), nil])
      _ = keep(\.swatches) { quantize_swatches_create(rgba, count, nil, $1) }
    }
    let one = some(swatches)
    let count = quantize_swatches_count(one)
    var rgba = [UInt8](repeating: 0, count: 4 * count)
    check(quantize_swatches_get(one, &rgba))
    _ = quantize_swatches_name(one, number())
    let format = some([
      "gpl", "act", "ase", "pal", "hex", "txt", "css", "scss", "json", "png",
      ".gpl", "doc", "", nil,
    ])
    let title = some(["A title", "", nil])
    _ = keep(\.files) { quantize_swatches_write(one, format, title, $1) }
  }
}
