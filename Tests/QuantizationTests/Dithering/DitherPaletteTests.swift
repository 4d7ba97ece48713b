import Quantization
import Testing
import _TestSupport

@Suite struct DitherPaletteTests {
  private func points(_ count: Int, seed: UInt64) -> [SIMD4<Float>] {
    var numbers = Generator(seed: seed)
    func coordinate() -> Float { Float((numbers.next() >> 24) % 256) }
    return (0..<count).map { n in
      // Some stand close together, so that neighbours run out.
      n % 3 == 0
        ? SIMD4(coordinate() / 16, coordinate() / 16, 7, 180)
        : SIMD4(coordinate(), coordinate(), coordinate(), 180)
    }
  }

  private func squared(_ vector: SIMD4<Float>) -> Float {
    (vector * vector).sum()
  }

  @Test(arguments: [1, 2, 5, 96, 97, 98, 300])
  func findsTheNearest(count: Int) {
    let points = points(count, seed: 3)
    let palette = DitherPalette(points)
    let queries = self.points(400, seed: 4).map { $0 * 1.2 - 20 }
    palette.withSearcher { searcher in
      for (n, query) in queries.enumerated() {
        let least = points.map { squared($0 - query) }.min() ?? .infinity
        // Any known entry will do, however far it is.
        for known in [n % count, (n * 7 + 1) % count] {
          let found = searcher.nearest(to: query, from: known)
          #expect(squared(points[found] - query) <= least * 1.000_01)
        }
      }
    }
  }

  @Test func keepsTheKnownOneOfEquallyNear() {
    let palette = DitherPalette([
      SIMD4(0, 0, 0, 0), SIMD4(8, 0, 0, 0), SIMD4(0, 8, 0, 0),
    ])
    palette.withSearcher { searcher in
      let middle = SIMD4<Float>(4, 4, 0, 0)
      for known in 0..<3 {
        #expect(searcher.nearest(to: middle, from: known) == known)
      }
    }
  }

  @Test func knowsTheSpacing() {
    let points = points(130, seed: 8)
    let spacing = DitherPalette(points).spacing
    for j in points.indices {
      let least = points.indices.filter { $0 != j }
        .map { squared(points[$0] - points[j]).squareRoot() }.min()
      #expect(spacing[j] == least)
    }
    #expect(DitherPalette([.zero]).spacing == [.infinity])
  }
}
