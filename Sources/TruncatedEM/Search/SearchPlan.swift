/// How the search for starting means spends its time.
///
/// One plain set of numbers; ``Effort`` says which belong to each level.
package struct SearchPlan: Sendable {
  /// The most boxes whose means the search works on, for few components.
  package var coarsePoints = 8_192

  /// Boxes for each component, where that is more.
  package var coarsePointsPerComponent = 64

  /// Draws for each mean of greedy k-means++.
  package var draws = 2

  /// Lloyd iterations from each start.
  package var lloydIterations = 10

  /// Soft iterations with C' = 3, then with C' = 2, before the hard ones; 0
  /// leaves annealing out.
  package var softIterations = 6

  /// Rounds of split and merge on the boxes.
  package var rounds = 20

  /// Failures in a row that end those rounds.
  package var failures = 4

  /// Iterations with momentum on finer boxes, after the search on coarse ones.
  package var finerIterations = 10

  /// Rounds of split and merge on all points.
  package var fineRounds = 0

  /// The most iterations on boxes of each size, where C' is more than 1.
  package var boxIterations = 60

  /// Rounds of swaps that raise F at the C' asked for, on boxes, where it is more
  /// than 1.
  package var softRounds = 12

  /// Failures in a row that end those rounds.
  package var softFailures = 5

  /// Independent searches, of which the best is kept.
  package var restarts = 1

  /// `FitOptions.copiedCoordinates`.
  package var copiedCoordinates = 0

  /// The defaults.
  package init() {}

  /// What a level of effort does.
  package init(_ effort: Effort) {
    let place = effort.level - 1
    coarsePoints =
      [
        512, 1_024, 2_048, 2_048, 4_096, 8_192, 16_384, 16_384, 32_768, 65_536,
      ][place]
    coarsePointsPerComponent =
      [8, 16, 16, 16, 32, 64, 128, 128, 128, 256][place]
    draws = [1, 1, 1, 2, 3, 3, 3, 3, 4, 4][place]
    lloydIterations = [2, 2, 3, 3, 3, 4, 6, 10, 10, 10][place]
    softIterations = [0, 0, 0, 0, 0, 0, 0, 0, 6, 6][place]
    rounds = [2, 3, 6, 8, 12, 24, 60, 100, 200, 400][place]
    failures = [2, 3, 3, 4, 4, 6, 10, 12, 16, 24][place]
    finerIterations = [2, 2, 4, 6, 8, 12, 16, 24, 30, 40][place]
    fineRounds = [0, 0, 0, 0, 0, 0, 0, 0, 10, 20][place]
    boxIterations = [8, 10, 20, 40, 60, 100, 200, 200, 300, 300][place]
    softRounds = [0, 0, 0, 4, 12, 16, 24, 48, 100, 200][place]
    softFailures = [0, 0, 0, 2, 5, 6, 7, 8, 12, 16][place]
    restarts = [1, 1, 1, 1, 1, 2, 2, 3, 4, 6][place]
  }
}
