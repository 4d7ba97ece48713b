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

  /// Lloyd iterations of a round.
  package var roundIterations = 5

  /// Rounds of split and merge on all points.
  package var fineRounds = 0

  /// Independent searches, of which the best is kept.
  package var restarts = 1

  /// The defaults.
  package init() {}
}
