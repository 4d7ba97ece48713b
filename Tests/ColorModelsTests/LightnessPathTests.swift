import ColorModels
import Rasters
import Testing

@Suite struct LightnessPathTests {
  private func colors(_ count: Int) -> [LabColor] {
    // A multiplier that visits colours without order.
    (0..<count).map {
      LabColor(RGBColor(packed: UInt32(truncatingIfNeeded: $0 &* 0x9e3779)))
    }
  }

  /// The rule, computed plainly.
  private func length(_ path: [Int], _ colors: [LabColor]) -> Double {
    zip(path, path.dropFirst()).reduce(0.0) { sum, step in
      let (a, b) = (colors[step.0], colors[step.1])
      return sum + a.difference(to: b) + max(0, a.lightness - b.lightness)
    }
  }

  private func permutations(_ items: [Int]) -> [[Int]] {
    guard items.count > 1 else { return [items] }
    return items.flatMap { item in
      permutations(items.filter { $0 != item }).map { [item] + $0 }
    }
  }

  @Test(arguments: [0, 1, 2, 3, 40, 200, 513])
  func visitsAllFromDarkToLight(count: Int) {
    let colors = colors(count)
    let path = LightnessPath.order(of: colors)
    #expect(path.sorted() == Array(0..<count))
    let lightness = path.map { colors[$0].lightness }
    #expect(lightness.first == lightness.min())
    #expect(lightness.last == lightness.max())
    let plain = colors.indices.sorted {
      colors[$0].lightness < colors[$1].lightness
    }
    if (40...LightnessPath.most).contains(count) {
      #expect(length(path, colors) < length(plain, colors))
    } else {
      #expect(length(path, colors) <= length(plain, colors) + 1e-9)
    }
  }

  @Test func isNearlyTheShortestOfAll() {
    let colors = colors(8)
    let path = LightnessPath.order(of: colors)
    guard let first = path.first, let last = path.last else {
      Issue.record("there is no path")
      return
    }
    let shortest = permutations(Array(path.dropFirst().dropLast())).map {
      length([first] + $0 + [last], colors)
    }.min()
    #expect(length(path, colors) <= 1.05 * (shortest ?? 0))
  }

  @Test func hueTurnsAroundTheGreyAxis() {
    let hues: [(UInt32, Double)] = [
      (0xff0000, 40), (0xffff00, 103), (0x00ff00, 136), (0x0000ff, 306),
    ]
    for (packed, hue) in hues {
      let lab = LabColor(RGBColor(packed: packed))
      #expect(abs(lab.hue - hue) < 1)
      #expect(lab.chroma > 90)
    }
    #expect(LabColor(RGBColor(packed: 0x777777)).chroma < 1e-9)
  }
}
