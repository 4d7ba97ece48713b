/// A path through colours from the darkest to the lightest in small steps.
///
/// A step costs its CIEDE2000, and one to a darker colour what it loses in
/// lightness besides. The path begins in the order of lightness; then pieces of
/// it are turned round (2-opt) and up to three colours in a row moved elsewhere
/// (Or-opt) for as long as that makes the sum of all steps smaller. Both ends
/// stay. (G. A. Croes, "A method for solving traveling-salesman problems",
/// Operations Research 6(6), 1958, doi 10.1287/opre.6.6.791; I. Or's thesis,
/// 1976.)
public struct LightnessPath {
  /// The most colours whose path is improved; more stay in the order of
  /// lightness.
  public static let most = 512

  /// Longest run of colours that is moved.
  private static let longestRun = 3

  /// Changes that save less are rounding.
  private static let least = 1e-9

  private let lightness: [Double]

  /// ΔE₀₀ of each pair, row after row.
  private let differences: [Double]

  private var path: [Int]

  /// Finds a path.
  ///
  /// - Parameter colors: Any number of colours.
  /// - Returns: Their numbers in the order of the path; the same for the same
  ///   colours.
  /// - Complexity: O(colours²) a pass, and some passes.
  public static func order(of colors: [LabColor]) -> [Int] {
    let sorted = colors.indices.sorted {
      (colors[$0].lightness, $0) < (colors[$1].lightness, $1)
    }
    guard (3...most).contains(colors.count) else { return sorted }
    var path = LightnessPath(colors, sorted)
    while path.improve() {}
    return path.path
  }

  private init(_ colors: [LabColor], _ path: [Int]) {
    lightness = colors.map(\.lightness)
    differences = colors.flatMap { color in
      colors.map { color.difference(to: $0) }
    }
    self.path = path
  }

  /// What a step from one place of the path to another costs.
  private func cost(_ from: Int, _ to: Int) -> Double {
    let (a, b) = (path[from], path[to])
    return differences[a * lightness.count + b]
      + max(0, lightness[a] - lightness[b])
  }

  /// Tries all changes once.
  ///
  /// - Returns: Whether any made the path shorter.
  private mutating func improve() -> Bool {
    var improved = false
    for first in 1..<path.count - 1 {
      for last in first..<path.count - 1 {
        if last > first, savedByTurning(first, last) > Self.least {
          path[first...last].reverse()
          improved = true
        }
        if last - first < Self.longestRun, moveRun(first, last) {
          improved = true
        }
      }
    }
    return improved
  }

  /// What it saves to turn a piece of the path round.
  private func savedByTurning(_ first: Int, _ last: Int) -> Double {
    // Inside, only the steps down in lightness change, and what they lose and
    // the others gain is the difference of the ends.
    let inside = lightness[path[first]] - lightness[path[last]]
    return cost(first - 1, first) + cost(last, last + 1) + inside
      - cost(first - 1, last) - cost(first, last + 1)
  }

  /// Moves a run to the place where that saves most, if anywhere.
  private mutating func moveRun(_ first: Int, _ last: Int) -> Bool {
    let freed =
      cost(first - 1, first) + cost(last, last + 1) - cost(first - 1, last + 1)
    var best = (place: 0, saved: Self.least)
    for place in 0..<path.count - 1
    where !(first - 1...last).contains(place) {
      let saved =
        freed + cost(place, place + 1) - cost(place, first)
        - cost(last, place + 1)
      if saved > best.saved { best = (place, saved) }
    }
    guard best.saved > Self.least else { return false }
    let run = Array(path[first...last])
    path.removeSubrange(first...last)
    let shift = best.place > last ? run.count : 0
    path.insert(contentsOf: run, at: best.place + 1 - shift)
    return true
  }
}
