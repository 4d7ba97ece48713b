import ImageFormats
import Rasters
import Testing
import _TestSupport

/// Images stored turned or mirrored come out the right way up.
@Suite struct ExifOrientationTests {
  /// Where the pixel of a stored row and column is seen, in the words of the
  /// Exif standard: which side the first row is, and which the first column.
  static func place(
    _ orientation: Int, row: Int, column: Int, width: Int, height: Int
  ) -> (x: Int, y: Int) {
    let (right, bottom) = (width - 1, height - 1)
    switch orientation {
    case 2: return (right - column, row)  // top, right
    case 3: return (right - column, bottom - row)  // bottom, right
    case 4: return (column, bottom - row)  // bottom, left
    case 5: return (row, column)  // left, top
    case 6: return (right - row, column)  // right, top
    case 7: return (right - row, bottom - column)  // right, bottom
    case 8: return (row, bottom - column)  // left, bottom
    default: return (column, row)  // top, left
    }
  }

  static func sample(_ x: Int, _ y: Int, _ channel: Int) -> Int {
    (x * 7 + y * 13 + channel * 50 + x * y) & 255
  }

  /// A PNG that shows `sample` in this size when it is turned.
  private func stored(
    _ orientation: Int, width: Int, height: Int, colorType: Int
  ) -> PNGBuilder {
    let isTurned = orientation >= 5
    return PNGBuilder(
      width: isTurned ? height : width, height: isTurned ? width : height,
      bitDepth: 8, colorType: colorType
    ) { column, row, channel in
      let (x, y) = Self.place(
        orientation, row: row, column: column, width: width, height: height)
      return Self.sample(x, y, channel)
    }
  }

  @Test(arguments: 1...8)
  func turnsPNG(orientation: Int) throws {
    for (width, height) in [(1, 1), (5, 3), (1, 9), (130, 67), (64, 200)] {
      for colorType in [2, 6] {
        var builder = stored(
          orientation, width: width, height: height, colorType: colorType)
        let exif = ExifBuilder.tiff(
          orientation: UInt8(orientation), littleEndian: width == 5)
        // Before or behind the image data, with or without JPEG's mark.
        switch width {
        case 5: builder.lateChunks = [("eXIf", exif)]
        case 64: builder.chunks = [("eXIf", Array("Exif\0\0".utf8) + exif)]
        default: builder.chunks = [("eXIf", exif)]
        }
        let channels = colorType == 2 ? 3 : 4
        var expected: [UInt8] = []
        for y in 0..<height {
          for x in 0..<width {
            expected += (0..<channels).map { UInt8(Self.sample(x, y, $0)) }
          }
        }
        for threads in [1, 3] {
          let image = try ImageDecoder.decode(
            builder.bytes(), threads: threads)
          #expect(image.raster.size == ImageSize(width: width, height: height))
          #expect(image.raster.channels.count == channels)
          #expect(image.raster.samples == expected)
        }
      }
    }
  }

  @Test(arguments: 1...8)
  func turnsJPEG(orientation: Int) throws {
    let file = try Fixtures.jpeg("baseline")
    let upright = try ImageDecoder.decode(file).raster
    for littleEndian in [false, true] {
      let exif = ExifBuilder.tiff(
        orientation: UInt8(orientation), littleEndian: littleEndian)
      let image = try ImageDecoder.decode(
        Fixtures.inserting(
          [(0xe1, Array("Exif\0\0".utf8) + exif)], into: file))
      let (width, height) = orientation >= 5 ? (23, 37) : (37, 23)
      let size = try #require(ImageSize(width: width, height: height))
      try #require(image.raster.size == size)
      for row in 0..<23 {
        for column in 0..<37 {
          let (x, y) = Self.place(
            orientation, row: row, column: column, width: width,
            height: height)
          let shown = image.raster.samples.dropFirst(3 * (y * width + x))
          let stored = upright.samples.dropFirst(3 * (row * 37 + column))
          #expect(shown.prefix(3) == stored.prefix(3))
        }
      }
      // Or the next program would turn it again.
      #expect(
        image.annotations.exif
          == ExifBuilder.tiff(orientation: 1, littleEndian: littleEndian))
      #expect(image.header.size == upright.size)
    }
  }

  @Test func takesNothingElseForAnOrientation() throws {
    let file = try Fixtures.jpeg("baseline")
    for value: UInt8 in [0, 9, 255] {
      let exif = ExifBuilder.tiff(orientation: value, littleEndian: true)
      let image = try ImageDecoder.decode(
        Fixtures.inserting(
          [(0xe1, Array("Exif\0\0".utf8) + exif)], into: file))
      #expect(image.raster.size == ImageSize(width: 37, height: 23))
    }
  }
}
