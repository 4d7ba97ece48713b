import ParallelWork
import Quantization
import Testing
import _TestSupport

@Suite struct NearestGridTests {
  private let workers = Workers(threads: 2)

  private func random(_ count: Int, seed: UInt64) -> [SIMD4<Float>] {
    var generator = Generator(seed: seed)
    return (0..<count).map { _ in
      var point = SIMD4<Float>(0, 0, 0, 180)
      for axis in 0..<3 { point[axis] = Float(generator.next() % 256) }
      return point
    }
  }

  @Test(arguments: [2, 7, 64, 300])
  func findsTheNearest(_ count: Int) {
    let points = random(count, seed: 5)
    var known = 0
    let wanted = random(4_000, seed: 6)
    NearestGrid(points, workers).withSearcher { searcher in
      for point in wanted {
        let found = searcher.nearest(to: point)
        guard found >= 0 else { continue }
        known += 1
        func distance(_ entry: SIMD4<Float>) -> Float {
          ((entry - point) * (entry - point)).sum()
        }
        let least = points.map(distance).min() ?? 0
        #expect(distance(points[found]) <= least * 1.000_01)
      }
    }
    // Few entries span little of the cube, and many crowd some cells.
    if count >= 64 { #expect(known > wanted.count * 99 / 100) }
  }

  @Test func doesNotSayWhatIsFarOff() {
    let points = random(20, seed: 1)
    NearestGrid(points, workers).withSearcher { searcher in
      for axis in 0..<3 {
        for far: Float in [-1_000, 1_000, 1e20, -1e20] {
          var point = points[0]
          point[axis] = far
          #expect(searcher.nearest(to: point) == -1)
        }
      }
    }
  }

  @Test func leavesOutWhereVeryManyAreNear() {
    // All at the same distance from the middle, which is nearest to each.
    let corners: [SIMD4<Float>] = [
      SIMD4(0, 0, 0, 0), SIMD4(1, 0, 0, 0), SIMD4(0, 1, 0, 0),
      SIMD4(1, 1, 0, 0), SIMD4(0, 0, 1, 0), SIMD4(1, 0, 1, 0),
    ]
    let points = (0..<40).map { corners[$0 % corners.count] }
    NearestGrid(points, workers).withSearcher {
      #expect($0.nearest(to: SIMD4(0.5, 0.5, 0.5, 0)) == -1)
    }
  }

  @Test func doesNotDependOnThreads() {
    let points = random(100, seed: 3)
    let wanted = random(1_000, seed: 4)
    func found(_ threads: Int) -> [Int] {
      NearestGrid(points, Workers(threads: threads)).withSearcher { searcher in
        wanted.map { searcher.nearest(to: $0) }
      }
    }
    #expect(found(1) == found(7))
  }
}
