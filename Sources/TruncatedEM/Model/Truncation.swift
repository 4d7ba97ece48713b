/// C': for how many components, the closest ones, a point's responsibilities
/// are kept.
///
/// 1 is k-means, the number of components is full expectation-maximisation,
/// and what lies between are soft truncated assignments (Lücke & Forster,
/// arXiv 1704.04812, section 2).
///
/// The engine takes min(C', C), and refuses a C' below 1:
///
///     let fit = try engine.fit(points, components: 16, truncation: .soft(2))
public struct Truncation: Hashable, Sendable {
  /// C'.
  public let count: Int

  /// A number of components to keep.
  ///
  /// - Parameter count: C', at least 1. Where it exceeds the number of
  ///   components, it stands for all of them.
  public init(_ count: Int) {
    self.count = count
  }
}

extension Truncation {
  /// C' = 1: k-means.
  public static let hard = Truncation(1)

  /// C' = C: full expectation-maximisation.
  public static let full = Truncation(MixtureModel.maximumComponents)

  /// The `count` closest components of each point, at least 1.
  public static func soft(_ count: Int) -> Truncation { Truncation(count) }

  /// C' for a number of components: at most all.
  ///
  /// - Parameter components: C, at least 1.
  /// - Returns: min(C', C).
  /// - Throws: `FitError.truncation` where C' is below 1.
  package func clamped(to components: Int) throws(FitError) -> Truncation {
    guard count >= 1 else { throw .truncation(count) }
    return Truncation(min(count, components))
  }
}
