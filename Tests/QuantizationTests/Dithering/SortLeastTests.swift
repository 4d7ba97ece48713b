import Quantization
import Testing
import _TestSupport

@Suite struct SortLeastTests {
  @Test func theLeastAreInOrder() {
    var random = Generator(seed: 4)
    for count in [0, 1, 2, 3, 16, 17, 18, 40, 255, 1_000] {
      // Of few values and of many, and in order.
      for most in [UInt64(1), 3, 50, .max] {
        var numbers = (0..<count).map { _ in
          UInt64.random(in: 0...most, using: &random)
        }
        for _ in 0..<2 {
          let sorted = numbers.sorted()
          for wanted in [0, 1, count / 3, count / 2, count - 1, count]
          where wanted >= 0 {
            var least = numbers
            least.sortLeast(wanted)
            #expect(
              least.prefix(wanted).elementsEqual(sorted.prefix(wanted)))
            #expect(least.sorted() == sorted)
          }
          numbers = sorted.reversed()
        }
      }
    }
  }
}
