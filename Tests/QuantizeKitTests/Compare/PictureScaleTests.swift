import QuantizeKit
import Rasters
import Testing
import _TestSupport

@Suite struct PictureScaleTests {
  @Test func theSmallestFactorIsTaken() throws {
    let size = try #require(ImageSize(width: 1_000, height: 600))
    #expect(PictureScale(size, pixels: 600_000).factor == 1)
    #expect(PictureScale(size, pixels: 599_999).factor == 2)
    #expect(PictureScale(size, pixels: 150_000).factor == 2)
    #expect(PictureScale(size, pixels: 149_999).factor == 3)
    #expect(PictureScale(size, side: 1_000).factor == 1)
    #expect(PictureScale(size, side: 999).factor == 2)
    #expect(PictureScale(size, side: 240).factor == 5)
    let thin = try #require(ImageSize(width: 100_000, height: 1))
    let reduced = PictureScale(thin, side: 240)
    #expect((100_000 + reduced.factor - 1) / reduced.factor <= 240)
  }

  @Test func pixelsAreAveragesOfLight() {
    // Black and white in turns: half the light is a sample of 188.
    let board = TestRasters.make(width: 5, height: 4) { x, y in
      (x + y).isMultiple(of: 2) ? 0xffffff : 0
    }
    let half = PictureScale(board.size, side: 3).reduced(board)
    #expect(half.size == ImageSize(width: 3, height: 2))
    // The last column is one pixel wide, and half of it is white too.
    #expect(half.samples == [UInt8](repeating: 188, count: 18))
    let same = PictureScale(board.size, side: 5).reduced(board)
    #expect(same.samples == board.samples)
  }

  @Test func whatIsTransparentHasNoLight() throws {
    let size = try #require(ImageSize(width: 2, height: 1))
    let raster = Raster(
      size: size, channels: .rgba, samples: [200, 10, 0, 255, 0, 255, 255, 0])
    let one = PictureScale(size, side: 1).reduced(raster)
    #expect(one.samples == [200, 10, 0, 128])
    let nothing = Raster(
      size: size, channels: .rgba, samples: [9, 9, 9, 0, 7, 7, 7, 0])
    #expect(
      PictureScale(size, side: 1).reduced(nothing).samples == [0, 0, 0, 0])
  }

  @Test func levelsAreAveragedByTheirNumbers() throws {
    let size = try #require(ImageSize(width: 3, height: 2))
    let image = IndexedImage(
      size: size, palette: UncertaintyMap.ramp,
      indices: [0, 10, 63, 20, 30, 62])
    let half = PictureScale(size, side: 2).reduced(image)
    #expect(half.indices == [15, 63])
  }

  @Test func theRampRisesInLightness() {
    let lightness = UncertaintyMap.ramp.map {
      2 * Int($0.red) + 5 * Int($0.green) + Int($0.blue)
    }
    #expect(lightness == lightness.sorted())
    #expect(Set(UncertaintyMap.ramp).count == UncertaintyMap.levels)
  }
}
