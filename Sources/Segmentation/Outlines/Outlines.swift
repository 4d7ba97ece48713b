/// The outlines of the regions of a map as polygons whose corners are corners of
/// pixels.
///
/// Regions that share a border have the same corners on it, in reverse order:
/// borders are simplified between the points where three or more regions meet,
/// always from the same end, so that no gap opens.
public struct Outlines: Sendable {
  /// A closed polygon; its last corner is joined to its first.
  public typealias Ring = [SIMD2<Int>]

  /// The rings of each region, one around it and one around each hole, so that
  /// the region lies on the right with y pointing down. They are to be filled by
  /// the even-odd rule. A ring that was simplified to a line has two corners.
  public let rings: [[Ring]]

  /// Traces regions.
  ///
  /// - Parameters:
  ///   - map: Connected regions. (Diagonal neighbours are not connected.)
  ///   - tolerance: How far, in pixels, a corner that is left out may lie from
  ///     the line; 0 leaves out only those on a straight line.
  /// - Precondition: `tolerance` is 0 or more.
  /// - Complexity: O(pixels), and O(n log n) for a border of n corners, as a
  ///   rule.
  public init(_ map: LabelMap, tolerance: Double) {
    precondition(tolerance >= 0)
    let tracer = RingTracer(map: map)
    let simplifier = BorderSimplifier(tolerance: tolerance)
    var rings = [[Ring]](repeating: [], count: map.count)
    var seen = [Bool](repeating: false, count: map.size.pixelCount)
    for y in 0..<map.size.height {
      for x in 0..<map.size.width {
        guard !seen[y * map.size.width + x], tracer.hasTopBorder(x, y) else {
          continue
        }
        let corners = tracer.ring(fromTopOf: x, y) { seen[$0] = true }
        let region = Int(map.labels[y * map.size.width + x])
        rings[region].append(
          simplifier.simplified(corners) { tracer.isFixed($0) })
      }
    }
    self.rings = rings
  }
}
