import Quantization
import Rasters
import Testing
import _TestSupport

@Suite struct RiemersmaDitheringTests {
  @Test func theCurveVisitsEachPlaceOnce() {
    let side = RiemersmaDithering.side
    let curve = RiemersmaDithering.curve
    #expect(curve.count == side * side)
    #expect(
      Set(curve.map { $0.y * side + $0.x }) == Set(0..<side * side))
    for (a, b) in zip(curve, curve.dropFirst()) {
      #expect(abs(a.x - b.x) + abs(a.y - b.y) == 1)
    }
    // From square to square as well.
    #expect(curve[0] == (0, 0))
    #expect(curve[side * side - 1] == (side - 1, 0))
  }

  @Test(arguments: [105, 118, 140, 150] as [UInt8])
  func keepsTheMeanOfAFlatGrey(level: UInt8) throws {
    let raster = TestRasters.flat(level, width: 150, height: 200)
    let image = try DitherSetup(raster, [0x606060, 0xa0a0a0])
      .dithered(DitherOptions(.riemersma))
    for rows in [0..<200, 0..<64, 64..<128, 128..<200] {
      #expect(abs(image.meanRed(ofRows: rows) - Double(level)) < 1.5)
    }
  }
}
