import CLibrary
import QuantizeKit

/// Lines over an axis, as SVG whose colours the page's style says.
package struct LinePlot {
  /// How a line looks.
  package enum Style: Sendable {
    /// A line.
    case plain(Int)

    /// A line with a dot at each point.
    case marked(Int)

    /// A dashed line with an open dot at each point.
    case ceiling(Int)

    /// A thin dotted line.
    case dotted(Int)

    private static let colors = 8

    /// The classes of the style sheet.
    package var classes: String {
      switch self {
      case .plain(let n):
        "s\(n % Self.colors)" + (n >= Self.colors ? " second" : "")
      case .marked(let n): "s\(n % Self.colors)"
      case .ceiling(let n): "s\(n % Self.colors) ceiling"
      case .dotted(let n): "s\(n % Self.colors) dotted"
      }
    }
  }

  /// One line.
  package struct Series: Sendable {
    /// What it shows.
    package let name: String

    /// How it looks.
    package let style: Style

    /// Its points; those that are not finite are left out.
    package let points: [(x: Double, y: Double)]

    /// A line.
    package init(
      name: String, style: Style, points: [(x: Double, y: Double)]
    ) {
      self.name = name
      self.style = style
      self.points = points.filter { $0.x.isFinite && $0.y.isFinite }
    }
  }

  /// The lines, the last one on top.
  package let series: [Series]
  private let xTitle: String
  private let yTitle: String
  private let label: String
  private let isLogarithmic: Bool

  /// A plot.
  ///
  /// - Parameters:
  ///   - series: The lines.
  ///   - xTitle: What the axis from left to right shows.
  ///   - yTitle: What the axis upwards shows.
  ///   - label: What the plot shows, for who does not see it.
  ///   - isLogarithmic: Whether x is shown by its logarithm, with ticks at the
  ///     points; all x must be above 0 then.
  package init(
    series: [Series], xTitle: String, yTitle: String, label: String,
    isLogarithmic: Bool
  ) {
    self.series = series
    self.xTitle = xTitle
    self.yTitle = yTitle
    self.label = label
    self.isLogarithmic = isLogarithmic
  }

  private static let width = 560.0
  private static let height = 320.0
  private static let left = 88.0
  private static let right = 16.0
  private static let top = 14.0
  private static let bottom = 46.0

  /// Round numbers that span a range.
  ///
  /// - Parameters:
  ///   - range: From the least to the greatest.
  ///   - count: About how many.
  /// - Returns: Multiples of 1, 2 or 5 times a power of ten, and the decimals
  ///   that they need.
  package static func ticks(
    _ range: ClosedRange<Double>, about count: Int
  ) -> (values: [Double], decimals: Int) {
    let span = range.upperBound - range.lowerBound
    guard span > 0, span.isFinite else { return ([range.lowerBound], 3) }
    let raw = span / Double(max(1, count))
    let power = pow(10, floor(log10(raw)))
    let step =
      ([1, 2, 5, 10].map { $0 * power }.first { $0 >= raw * 0.999 })
      ?? 10 * power
    let first = Int((range.lowerBound / step).rounded(.up))
    let last = Int((range.upperBound / step).rounded(.down))
    let decimals = max(0, Int(-floor(log10(step) + 1e-9)))
    return (
      first <= last ? (first...last).map { Double($0) * step } : [], decimals
    )
  }

  /// The plot as an element of SVG.
  ///
  /// - Complexity: O(points).
  package func svg() -> HTML {
    let points = series.flatMap(\.points)
    let xs = points.map { position($0.x) }
    let ys = points.map(\.y)
    let x = Self.range(xs, isPadded: false)
    let y = Self.range(ys, isPadded: true)
    let inner = (
      width: Self.width - Self.left - Self.right,
      height: Self.height - Self.top - Self.bottom
    )
    func place(_ point: (x: Double, y: Double)) -> (String, String) {
      let u =
        (position(point.x) - x.lowerBound) / (x.upperBound - x.lowerBound)
      let v = (point.y - y.lowerBound) / (y.upperBound - y.lowerBound)
      return (
        Self.number(Self.left + u * inner.width),
        Self.number(Self.top + (1 - v) * inner.height)
      )
    }
    var parts: [HTML] = []
    let bottom = Self.height - Self.bottom
    let vertical = Self.ticks(y, about: 5)
    for value in vertical.values {
      let at = place((points.first?.x ?? 1, value)).1
      parts.append(
        """
        <path class="grid" d="M\(Self.number(Self.left)) \(at)\
        H\(Self.number(Self.width - Self.right))"/>\
        <text x="\(Self.number(Self.left - 8))" y="\(at)" \
        text-anchor="end" dominant-baseline="middle">\
        \(NumberText.fixed(value, vertical.decimals))</text>
        """)
    }
    for value in horizontalTicks(xs: points.map(\.x), x) {
      let at = place((value, y.lowerBound)).0
      parts.append(
        """
        <path class="grid" d="M\(at) \(Self.number(bottom))v5"/>\
        <text x="\(at)" y="\(Self.number(bottom + 20))" \
        text-anchor="middle">\(NumberText.fixed(value, 0))</text>
        """)
    }
    parts.append(
      """
      <text x="\(Self.number(Self.left + inner.width / 2))" \
      y="\(Self.number(Self.height - 6))" text-anchor="middle">\
      \(xTitle)</text>
      """)
    parts.append(
      """
      <text transform="translate(14 \
      \(Self.number(Self.top + inner.height / 2))) rotate(-90)" \
      text-anchor="middle">\(yTitle)</text>
      """)
    for line in series { parts += drawn(line, place) }
    return """
      <svg viewBox="0 0 \(Int(Self.width)) \(Int(Self.height))" role="img" \
      aria-label="\(label)">\(parts)</svg>
      """
  }

  /// A line and its dots.
  private func drawn(
    _ line: Series, _ place: ((x: Double, y: Double)) -> (String, String)
  ) -> [HTML] {
    let places = line.points.map(place)
    guard let first = places.first else { return [] }
    let path =
      "M\(first.0) \(first.1)"
      + places.dropFirst().map { "L\($0.0) \($0.1)" }.joined()
    let curve: HTML =
      "<path class=\"line \(line.style.classes)\" d=\"\(path)\"/>"
    let dot: String
    switch line.style {
    case .plain: dot = places.count == 1 ? "dot" : ""
    case .marked: dot = "dot"
    case .ceiling: dot = "dot open"
    case .dotted: dot = ""
    }
    guard !dot.isEmpty else { return [curve] }
    let color = String(line.style.classes.prefix { $0 != " " })
    return [curve]
      + places.map { place in
        """
        <circle class="\(color) \(dot)" cx="\(place.0)" \
        cy="\(place.1)" r="4"/>
        """
      }
  }

  private func position(_ x: Double) -> Double { isLogarithmic ? log2(x) : x }

  private func horizontalTicks(
    xs: [Double], _ range: ClosedRange<Double>
  ) -> [Double] {
    guard isLogarithmic else {
      return Self.ticks(range, about: 8).values.filter {
        $0 == $0.rounded()
      }
    }
    // At the points, but for those that would touch the one before.
    var last = -Double.infinity
    let least = (range.upperBound - range.lowerBound) / 16
    return Set(xs).sorted().filter { x in
      guard position(x) - last >= least else { return false }
      last = position(x)
      return true
    }
  }

  private static func range(
    _ values: [Double], isPadded: Bool
  ) -> ClosedRange<Double> {
    let least = values.min() ?? 0
    let most = values.max() ?? 1
    guard most > least else { return least - 0.5...most + 0.5 }
    let room = isPadded ? 0.06 * (most - least) : 0
    return least - room...most + room
  }

  private static func number(_ value: Double) -> String {
    let tenths = (10 * value).rounded() / 10
    return tenths == tenths.rounded() ? "\(Int(tenths))" : "\(tenths)"
  }
}
