import Rasters
import Segmentation
import Testing
import _TestSupport

/// Superpixels inside a mask.
@Suite struct PixelMaskTests {
  private let picture = TestMaps.picture(width: 90, height: 61)

  private func mask(
    _ isInside: @escaping (Int, Int) -> Bool
  ) -> PixelMask {
    PixelMask(
      .eight(
        TestRasters.make(width: 90, height: 61) { x, y in
          isInside(x, y) ? 0x01_0000 : 0
        }))
  }

  private static let disc: @Sendable (Int, Int) -> Bool = { x, y in
    (x - 40) * (x - 40) + (y - 30) * (y - 30) < 600
  }

  @Test(arguments: [1, 2, 17, 60], [1, 2])
  func superpixelsFillTheMask(count: Int, truncation: Int) throws {
    let mask = mask(Self.disc)
    var options = SuperpixelOptions(count: count)
    options.truncation = truncation
    let map = try Superpixels(picture, options, mask: mask).map
    #expect(map.count == count + 1)
    for (label, isInside) in zip(map.labels, mask.isInside) {
      #expect((label > 0) == isInside)
    }
    // Each is connected, and they are numbered by their first pixels.
    let (_, labels) = map.connectedRegions()
    let inside = labels.filter { $0 > 0 }
    #expect(inside == (1...Int32(count)).map { $0 })
  }

  /// Beyond the pixels that smoothing mixes with those inside.
  @Test func whatIsOutsideCountsNowhere() throws {
    let mask = mask(Self.disc)
    let options = SuperpixelOptions(count: 20)
    let one = try Superpixels(picture, options, mask: mask)
    let other = try Superpixels(
      TestRasters.make(width: 90, height: 61) { x, y in
        let isNear = (-1...1).contains { dy in
          (-1...1).contains { dx in Self.disc(x + dx, y + dy) }
        }
        guard isNear else { return UInt32(x * 77 + y * 1_234_567) & 0xff_ffff }
        let n = 3 * (y * 90 + x)
        return picture.samples[n..<n + 3].reduce(0) { $0 << 8 | UInt32($1) }
      }, options, mask: mask)
    #expect(one.map == other.map)
    #expect(one.freeEnergies == other.freeEnergies)
  }

  @Test func aMaskOfAllChangesNothing() throws {
    let options = SuperpixelOptions(count: 20)
    let all = self.mask { _, _ in true }
    let whole = try Superpixels(picture, options, mask: all)
    let plain = try Superpixels(picture, options)
    #expect(whole.map.labels == plain.map.labels.map { $0 + 1 })
    for (a, b) in zip(whole.freeEnergies, plain.freeEnergies) {
      #expect(abs(a - b) < 1e-9)
    }
  }

  /// A small mask is worked on as the part of the image that it is in.
  @Test func smallMasksInLargeImages() throws {
    let raster = TestMaps.picture(width: 900, height: 700)
    let mask = PixelMask(
      .eight(
        TestRasters.make(width: 900, height: 700) { x, y in
          (500..<506).contains(x) && (690...).contains(y) ? 0xff : 0
        }))
    let result = try Superpixels(
      raster, SuperpixelOptions(count: 9), mask: mask)
    #expect(result.map.count == 10)
    #expect(result.map.size == raster.size)
    for (label, isInside) in zip(result.map.labels, mask.isInside) {
      #expect((label > 0) == isInside)
    }
    // Not of all the image, of which the mask is a ten thousandth.
    #expect(result.components < 100)
  }

  @Test func partsThatDoNotHangTogether() throws {
    let mask = mask { x, y in x % 30 < 10 && y % 30 < 10 }
    let map = try Superpixels(
      picture, SuperpixelOptions(count: 2), mask: mask
    ).map
    #expect(map.count == 1 + 9)
  }

  @Test func threadsChangeNothing() throws {
    let results = try [1, 2, 5].map {
      try Superpixels(
        picture, SuperpixelOptions(count: 30), mask: mask(Self.disc),
        threads: $0
      ).map
    }
    #expect(Set(results).count == 1)
  }

  @Test func whatCannotBe() throws {
    let options = SuperpixelOptions(count: 3)
    #expect(throws: SegmentationError.emptyMask) {
      try Superpixels(picture, options, mask: mask { _, _ in false })
    }
    let small = PixelMask(
      .eight(TestRasters.make(width: 4, height: 3) { _, _ in 0xffffff }))
    #expect(
      throws: SegmentationError.maskSize(small.size, of: picture.size)
    ) {
      try Superpixels(picture, options, mask: small)
    }
  }

  @Test func alphaAndSixteenBits() throws {
    let size = try #require(ImageSize(width: 2, height: 2))
    let translucent = PixelMask(
      .eight(
        Raster(
          size: size, channels: .rgba,
          samples: [9, 9, 9, 0, 0, 0, 0, 255, 0, 1, 0, 1, 255, 0, 0, 255])))
    #expect(translucent.isInside == [false, false, true, true])
    let deep = PixelMask(
      .sixteen(
        DeepRaster(
          size: size, channels: .rgb,
          samples: [0, 0, 0, 1, 1, 1, 0, 0, 0, 0, 0, 65_535])))
    #expect(deep.isInside == [false, true, false, true])
    #expect(deep.count == 2)
  }
}
