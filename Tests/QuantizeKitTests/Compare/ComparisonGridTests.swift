import Quantization
import QuantizeKit
import Testing

@Suite struct ComparisonGridTests {
  @Test func everyCombinationComesOnce() throws {
    let grid = try ComparisonGrid(
      colors: [4, 8, 4], truncations: [1, 3], spaces: [.srgb, .oklab],
      dithers: [.none, .riemersma], seeds: [0, 7])
    let cells = grid.cells
    #expect(cells.count == 2 * 2 * 2 * 2 * 2)
    #expect(Set(cells).count == cells.count)
    #expect(Set(cells.map { grid.name(of: $0) }).count == cells.count)
    // What shares a fit stands together, then what shares a search.
    #expect(cells[0].dither == .none)
    #expect(cells[1].dither == .riemersma)
    #expect(cells[0].cprime == cells[1].cprime)
    #expect(cells[2].cprime == 3)
    #expect(cells[3].seed == 0)
    #expect(cells[4].seed == 7)
    #expect(grid.series.count == 8)
    #expect(grid.omissions == nil)
  }

  @Test func truncationsBeyondKAreLeftOut() throws {
    let grid = try ComparisonGrid(colors: [2, 8], truncations: [4, 1, 8])
    #expect(
      grid.cells.map { [$0.k, $0.cprime] } == [
        [2, 1], [8, 4], [8, 1], [8, 8],
      ])
    #expect(grid.omissions == "left out, as C' is at most k: k 2 with C' 4, 8")
    let none = try ComparisonGrid(colors: [2, 8], truncations: [4])
    #expect(none.cells.map(\.k) == [8])
  }

  @Test func namesSayWhatDiffers() throws {
    let plain = try ComparisonGrid(colors: [4], truncations: [1])
    #expect(plain.cells.map { plain.name(of: $0) } == ["k 4, C' 1"])
    let lists = try ComparisonGrid(
      colors: [4], truncations: [2], spaces: [.srgb, .lab],
      dithers: [.none, .ordered(.blueNoise)], seeds: [3, 5])
    #expect(
      lists.cells.map { lists.name(of: $0) }.first
        == "k 4, C' 2, srgb, not dithered, seed 3")
    #expect(
      lists.cells.map { lists.name(of: $0) }.last
        == "k 4, C' 2, lab, blue-noise, seed 5")
  }

  @Test(arguments: [
    ([], [1], "-k is empty"), ([4], [], "--cprime is empty"),
    ([0], [1], "-k must be 1 to 256, not 0"),
    ([257], [1], "-k must be 1 to 256, not 257"),
    ([4, 9], [10], "number of colours (9), not 10"), ([4], [0], "not 0"),
    (Array(1...30), [1, 2, 3, 4], "more than 100 combinations"),
  ])
  func wrongListsAreRefused(
    colors: [Int], truncations: [Int], text: String
  ) {
    let error = #expect(throws: QuantizeError.self) {
      try ComparisonGrid(colors: colors, truncations: truncations)
    }
    #expect(error?.message.contains(text) == true)
    #expect(error?.exitStatus == .usage)
  }

  @Test func longListsDoNotOverflow() {
    let seeds = Array(0..<UInt64(50_000))
    #expect(throws: QuantizeError.self) {
      try ComparisonGrid(
        colors: Array(1...256), truncations: Array(1...256),
        spaces: [.srgb, .lab], dithers: DitherMethod.all, seeds: seeds)
    }
  }
}
