import ParallelWork
import Quantization
import Rasters
import Testing
import _TestSupport

@Suite struct DitherAwarePaletteTests {
  private static let colors: [UInt32] = [
    0x102010, 0x604020, 0xb07050, 0xe0d080, 0x3050a0, 0xff00ff,
  ]

  private func setup() throws -> DitherSetup {
    try DitherSetup(
      TestRasters.noisyGradient(width: 120, height: 300), Self.colors)
  }

  @Test func solvesTheDampedEquations() throws {
    let setup = try setup()
    let dithered = setup.dithered(
      DitherOptions(.errorDiffusion(.floydSteinberg)))
    // One entry beyond those of the image, which no pixel has.
    let points = setup.points(dithered.palette) + [SIMD4(1, 2, 3, 4)]
    let count = points.count
    let pairs = setup.pairs([0, 1, 2], dithered.indices, entries: count)
    var isFixed = [Bool](repeating: false, count: count)
    isFixed[1] = true
    let solved = DitherAwarePalette.solved(
      pairs, from: points, isFixed: isFixed)
    #expect(solved[1] == points[1])
    #expect(solved[count - 1] == points[count - 1])
    for j in 0..<count - 1 where j != 1 {
      #expect(solved[j] != points[j])
      let weight = DitherAwarePalette.damping * pairs.counts[j]
      var rest = pairs.blurred[j] + (points[j] - solved[j]) * weight
      for l in 0..<count { rest -= solved[l] * pairs.matrix[j * count + l] }
      #expect(rest.max() < 1e-6 * pairs.counts[j])
      #expect(rest.min() > -1e-6 * pairs.counts[j])
    }
    #expect(pairs.objective(solved) < pairs.objective(points))
  }

  @Test func nothingFreeStaysAsItIs() throws {
    let setup = try setup()
    let dithered = setup.dithered(DitherOptions(.riemersma))
    let points = setup.points(dithered.palette)
    let pairs = setup.pairs([1], dithered.indices, entries: points.count)
    #expect(
      DitherAwarePalette.solved(
        pairs, from: points,
        isFixed: [Bool](repeating: true, count: points.count)) == points)
  }

  @Test(arguments: DitherMethod.mixing)
  func whatTheEyeSeesNeverGetsWorse(method: DitherMethod) throws {
    let setup = try setup()
    var last = Double.infinity
    var first = 0.0
    var kept = -1
    for rounds in [0, 1, 2, 3, 6] {
      let image = setup.dithered(
        DitherOptions(method, strength: 0.85, rounds: rounds))
      let error = setup.seenError(image)
      if rounds == 0 { first = error }
      #expect(error <= last * 1.000_1)
      #expect(image.rounds <= rounds)
      #expect(image.rounds >= kept)
      last = error
      kept = image.rounds
    }
    #expect(kept > 0)
    #expect(last < 0.9 * first)
  }

  @Test func fixedEntriesStay() throws {
    let setup = try setup()
    let options = DitherOptions(.ordered(.blueNoise), rounds: 4)
    let image = setup.dithered(options) {
      [0x604020, 0xff00ff].contains($0.color.packed)
    }
    let colors = image.palette.colors.map(\.packed)
    #expect(image.rounds > 0)
    #expect(colors.contains(0x604020))
    // No pixel may have this one, and it stays.
    #expect(colors.contains(0xff00ff))
    #expect(!colors.contains(0xb07050))
  }

  @Test func posterizedEntriesKeepTheirBits() throws {
    let setup = try setup()
    let image = DitheredImage(
      DitherPlanner(
        DitherOptions(.errorDiffusion(.floydSteinberg), rounds: 4),
        posterization: try Posterization(bits: 4), workers: Workers(threads: 1)
      ), setup.assignment, setup.pixels)
    #expect(image.rounds > 0)
    let moved = image.palette.entries.filter {
      !Self.colors.contains($0.color.packed)
    }
    #expect(!moved.isEmpty)
    #expect(
      moved.allSatisfy {
        $0.color.red % 17 == 0 && $0.color.green % 17 == 0
          && $0.color.blue % 17 == 0
      })
  }
}
