import CTIFF
import SoftFormats
import Testing

@Suite struct TIFFWriterTests {
  @Test(arguments: [false, true])
  func pagesAreResponsibilities(isFloat: Bool) throws {
    let image = try SoftSamples.image(SoftSamples.opaque)
    let dense = SoftSamples.dense(image)
    try SoftSamples.withPath("a.tif") { path in
      try TIFFWriter.write(image, to: path, depth: isFloat ? .float : .sixteen)
      let file = try #require(
        path.withPlatformString { TIFFOpen($0, "r") })
      defer { TIFFClose(file) }
      #expect(TIFFNumberOfDirectories(file) == 6)
      for page in 0..<6 {
        #expect(TIFFSetDirectory(file, .init(page)) == 1)
        let size = Int(TIFFStripSize(file))
        #expect(size == 1_200 * (isFloat ? 4 : 2))
        var bytes = [UInt8](repeating: 0, count: size)
        #expect(
          TIFFReadEncodedStrip(file, 0, &bytes, tmsize_t(size))
            == tmsize_t(size))
        for pixel in 0..<1_200 {
          let share = dense[pixel][page]
          if isFloat {
            let value = bytes.withUnsafeBytes {
              $0.loadUnaligned(fromByteOffset: 4 * pixel, as: Float.self)
            }
            #expect(Double(value) == share)
          } else {
            let value = bytes.withUnsafeBytes {
              $0.loadUnaligned(fromByteOffset: 2 * pixel, as: UInt16.self)
            }
            #expect(abs(Double(value) - 65_535 * share) < 0.51)
          }
        }
      }
    }
  }

  @Test func pagesHaveTheNamesOfColors() throws {
    let image = try SoftSamples.image(SoftSamples.opaque)
    let bytes = try SoftSamples.withPath("a.tif") { path in
      try TIFFWriter.write(image, to: path, depth: .sixteen)
      return try SoftSamples.bytes(path)
    }
    let text = String(decoding: bytes, as: UTF8.self)
    for name in image.names { #expect(text.contains("\(name)\0")) }
  }

  /// ImageJ finds the samples of all pages behind those of the first, and shows the
  /// names of slices only then.
  @Test func samplesOfAllPagesAreInOneBlock() throws {
    let image = try SoftSamples.image(SoftSamples.opaque)
    try SoftSamples.withPath("a.tif") { path in
      try TIFFWriter.write(image, to: path, depth: .sixteen)
      let file = try #require(
        path.withPlatformString { TIFFOpen($0, "r") })
      defer { TIFFClose(file) }
      let places = (0..<6).map { page in
        TIFFSetDirectory(file, .init(page))
        return TIFFGetStrileOffset(file, 0)
      }
      #expect(TIFFNumberOfStrips(file) == 1)
      for page in 1..<6 {
        #expect(places[page] == places[page - 1] + 2 * 1_200)
      }
    }
  }

  @Test func saysWhyItCannotWrite() throws {
    let image = try SoftSamples.image(SoftSamples.opaque)
    try SoftSamples.withPath("none/a.tif") { path in
      #expect(
        throws: SoftFormatError.failed(
          .tiff, reason: "libtiff cannot create it")
      ) { try TIFFWriter.write(image, to: path, depth: .sixteen) }
    }
  }
}
