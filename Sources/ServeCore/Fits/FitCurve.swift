import CLibrary

/// How good results are against the number of colours or against C'.
public struct FitCurve: Sendable {
  /// What changes.
  public enum Axis: String, Codable, CaseIterable, Sendable {
    /// k.
    case colors

    /// C'.
    case cprime
  }

  /// What is asked for, besides the options of the fits.
  public struct Request: Decodable, Sendable {
    /// What changes.
    public let over: Axis

    /// Its values.
    public let values: [Int]
  }

  /// A result.
  public struct Point: Encodable, Sendable {
    /// k or C'.
    public let value: Int

    /// The mean squared error.
    public let mse: Double
    let psnr: Double?
    let deltaE: Double?
    let bytes: Int?
    let freeEnergy: Double?
  }

  /// The last line.
  public struct End: Encodable, Sendable {
    let done = true

    /// The value after which more helps much less.
    public let knee: Int?
  }

  /// The most values of a curve.
  public static let mostValues = 64

  /// The values, ascending, each once.
  public let values: [Int]

  private let axis: Axis
  private let request: FitRequest
  private var points: [Point] = []

  /// Prepares a curve.
  ///
  /// - Throws: `ServiceError` where a value is out of range.
  public init(_ curve: Request, _ request: FitRequest) throws(ServiceError) {
    values = Set(curve.values).sorted()
    axis = curve.over
    self.request = request
    guard !values.isEmpty, values.count <= Self.mostValues else {
      throw .wrong("\"values\" must have 1 to \(Self.mostValues) numbers")
    }
    for value in values { _ = try options(value).options(threads: 1) }
  }

  /// The options of a value.
  public func options(_ value: Int) throws(ServiceError) -> FitRequest {
    var request = request
    request.measure = true
    request.reduced = false
    switch axis {
    case .colors:
      request.palette = nil
      request.colors = value
      request.cprime = min(request.cprime, value)
    case .cprime:
      request.cprime = value
    }
    return request
  }

  /// Adds a result.
  ///
  /// - Returns: Its line.
  public mutating func add(_ value: Int, _ fit: PictureFit) -> Point {
    let figures = fit.answer.figures
    let point = Point(
      value: value, mse: figures.mse, psnr: figures.psnr,
      deltaE: figures.deltaE, bytes: figures.bytes,
      freeEnergy: figures.freeEnergy)
    points.append(point)
    return point
  }

  /// The last line: with the knee of the error, the point that is farthest below the
  /// straight line from the first to the last, both axes in logarithms.
  public var end: End {
    let curve = points.compactMap { point in
      point.mse > 0
        ? (
          value: point.value, x: log(Double(point.value)), y: log(point.mse)
        ) : nil
    }
    guard axis == .colors, let first = curve.first, let last = curve.last,
      curve.count > 2, last.x > first.x, first.y > last.y
    else { return End(knee: nil) }
    let below = curve.map { point in
      let x = (point.x - first.x) / (last.x - first.x)
      let y = (point.y - last.y) / (first.y - last.y)
      return (point.value, 1 - x - y)
    }
    let best = below.max { $0.1 < $1.1 }
    return End(knee: best.flatMap { $0.1 > 0.02 ? $0.0 : nil })
  }
}
