/// The truncated posterior of points: for each the C' components that are
/// closest to it, and how much each of them is responsible for it.
///
///     q_n(c) = exp(−|y_n−μ_c|²/2σ²) / Σ_{c'∈K_n} exp(−|y_n−μ_c'|²/2σ²)
///
/// for the c in K_n, and 0 for all others (arXiv 1704.04812, section 2;
/// docs/theory.md, equation 2). Entry `n * truncation + i` of either array is
/// that of point n's component in place i.
public struct Posterior: Sendable {
  /// The number of points.
  public let count: Int

  /// C', the entries of a point.
  public let truncation: Int

  /// The components, the closest first and of equally close ones the lower
  /// number; with a general model the most responsible first.
  public let components: [UInt16]

  /// Their responsibilities, 0 to 1, descending; those of a point sum to 1
  /// within 10⁻⁶.
  public let responsibilities: [Float]

  /// The components of one point with their responsibilities, the most
  /// responsible first:
  ///
  ///     for (component, responsibility) in posterior[n] { … }
  ///
  /// - Parameter n: 0 to `count` − 1.
  /// - Complexity: O(1).
  public subscript(n: Int) -> Shares {
    precondition((0..<count).contains(n))
    return Shares(posterior: self, first: n * truncation)
  }

  /// The components of one point with their responsibilities.
  public struct Shares: RandomAccessCollection, Sendable {
    fileprivate let posterior: Posterior
    fileprivate let first: Int

    /// 0.
    public var startIndex: Int { 0 }

    /// C'.
    public var endIndex: Int { posterior.truncation }

    /// The component at a place, and how much it is responsible, 0 to 1.
    public subscript(
      place: Int
    ) -> (component: Int, responsibility: Float) {
      precondition(indices.contains(place))
      return (
        Int(posterior.components[first + place]),
        posterior.responsibilities[first + place]
      )
    }
  }

  /// Creates a posterior of numbers that are known to be one.
  package init(
    count: Int, truncation: Int, components: [UInt16],
    responsibilities: [Float]
  ) {
    self.count = count
    self.truncation = truncation
    self.components = components
    self.responsibilities = responsibilities
  }
}
