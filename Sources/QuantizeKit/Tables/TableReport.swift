import JSONFiles

/// What became of a table, as JSON; docs/report.md describes the fields.
public struct TableReport: Encodable, Sendable {
  /// Where the time went, in seconds.
  public struct Seconds: Encodable, Sendable {
    /// Reading the table.
    public let read: Double

    /// Searching and fitting, or sharing points among components.
    public let fit: Double

    /// Writing.
    public let write: Double

    /// All of it.
    public let total: Double
  }

  let tool: Report.Tool
  let input: String

  /// The points.
  public let rows: Int

  /// D, the coordinates of a point.
  public let columns: Int

  let columnNames: [String]?

  /// The number of components.
  public let k: Int

  /// C'.
  public let cprime: Int

  let mixing: String
  let covariance: String

  /// Present where a mixture was fitted.
  let seed: UInt64?
  let threads: Int
  let iterations: Int?
  let rejectedSteps: Int?

  /// Whether the tolerance was reached, where a mixture was fitted.
  public let converged: Bool?

  let ending: String?

  /// F per unit of weight in each E-step, in nats, where a mixture was fitted.
  public let freeEnergy: [Double]?

  /// Distances evaluated in each E-step, where a mixture was fitted.
  public let distances: [Int]?

  /// F per unit of weight of the final mixture, in nats.
  public let finalFreeEnergy: Double

  /// J per unit of weight of the final mixture.
  public let inertia: Double

  /// Σ_n w_n q_n(c), by component.
  public let sizes: [Double]

  let sigma2: Double
  let means: [[Double]]
  let seconds: Seconds
  let peakMemoryBytes: Int

  /// The report as a file.
  public func json() -> [UInt8] { JSONFile.encode(self) }
}
