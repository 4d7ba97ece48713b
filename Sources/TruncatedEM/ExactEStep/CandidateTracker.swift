import ParallelWork

/// The candidates of all leaves, kept from one E-step to the next for as long
/// as the means stay near where they were.
///
/// Lists are made with some slack. While no mean has moved by more than half of
/// it they stay as they are, and an E-step costs a few distances a point and
/// nothing else; what moves farther is looked for anew where it was and where it
/// is. (The idea of bounding what moves that
/// little is that of C. Elkan, "Using the triangle inequality to accelerate
/// k-means", ICML 2003, here for boxes of points.)
struct CandidateTracker: Sendable {
  /// The parts of the tree that are worked on at once.
  let subtrees: [Int]

  /// The candidates of each part's leaves.
  private(set) var lists: [SubtreeCandidates] = []

  /// How many distances the last update evaluated.
  private(set) var distances = 0

  private let tree: PointTree
  private let workers: Workers

  /// C'.
  private let truncation: Int

  /// The means that the lists were made for.
  private var origin: [Double] = []

  /// How far two of them may move together before their lists change.
  private var slack = 0.0

  /// The slack that lists are made with, as a share of the standard deviation
  /// of a point from its nearest mean.
  private static let slackShare = 0.25

  /// Subtrees of about this many points keep every thread busy and the cost of
  /// adding up their statistics small.
  private static let pointsInSubtree = 8_192

  /// With many components the statistics of all subtrees must not fill the
  /// memory. Rows of up to 8 numbers; longer ones count for as many.
  private static let mostRowsInAllSubtrees = 1 << 20

  /// Prepares to track candidates.
  init(
    _ tree: PointTree, workers: Workers, truncation: Int, components: Int
  ) {
    self.tree = tree
    self.workers = workers
    self.truncation = truncation
    let rows =
      components * max(1, SufficientStatistics.Row.width(tree.dimension) / 8)
    let most = max(4, min(64, Self.mostRowsInAllSubtrees / rows))
    subtrees = tree.subtrees(
      ofAtMost: max(Self.pointsInSubtree, tree.points.count / most))
  }

  /// Makes the lists hold for a model.
  ///
  /// - Parameters:
  ///   - model: Its means.
  ///   - deviation: About how far a point is from its nearest mean; 0 if that
  ///     is not known or the means are not expected to stay near.
  /// - Complexity: O(components × D) if they still hold.
  mutating func update(for model: MixtureModel, deviation: Double) {
    distances = 0
    if !lists.isEmpty, slack > 0, origin.count == model.means.count {
      let moved = moved(to: model)
      guard moved.contains(true) else { return }
      if truncation == 1 {
        revise(for: model, moved)
        return
      }
    }
    make(for: model, deviation: deviation)
  }

  /// Makes all lists anew.
  private mutating func make(for model: MixtureModel, deviation: Double) {
    slack = Self.slackShare * deviation
    origin = model.means
    let passes = tree.points.passes
    let (truncation, slack) = (truncation, slack)
    var lists = subtrees.map { root in
      SubtreeCandidates(
        root: root, end: Int(tree.nodes[root].next), leaves: tree.leaves(root))
    }
    tree.withUnsafeTree { unsafeTree in
      tree.withUnsafeMeans(of: model) { means in
        _ = workers.map(&lists) { _, lists in
          passes.searchCandidates(
            in: unsafeTree, means, truncation: truncation, slack: slack,
            into: &lists)
        }
      }
    }
    self.lists = lists
    countDistances()
  }

  /// Makes the lists hold for components that have moved.
  ///
  /// Since the lists were made the others may have moved by up to half the
  /// slack, and may yet move back by twice that; two of them by twice the
  /// slack.
  private mutating func revise(for model: MixtureModel, _ moved: [Bool]) {
    let passes = tree.points.passes
    let slack = 2 * slack
    tree.withUnsafeTree { unsafeTree in
      tree.withUnsafeMeans(of: model) { means in
        _ = workers.map(&lists) { _, lists in
          passes.reviseCandidates(
            in: unsafeTree, means, slack: slack, moved: moved, of: &lists)
        }
      }
    }
    countDistances()
    let dimension = model.dimension
    for c in moved.indices where moved[c] {
      for d in c * dimension..<(c + 1) * dimension {
        origin[d] = model.means[d]
      }
    }
  }

  private mutating func countDistances() {
    for i in lists.indices { distances += lists[i].takeDistances() }
  }

  /// Which means have moved by more than half the slack.
  private func moved(to model: MixtureModel) -> [Bool] {
    let dimension = model.dimension
    let most = slack * slack / 4
    return (0..<model.components).map { c in
      var squared = 0.0
      for d in c * dimension..<(c + 1) * dimension {
        let difference = model.means[d] - origin[d]
        squared += difference * difference
      }
      return squared > most
    }
  }
}
