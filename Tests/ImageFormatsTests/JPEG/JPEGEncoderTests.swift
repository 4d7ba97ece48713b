import ImageFormats
import Rasters
import Testing
import _TestSupport

@Suite struct JPEGEncoderTests {
  private func raster(
    _ width: Int, _ height: Int, _ channels: Raster.Channels = .rgb
  ) throws -> Raster {
    let size = try #require(ImageSize(width: width, height: height))
    let samples = (0..<size.pixelCount).flatMap { index -> [UInt8] in
      let (x, y) = (index % width, index / width)
      let red = UInt8(x * 255 / width)
      let green = UInt8(y * 255 / height)
      let pixel = [red, green, UInt8(255 - (Int(red) + Int(green)) / 2)]
      return channels == .rgb ? pixel : pixel + [255]
    }
    return Raster(size: size, channels: channels, samples: samples)
  }

  @Test(arguments: [(1, 1), (8, 8), (37, 23), (64, 100)])
  func comesBackNearlyTheSame(width: Int, height: Int) throws {
    let raster = try raster(width, height)
    let image = try ImageDecoder.decode(
      try JPEGEncoder(quality: 95).encode(raster))
    #expect(image.header.kind == "8-bit colour JPEG, sequential")
    #expect(image.raster.size == raster.size)
    let samples = image.raster.samples
    #expect(Fixtures.meanDifference(samples, raster.samples) < 2.5)
  }

  @Test func growsWithQuality() throws {
    let raster = try raster(90, 70)
    let counts = try [1, 50, 90, 100].map {
      try JPEGEncoder(quality: $0).encode(raster).count
    }
    #expect(counts == counts.sorted())
    #expect(Set(counts).count == 4)
    #expect(JPEGEncoder().quality == 90)
  }

  @Test func keepsFullChromaFromQuality90() throws {
    // The sampling factors of the first component stand eleven bytes behind
    // the frame's marker.
    for (quality, factors) in [(89, UInt8(0x22)), (90, 0x11)] {
      let file = try JPEGEncoder(quality: quality).encode(try raster(20, 20))
      let frame = try #require(
        file.indices.dropLast().first {
          file[$0] == 0xff && file[$0 + 1] == 0xc0
        })
      #expect(file[frame + 11] == factors)
    }
  }

  @Test func writesTheSameBytesAgain() throws {
    let raster = try raster(33, 21)
    #expect(
      try JPEGEncoder().encode(raster) == (try JPEGEncoder().encode(raster)))
  }

  @Test func refusesAlpha() throws {
    let raster = try raster(4, 4, .rgba)
    #expect(throws: EncodeError.alphaNotSupported(.jpeg)) {
      try JPEGEncoder().encode(raster)
    }
  }

  @Test func refusesSidesBeyondTheFormat() throws {
    #expect(throws: Never.self) {
      try JPEGEncoder().encode(try raster(65_500, 1))
    }
    for (width, height) in [(65_501, 1), (1, 65_536)] {
      #expect(
        throws: EncodeError.tooLarge(
          format: .jpeg, width: width, height: height, maximumSide: 65_500)
      ) { try JPEGEncoder().encode(try raster(width, height)) }
    }
  }

  @Test(arguments: [0, 101, -5])
  func refusesOtherQualities(quality: Int) throws {
    let raster = try raster(2, 2)
    #expect(
      throws: EncodeError.invalidOption(
        name: "the JPEG quality", value: quality, allowed: 1...100)
    ) { try JPEGEncoder(quality: quality).encode(raster) }
  }

  /// The segments before the first scan: codes and payloads.
  private func segments(
    _ file: [UInt8]
  ) throws -> [(code: UInt8, payload: [UInt8])] {
    var found: [(code: UInt8, payload: [UInt8])] = []
    var position = 2
    while file[position + 1] != 0xda {
      try #require(file[position] == 0xff)
      let length = Int(file[position + 2]) << 8 | Int(file[position + 3])
      found.append(
        (
          file[position + 1],
          Array(file[position + 4..<position + 2 + length])
        ))
      position += 2 + length
    }
    return found
  }

  @Test func theOptimizedFileShowsTheSamePixels() throws {
    for (width, height) in [(1, 1), (600, 400)] {
      let raster = TestRasters.make(width: width, height: height) { x, y in
        UInt32((x * x + y * y) / 97 % 256) * 0x010101
      }
      var encoder = JPEGEncoder(quality: 80)
      let plain = try encoder.encode(raster)
      encoder.optimizes = true
      let optimized = try encoder.encode(raster)
      #expect(optimized.count <= plain.count)
      // A frame of several scans, where that is smaller.
      let isProgressive = try segments(optimized).contains { $0.code == 0xc2 }
      #expect(isProgressive == (width > 1))
      #expect(
        try ImageDecoder.decode(optimized).raster.samples
          == ImageDecoder.decode(plain).raster.samples)
    }
  }

  @Test func subsamplesAsAsked() throws {
    for (subsampling, factors) in [
      (ChromaSubsampling.both, UInt8(0x22)), (.rows, 0x21), (.none, 0x11),
    ] {
      for quality in [50, 95] {
        let file = try JPEGEncoder(quality: quality, subsampling: subsampling)
          .encode(try raster(20, 20))
        let frame = try #require(try segments(file).first { $0.code == 0xc0 })
        #expect(frame.payload[7] == factors)
      }
    }
  }

  static let densities: [(PixelDensity, [UInt8])] = [
    (
      PixelDensity(horizontal: 2_835, vertical: 11_811, unit: .meter),
      [1, 0, 72, 1, 44]
    ),
    (
      PixelDensity(horizontal: 10_100, vertical: 5_000, unit: .meter),
      [2, 0, 101, 0, 50]
    ),
    (
      PixelDensity(horizontal: 4, vertical: 6, unit: .unknown),
      [0, 0, 2, 0, 3]
    ),
    (
      PixelDensity(horizontal: 131_070, vertical: 65_536, unit: .unknown),
      [0, 255, 255, 128, 0]
    ),
    // What cannot be said is not said: 1:1.
    (
      PixelDensity(horizontal: 0, vertical: 5_000, unit: .meter),
      [0, 0, 1, 0, 1]
    ),
    (PixelDensity(horizontal: 3, vertical: 3, unit: .meter), [0, 0, 1, 0, 1]),
    (
      PixelDensity(horizontal: .max, vertical: .max, unit: .meter),
      [0, 0, 1, 0, 1]
    ),
    (
      PixelDensity(horizontal: 0, vertical: 0, unit: .unknown),
      [0, 0, 1, 0, 1]
    ),
  ]

  @Test(arguments: densities)
  func writesTheDensity(density: PixelDensity, bytes: [UInt8]) throws {
    var annotations = Annotations()
    annotations.density = density
    let file = try JPEGEncoder().encode(
      try raster(9, 9), annotations: annotations)
    let jfif = try #require(try segments(file).first)
    #expect(jfif.code == 0xe0)
    #expect(Array(jfif.payload[7..<12]) == bytes)
  }

  @Test func writesAnnotations() throws {
    var annotations = Annotations()
    let exif = ExifBuilder.tiff(orientation: 1, littleEndian: false)
    annotations.exif = exif
    annotations.xmp = Array("<x:xmpmeta/>".utf8)
    let profile = (0..<140_000).map { UInt8(truncatingIfNeeded: $0 / 3) }
    annotations.profile = profile
    let file = try JPEGEncoder().encode(
      try raster(9, 9), annotations: annotations)
    let segments = try segments(file)
    #expect(
      segments.prefix(6).map(\.code) == [0xe0, 0xe1, 0xe1, 0xe2, 0xe2, 0xe2])
    #expect(segments[1].payload == Array("Exif\0\0".utf8) + exif)
    #expect(
      segments[2].payload
        == Array("http://ns.adobe.com/xap/1.0/\0<x:xmpmeta/>".utf8))
    var joined: [UInt8] = []
    for (piece, segment) in segments[3..<6].enumerated() {
      let mark = Array("ICC_PROFILE\0".utf8) + [UInt8(piece + 1), 3]
      #expect(segment.payload.starts(with: mark))
      #expect(segment.payload.count <= 65_533)
      joined += segment.payload.dropFirst(14)
    }
    #expect(joined == profile)
    #expect(segments[3].payload.count == 65_519 + 14)
  }

  @Test func refusesAnnotationsThatAreTooLong() throws {
    func annotations(_ change: (inout Annotations) -> Void) -> Annotations {
      var annotations = Annotations()
      change(&annotations)
      return annotations
    }
    let cases: [(Annotations, String, Int, Int)] = [
      (
        annotations { $0.exif = [UInt8](repeating: 0, count: 65_528) },
        "the Exif data", 65_528, 65_527
      ),
      (
        annotations { $0.xmp = [UInt8](repeating: 32, count: 65_505) },
        "the XMP packet", 65_505, 65_504
      ),
      (
        annotations { $0.profile = [UInt8](repeating: 0, count: 16_707_346) },
        "the ICC profile", 16_707_346, 16_707_345
      ),
    ]
    for (annotations, name, count, most) in cases {
      let raster = try raster(2, 2)
      #expect(
        throws: EncodeError.annotationTooLong(
          format: .jpeg, name: name, count: count, most: most)
      ) { try JPEGEncoder().encode(raster, annotations: annotations) }
    }
  }
}
