import Rasters
public import Regions

/// The outlines of the regions of a map, whose corners are corners of pixels.
///
/// Regions that share a border have the same corners on it, in reverse order:
/// borders are simplified between the points where three or more regions meet,
/// once for both sides, and so that none crosses another (`BorderNetwork`): every
/// place is in one region.
public struct Outlines: Sendable {
  /// A closed polygon; its last corner is joined to its first.
  public typealias Ring = [SIMD2<Int>]

  /// A piece of a border: from a corner to another along a straight line, or a
  /// cubic Bézier curve with two points between.
  public struct Step: Hashable, Sendable {
    /// The points that a curve leans to, if it is one.
    public let controls: [SIMD2<Double>]

    /// Where it ends.
    public let end: SIMD2<Double>
  }

  /// A closed way.
  public struct Path: Hashable, Sendable {
    /// Where it begins.
    public let start: SIMD2<Double>

    /// The steps back to there.
    public let steps: [Step]
  }

  /// The rings of each region, one around it and one around each hole, so that
  /// the region lies on the right with y pointing down. They are to be filled by
  /// the even-odd rule. No two lines cross, and no region vanishes.
  public let rings: [[Ring]]

  /// The same as ways of lines or curves.
  public let paths: [[Path]]

  /// Traces regions.
  ///
  /// - Parameters:
  ///   - map: Connected regions. (Diagonal neighbours are not connected.)
  ///   - tolerance: How far, in pixels, a corner that is left out may lie from
  ///     the line; 0 leaves out only those on a straight line.
  ///   - curves: How far curves may lie from the corners of the borders; `nil` for
  ///     straight lines.
  /// - Precondition: `tolerance` is 0 or more, and `curves` more than 0.
  /// - Complexity: O(pixels), and O(n log n) for a border of n corners, as a
  ///   rule.
  public init(_ map: LabelMap, tolerance: Double, curves: Double? = nil) {
    precondition(tolerance >= 0 && curves ?? 1 > 0)
    let tracer = RingTracer(map: map)
    let simplifier = BorderSimplifier(tolerance: tolerance)
    let fitter = curves.map { CurveFitter(tolerance: $0) }
    var network = BorderNetwork(simplifier, map.size)
    var rings = [[Int]](repeating: [], count: map.count)
    var paths = [[Path]](repeating: [], count: map.count)
    var seen = [Bool](repeating: false, count: map.size.pixelCount)
    for y in 0..<map.size.height {
      for x in 0..<map.size.width {
        guard !seen[y * map.size.width + x], tracer.hasTopBorder(x, y) else {
          continue
        }
        let corners = tracer.ring(fromTopOf: x, y) { seen[$0] = true }
        let region = Int(map.labels[y * map.size.width + x])
        rings[region].append(network.add(corners) { tracer.isFixed($0) })
        guard let fitter else { continue }
        let borders = simplifier.borders(of: corners) { tracer.isFixed($0) }
        paths[region].append(
          Path(
            start: borders.first?.first.map(SIMD2<Double>.init) ?? .zero,
            steps: borders.flatMap { fitter.steps(along: $0) }))
      }
    }
    network.untangle()
    self.rings = rings.map { $0.map { network.ring($0) } }
    self.paths = fitter == nil ? self.rings.map { $0.map(Path.init) } : paths
  }
}

extension Outlines.Path {
  /// The way along a polygon.
  init(_ ring: Outlines.Ring) {
    let corners = ring.map { SIMD2<Double>($0) }
    start = corners[0]
    steps = (corners.dropFirst() + [corners[0]]).map {
      Outlines.Step(controls: [], end: $0)
    }
  }
}
