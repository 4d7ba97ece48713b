import CImageShims
import ParallelWork
import Rasters

/// One of the ways in which a PNG can hold the same pixels.
struct PNGForm: Sendable {
  /// The colour type of IHDR: 0 grey, 2 RGB, 3 palette, 4 grey and alpha, 6
  /// RGBA.
  let colorType: UInt8

  /// Bits a sample.
  let bitDepth: Int

  /// For a palette, the number that each of the file's entries has in the
  /// image.
  let order: [Int]

  /// The width and height.
  let size: ImageSize

  /// Bytes of a pixel in `pixels`.
  private let samples: Int

  /// The pixels; those of one byte are translated by `codes`.
  private let pixels: [UInt8]

  /// The sample for each byte of `pixels`, where they are indices.
  private let codes: [UInt8]

  /// The bytes of the palette and its alphas, if there is one.
  let headerBytes: Int

  /// The bytes of a row.
  var rowBytes: Int { (size.width * samples * bitDepth + 7) / 8 }

  /// The bytes to the same sample of the pixel on the left, at least 1.
  var pixelBytes: Int { max(1, samples * bitDepth / 8) }

  /// A palette image with its palette in another order.
  init(_ image: IndexedImage, order: [Int], bitDepth: Int) {
    var codes = [UInt8](repeating: 0, count: 256)
    for (place, entry) in order.enumerated() {
      codes[entry] = UInt8(truncatingIfNeeded: place)
    }
    let translucent = image.alphas.count { $0 < 255 }
    self.init(
      colorType: 3, bitDepth: bitDepth, order: order, size: image.size,
      samples: 1, pixels: image.indices, codes: codes,
      headerBytes: 12 + 3 * order.count + (translucent > 0 ? 12 : 0)
        + translucent)
  }

  /// A palette image as grey; `nil` where it is not grey or not opaque.
  init?(grey image: IndexedImage) {
    guard image.alphas.allSatisfy({ $0 == 255 }),
      image.palette.allSatisfy({ $0.red == $0.green && $0.red == $0.blue })
    else { return nil }
    let greys = image.palette.map(\.red)
    // The greys of so many bits are the multiples of a unit.
    let units: [(bitDepth: Int, unit: UInt8)] = [
      (1, 255), (2, 85), (4, 17), (8, 1),
    ]
    let fewest = units.first { _, unit in
      greys.allSatisfy { $0.isMultiple(of: unit) }
    }
    guard let (bitDepth, unit) = fewest else { return nil }
    var codes = [UInt8](repeating: 0, count: 256)
    for (entry, grey) in greys.enumerated() { codes[entry] = grey / unit }
    self.init(
      colorType: 0, bitDepth: bitDepth, order: [], size: image.size,
      samples: 1, pixels: image.indices, codes: codes, headerBytes: 0)
  }

  /// An image of 8 bits a sample, in one sample for three where it is grey.
  init(_ raster: Raster, mayBeGrey: Bool) {
    let hasAlpha = raster.channels == .rgba
    var colorType: UInt8 = hasAlpha ? 6 : 2
    var samples = raster.channels.count
    var pixels = raster.samples
    if mayBeGrey, let greys = Self.greys(raster) {
      colorType -= 2
      samples -= 2
      pixels = greys
    }
    self.init(
      colorType: colorType, bitDepth: 8, order: [], size: raster.size,
      samples: samples, pixels: pixels, codes: [], headerBytes: 0)
  }

  /// The first of the three equal samples of each pixel, and its alpha if there
  /// is one; `nil` where they are not equal.
  private static func greys(_ raster: Raster) -> [UInt8]? {
    let width = raster.channels.count
    let samples = raster.samples
    var greys: [UInt8] = []
    for first in stride(from: 0, to: samples.count, by: width) {
      let grey = samples[first]
      guard samples[first + 1] == grey, samples[first + 2] == grey else {
        return nil
      }
      greys.append(grey)
      if width == 4 { greys.append(samples[first + 3]) }
    }
    return greys
  }

  private init(
    colorType: UInt8, bitDepth: Int, order: [Int], size: ImageSize,
    samples: Int, pixels: [UInt8], codes: [UInt8], headerBytes: Int
  ) {
    self.colorType = colorType
    self.bitDepth = bitDepth
    self.order = order
    self.size = size
    self.samples = samples
    self.pixels = pixels
    self.codes = codes
    self.headerBytes = headerBytes
  }

  /// Rows as PNG packs them, the leftmost pixel in the highest bits.
  ///
  /// - Parameter range: Which.
  /// - Returns: Their bytes.
  /// - Complexity: O(pixels of the rows).
  func rows(_ range: Range<Int>) -> [UInt8] {
    let (width, rowBytes, bitDepth) = (size.width, rowBytes, bitDepth)
    guard !codes.isEmpty else {
      return Array(
        pixels[range.lowerBound * rowBytes..<range.upperBound * rowBytes])
    }
    var rows = [UInt8](repeating: 0, count: rowBytes * range.count)
    var row = [UInt8](repeating: 0, count: width)
    rows.withUnsafeMutableBufferPointer { rows in
      row.withUnsafeMutableBufferPointer { row in
        for y in range {
          for x in 0..<width { row[x] = codes[Int(pixels[y * width + x])] }
          let start = (y - range.lowerBound) * rowBytes
          PaletteRows.pack(
            UnsafeBufferPointer(row), bitDepth,
            UnsafeMutableBufferPointer(
              rebasing: rows[start..<start + rowBytes]))
        }
      }
    }
    return rows
  }

  /// Rows as they are compressed, each with its type of filter.
  ///
  /// - Parameters:
  ///   - filter: How they are filtered.
  ///   - range: Which.
  /// - Returns: Their bytes.
  /// - Complexity: O(pixels of the rows).
  func filtered(_ filter: RowFilter, _ range: Range<Int>) -> [UInt8] {
    let first = max(0, range.lowerBound - 1)
    return FilteredRows(
      rows(first..<range.upperBound), stride: rowBytes, pixelBytes: pixelBytes,
      filter: filter, beginsAbove: first < range.lowerBound
    ).bytes
  }

  /// Some of the rows, compressed.
  ///
  /// - Parameters:
  ///   - filter: How they are filtered.
  ///   - bands: Which: all of them, or a sample.
  ///   - level: How hard to compress.
  /// - Returns: A zlib stream, or `nil` where there is no memory.
  /// - Complexity: O(pixels of the rows).
  func compressed(
    _ filter: RowFilter, _ bands: [Range<Int>], level: Int32
  ) -> [UInt8]? {
    guard let deflater = Deflater(level: level) else { return nil }
    return deflater.compress(bands.flatMap { filtered(filter, $0) })
  }

  /// All rows, compressed on several threads, of which the meter is told.
  ///
  /// - Parameters:
  ///   - filter: How they are filtered.
  ///   - level: How hard to compress.
  ///   - workers: The threads to use.
  /// - Returns: The parts of a zlib stream.
  /// - Throws: `EncodeError.outOfMemory`.
  /// - Complexity: O(pixels).
  func compressed(
    _ filter: RowFilter, level: Int32, workers: Workers
  ) throws(EncodeError) -> [[UInt8]] {
    var deflater = ChunkedDeflater(
      exactly: level, chunkBytes: 1 << 20, workers: workers)
    var parts: [[UInt8]] = []
    let meter = WorkMeter.current
    // Some 64 KiB a piece, one for each thread at a time.
    let rows = max(1, (1 << 16) / rowBytes)
    for first in stride(
      from: 0, to: size.height, by: rows * workers.threads)
    {
      let pieces = min(
        workers.threads, (size.height - first + rows - 1) / rows)
      let pieceBytes = workers.map(pieces) { piece in
        let start = first + piece * rows
        return filtered(filter, start..<min(size.height, start + rows))
      }
      for bytes in pieceBytes {
        parts += try deflater.append(bytes.count) {
          _ = $0.update(fromContentsOf: bytes)
        }
      }
      meter?.tell(
        min(size.height, first + pieces * rows), of: size.height)
    }
    return parts + (try deflater.finish())
  }
}
