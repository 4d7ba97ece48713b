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
}
