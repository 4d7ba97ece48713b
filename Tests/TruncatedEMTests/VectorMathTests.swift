import Foundation
import Testing
import TruncatedEM

@Suite struct VectorMathTests {
  @Test func exponentialAgreesWithTheCLibrary() {
    var data = TestData(state: 21)
    var largest = 0.0
    for i in 0..<20_000 {
      let range = [1e-9, 1, 40, 708][i % 4]
      let x = -range * data.unit()
      let value = VectorMath.exp(SIMD4(x, 0, -1e-300, -708))
      largest = max(largest, abs(value[0] / Foundation.exp(x) - 1))
      #expect(value[1] == 1)
      #expect(value[2] == 1)
      #expect(abs(value[3] / Foundation.exp(-708) - 1) < 1e-15)
    }
    #expect(largest < 0x1p-51)
    let gone = VectorMath.exp(SIMD4(-709, -1e6, -1e300, -.infinity))
    #expect(gone == .zero)
  }

  @Test func logarithmAgreesWithTheCLibrary() {
    var data = TestData(state: 22)
    for i in 0..<20_000 {
      let x = 1 + [1e-12, 1e-3, 1, 70_000, 1e300][i % 5] * data.unit()
      let value = VectorMath.log(SIMD4(x, 1, 2, 65_536))
      let expected = Foundation.log(x)
      #expect(abs(value[0] - expected) <= 0x1p-52 * max(1, expected))
      #expect(value[1] == 0)
      #expect(abs(value[2] - 0.693_147_180_559_945_3) < 0x1p-52)
      #expect(abs(value[3] - 11.090_354_888_959_125) < 0x1p-49)
    }
  }
}
