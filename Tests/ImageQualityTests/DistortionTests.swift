import ImageQuality
import Rasters
import Testing
import _TestSupport

@Suite struct DistortionTests {
  @Test func sumsOverChannelsAndDividesByPixels() {
    let black = TestRasters.make(width: 2, height: 1) { _, _ in 0 }
    let other = TestRasters.make(width: 2, height: 1) { x, _ in
      x == 0 ? 0x010203 : 0x000000
    }
    let distortion = Distortion(of: black, other)
    #expect(distortion.meanSquaredError == 7)
    // 10 log10(195075 / 7), worked out by hand.
    #expect(abs(distortion.peakSignalToNoiseRatio - 44.451_036) < 1e-5)
  }

  @Test func equalImagesHaveNoError() {
    let raster = TestRasters.noisyGradient(width: 5, height: 5)
    let distortion = Distortion(of: raster, raster)
    #expect(distortion.meanSquaredError == 0)
    #expect(distortion.peakSignalToNoiseRatio == .infinity)
  }

  @Test func blackAgainstWhiteIsZeroDecibels() {
    let black = TestRasters.make(width: 3, height: 3) { _, _ in 0 }
    let white = TestRasters.make(width: 3, height: 3) { _, _ in 0xffffff }
    let distortion = Distortion(of: black, white)
    #expect(distortion.meanSquaredError == 195_075)
    #expect(distortion.peakSignalToNoiseRatio == 0)
  }
}
