import ParallelWork
import Quantization
import Rasters
import Testing
import _TestSupport

@Suite struct DirectSearchTests {
  private static let (width, height) = (24, 20)

  private let setup: DitherSetup
  private let points: [SIMD4<Double>]

  init() throws {
    setup = try DitherSetup(
      TestRasters.noisyGradient(width: Self.width, height: Self.height),
      [0x102010, 0x604020, 0xb07050, 0xe0d080, 0x3050a0])
    points = setup.points(setup.assignment.palette)
  }

  /// |G∗e|² + λ|e|² by its definition.
  private func objective(_ indices: [UInt16]) -> Double {
    let g = EyeBlur().correlation.map { Double($0) }
    let field = setup.field
    let errors = field.numbers(ofRows: 0..<Self.height).enumerated().map {
      SIMD4<Double>(field.points[Int($1)]) - points[Int(indices[$0])]
    }
    var sum = 0.0
    for y in 0..<Self.height {
      for x in 0..<Self.width {
        let own = errors[y * Self.width + x]
        sum += Double(DirectSearch.roughness) * (own * own).sum()
        for v in max(0, y - 4)...min(Self.height - 1, y + 4) {
          for u in max(0, x - 4)...min(Self.width - 1, x + 4) {
            sum +=
              g[v - y + 4] * g[u - x + 4]
              * (own * errors[v * Self.width + u]).sum()
          }
        }
      }
    }
    return sum
  }

  private func improved(_ indices: [UInt16], sweeps: Int) -> [UInt16] {
    var indices = indices
    indices.withUnsafeMutableBufferPointer {
      DirectSearch(sweeps: sweeps).improve(
        0, of: setup.field, with: DitherEntries(points, firstOpaque: 0),
        SharedMemory($0))
    }
    return indices
  }

  private var start: [UInt16] {
    setup.field.numbers(ofRows: 0..<Self.height).map {
      setup.assignment.entries[Int($0)]
    }
  }

  @Test func everySweepLowersTheObjective() {
    var last = objective(start)
    for sweeps in 1...4 {
      let next = objective(improved(start, sweeps: sweeps))
      #expect(next <= last * 1.000_001)
      if sweeps == 1 { #expect(next < 0.8 * last) }
      last = next
    }
  }

  @Test func endsWhereNoExchangeHelps() {
    let best = improved(start, sweeps: 100)
    let least = objective(best)
    for pixel in stride(from: 0, to: best.count, by: 7) {
      for entry in points.indices where entry != Int(best[pixel]) {
        var other = best
        other[pixel] = UInt16(entry)
        #expect(objective(other) >= least * (1 - 1e-5))
      }
    }
  }

  @Test func isPartOfDithering() throws {
    let method = DitherMethod.errorDiffusion(.floydSteinberg)
    let plain = setup.dithered(DitherOptions(method))
    let improved = setup.dithered(DitherOptions(method, sweeps: 3))
    #expect(setup.seenError(improved) < setup.seenError(plain))
    // Not of methods that go by the place alone.
    let ordered = DitherMethod.ordered(.blueNoise)
    #expect(
      setup.dithered(DitherOptions(ordered, sweeps: 3)).indices
        == setup.dithered(DitherOptions(ordered)).indices)
  }
}
