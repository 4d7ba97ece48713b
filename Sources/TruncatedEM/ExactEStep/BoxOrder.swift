/// What a box says of the components near it, by their distance or by what else
/// K_n is chosen by.
protocol BoxOrder {
  /// A component that may be dropped, made ready for being compared.
  associatedtype Candidate

  /// What the middle of the box is from a component.
  func distanceOfMiddle(to component: Int) -> Double

  /// Starts to compare.
  ///
  /// - Parameter farthestPivot: The distance of the middle from the farthest
  ///   pivot.
  mutating func start(farthestPivot: Double)

  /// Makes a component ready for being compared.
  ///
  /// - Parameters:
  ///   - component: Its number.
  ///   - distance: What the middle is from it.
  /// - Returns: What ``isFarther(_:than:)`` takes.
  func candidate(_ component: Int, at distance: Double) -> Candidate

  /// Whether a component is surely farther than a pivot from every point of the
  /// box. Rounding errors must not make it so.
  func isFarther(_ candidate: Candidate, than pivot: Int) -> Bool
}
