/// C': for how many components, the closest ones, a point's responsibilities
/// are kept.
///
/// 1 is k-means, the number of components is full expectation-maximisation,
/// and what lies between are soft truncated assignments (Lücke & Forster,
/// arXiv 1704.04812, section 2).
public struct Truncation: Hashable, Sendable {
  /// C', 1 to the number of components.
  public let count: Int

  /// Checks C' against the number of components.
  ///
  /// - Parameters:
  ///   - count: C'.
  ///   - components: The number of components.
  /// - Throws: `FitError.truncation` unless 1 ≤ `count` ≤ `components`.
  public init(_ count: Int, of components: Int) throws(FitError) {
    guard count >= 1, count <= components else {
      throw .truncation(count, components: components)
    }
    self.count = count
  }
}

extension Truncation {
  /// C' = 1, k-means, which every number of components allows.
  public static let hard = Truncation(uncheckedCount: 1)

  private init(uncheckedCount count: Int) {
    self.count = count
  }
}
