import ParallelWork
import Quantization
import Rasters
import Testing
import _TestSupport

@Suite struct PairCountsTests {
  private static let width = 11

  /// Two bands, the second of few rows.
  private func setup() throws -> DitherSetup {
    try DitherSetup(
      TestRasters.noisyGradient(width: Self.width, height: 137),
      [0x102010, 0x604020, 0xb07050, 0xe0d080])
  }

  @Test func areThoseOfAllPairs() throws {
    let setup = try setup()
    let field = setup.field
    var numbers = Generator(seed: 2)
    let indices = (0..<Self.width * 137).map { _ in
      UInt16(truncatingIfNeeded: numbers.next() >> 40) % 4
    }
    let found = setup.pairs([0, 1], indices, entries: 4, threads: 1)

    let g = EyeBlur().correlation.map { Double($0) }
    var matrix = [Double](repeating: 0, count: 16)
    var blurred = [SIMD4<Double>](repeating: .zero, count: 4)
    var counts = [Double](repeating: 0, count: 4)
    for rows in [0..<128, 128..<137] {
      let points = field.numbers(ofRows: rows).map {
        SIMD4<Double>(field.points[Int($0)])
      }
      for y in rows {
        for x in 0..<Self.width {
          let j = Int(indices[y * Self.width + x])
          counts[j] += 1
          for v in max(rows.lowerBound, y - 4)...min(rows.upperBound - 1, y + 4)
          {
            for u in max(0, x - 4)...min(Self.width - 1, x + 4) {
              let weight = g[v - y + 4] * g[u - x + 4]
              matrix[j * 4 + Int(indices[v * Self.width + u])] += weight
              blurred[j] +=
                points[(v - rows.lowerBound) * Self.width + u] * weight
            }
          }
        }
      }
    }
    #expect(found.counts == counts)
    for i in matrix.indices {
      #expect(abs(found.matrix[i] - matrix[i]) < 0.01)
    }
    for j in 0..<4 {
      let difference = found.blurred[j] - blurred[j]
      #expect(
        (difference * difference).sum() < 1e-6 * (blurred[j] * blurred[j]).sum()
      )
    }
  }

  @Test func doNotDependOnThreads() throws {
    let setup = try DitherSetup(
      TestRasters.noisyGradient(width: 40, height: 700),
      [0x102010, 0x604020, 0xb07050, 0xe0d080])
    let indices = setup.dithered(DitherOptions(.riemersma)).indices
    let bands = Array(0..<6)
    let one = setup.pairs(bands, indices, entries: 4, threads: 1)
    for threads in [2, 3] {
      let many = setup.pairs(
        bands, indices, entries: 4, threads: threads)
      #expect(many.matrix == one.matrix)
      #expect(many.blurred == one.blurred)
    }
  }

  @Test func theObjectiveIsWhatTheEyeSees() throws {
    let setup = try setup()
    let image = setup.dithered(DitherOptions(.errorDiffusion(.sierra)))
    let points = setup.points(image.palette)
    let objective = setup.pairs(
      [0, 1], image.indices, entries: points.count
    ).objective(points)
    // |G∗y|², the constant that it leaves out.
    var constant = 0.0
    for band in 0..<2 {
      let points = setup.field.numbers(
        ofRows: DitherBands.rows(band, image.size)
      ).map { setup.field.points[Int($0)] }
      let blurred = EyeBlur().blurred(points, width: Self.width)
      for (point, seen) in zip(points, blurred) {
        constant += Double((point * seen).sum())
      }
    }
    let expected = setup.seenError(image)
    #expect(abs(objective + constant - expected) < 1e-4 * constant)
    #expect(expected > 0.001 * constant)
  }
}
