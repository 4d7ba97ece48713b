/// How much time to spend on finding good means: 1, fastest, to 10, best.
///
/// docs/guides/annealing-and-search.md says what each level does and what it
/// was measured to give.
public struct Effort: Hashable, Sendable {
  /// The levels there are.
  public static let range = 1...10

  /// The level that is used when none is asked for.
  public static let standard = Effort(unchecked: 5)

  /// The level.
  public let level: Int

  /// Checks a level.
  ///
  /// - Parameter level: 1 to 10.
  /// - Throws: `FitError.effort` outside ``range``.
  public init(_ level: Int) throws(FitError) {
    guard Self.range.contains(level) else { throw .effort(level) }
    self.level = level
  }

  private init(unchecked level: Int) {
    self.level = level
  }

  /// The most iterations over all points after a search of this level. (What a
  /// search leaves to do grows less than what the last iterations cost.)
  public var maximumIterations: Int {
    [2, 3, 4, 8, 20, 40, 100, 200, 300, 300][level - 1]
  }

  /// The most of those iterations where C' = 1: the search has come nearly to
  /// their end.
  public var maximumHardIterations: Int {
    [1, 1, 1, 1, 2, 3, 10, 40, 100, 100][level - 1]
  }

  /// The tolerance that ends the iterations over all points where C' > 1.
  public var softTolerance: Double {
    [1e-3, 3e-4, 1e-4, 1e-5, 1e-6, 3e-7, 1e-7, 1e-7, 3e-8, 1e-8][level - 1]
  }

  /// The tolerance that ends the iterations over all points where C' = 1.
  public var tolerance: Double {
    [1e-3, 1e-3, 3e-4, 1e-4, 3e-5, 1e-5, 1e-6, 1e-6, 1e-7, 1e-7][level - 1]
  }
}
