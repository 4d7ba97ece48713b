import Rasters
import Regions
import Segmentation
import Testing
import _TestSupport

/// Curves along borders, places for numbers, and what is written of them.
@Suite struct CurvesTests {
  private func disc() throws -> (LabelMap, [Region]) {
    let size = try #require(ImageSize(width: 60, height: 50))
    let labels = (0..<3_000).map { n -> Int32 in
      let (u, v) = (n % 60 - 30, n / 60 - 25)
      return u * u + v * v < 400 ? 1 : n % 60 < 30 ? 0 : 2
    }
    let table = RegionTable(
      LabelMap(size: size, labels: labels, count: 3),
      RegionSamples(.eight(TestRasters.noisyGradient(width: 60, height: 50))))
    return (table.map, table.regions)
  }

  /// Points along a path.
  private func points(_ path: Outlines.Path) -> [SIMD2<Double>] {
    var points = [path.start]
    for step in path.steps {
      let start = points[points.count - 1]
      guard step.controls.count == 2 else {
        points.append(step.end)
        continue
      }
      for i in 1...16 {
        let t = Double(i) / 16
        let s = 1 - t
        let near = s * s * s * start + 3 * s * s * t * step.controls[0]
        let far = 3 * s * t * t * step.controls[1] + t * t * t * step.end
        points.append(near + far)
      }
    }
    return points
  }

  /// A disc comes out round, with few curves, and no farther from its border than
  /// asked for.
  @Test func discIsRound() throws {
    let (map, _) = try disc()
    let outlines = Outlines(map, tolerance: 1, curves: 0.8)
    let path = outlines.paths[2][0]
    #expect(path.steps.count <= 12)
    for point in points(path) {
      let (u, v) = (point.x - 30.5, point.y - 25.5)
      #expect(abs((u * u + v * v).squareRoot() - 20) < 1.6)
    }
    #expect(path.steps.last?.end == path.start)
  }

  /// Both sides of a border are the same curves, in reverse.
  @Test(arguments: 1...4)
  func bordersAreShared(seed: UInt64) throws {
    let map = TestMaps.random(
      width: 40, height: 30, labels: 3, seed: seed, patch: 9
    ).connectedRegions().regions
    let outlines = Outlines(map, tolerance: 1, curves: 0.6)
    var steps: [[SIMD2<Double>]: Int] = [:]
    for path in outlines.paths.joined() {
      var start = path.start
      for step in path.steps {
        steps[[start] + step.controls + [step.end], default: 0] += 1
        start = step.end
      }
      #expect(start == path.start)
    }
    func isEdge(_ points: [SIMD2<Double>]) -> Bool {
      points.allSatisfy { $0.x == 0 } || points.allSatisfy { $0.x == 40 }
        || points.allSatisfy { $0.y == 0 } || points.allSatisfy { $0.y == 30 }
    }
    for (points, count) in steps {
      // Thin regions shrink to lines, which have the same step on both sides.
      guard !isEdge(points) else { continue }
      #expect(steps[points.reversed()] == count, "\(points)")
    }
  }

  @Test func groupsHavePaints() throws {
    let (map, regions) = try disc()
    let outlines = Outlines(map, tolerance: 1)
    var style = OutlineStyle(
      paints: [
        RGBColor(red: 0, green: 0, blue: 0),
        RGBColor(red: 255, green: 255, blue: 255),
        RGBColor(red: 128, green: 0, blue: 0),
      ])
    style.names = ["", "<paper>", ""]
    style.trap = 0.25
    let svg = outlines.svg(map, regions: regions, style: style)
    #expect(svg.contains("stroke-width=\"0.5\""))
    #expect(svg.contains("<title>&lt;paper&gt;</title>"))
    // The lightest first, the darkest last, over it.
    let order = [1, 2, 0].compactMap {
      svg.firstRange(of: "id=\"label-\($0)\"")?.lowerBound
    }
    #expect(order.count == 3 && order == order.sorted())

    style.trap = 0
    style.numbers = true
    let numbered = outlines.svg(map, regions: regions, style: style)
    #expect(numbered.contains("data-paint=\"#ffffff\""))
    #expect(numbered.contains(">2</text>"))
    #expect(numbered.contains("1 region, "))
  }
}
