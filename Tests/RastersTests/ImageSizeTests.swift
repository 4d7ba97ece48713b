import Rasters
import Testing

@Suite struct ImageSizeTests {
  @Test func refusesEmptyAndOverflowingSizes() {
    #expect(ImageSize(width: 0, height: 5) == nil)
    #expect(ImageSize(width: 5, height: -1) == nil)
    #expect(ImageSize(width: Int.max, height: 2) == nil)
    #expect(ImageSize(width: Int.max / 2, height: 2) == nil)
  }

  @Test func countsPixels() throws {
    let size = try #require(ImageSize(width: 7, height: 3))
    #expect(size.pixelCount == 21)
  }
}
