import Foundation
import ImageFormats
import QuantizeKit
import Rasters
import Testing
import _TestSupport

/// Means with and without alpha as a start, mostly of images with alpha.
@Suite struct GivenMeansTests {
  private func run(
    _ means: String, _ arguments: [String] = []
  ) throws -> (image: Raster, written: Raster, report: Report) {
    let bench = try Workbench()
    let image = TestRasters.disc(side: 40)
    try bench.write(image, to: "a.png")
    try bench.write(Array(means.utf8), to: "m.json")
    let run = try bench.run(
      ["a.png", "--init", "m.json", "-o", "b.png", "--report", "r.json"]
        + arguments)
    #expect(run.status == 0, "\(run.error)")
    let report = try JSONDecoder().decode(
      Report.self, from: Data(try bench.read("r.json")))
    return (
      image, try ImageDecoder.decode(try bench.read("b.png")).raster, report
    )
  }

  private func pixels(_ raster: Raster) -> [SIMD4<Double>] {
    stride(from: 0, to: raster.samples.count, by: 4).map {
      let pixel = raster.samples[$0..<$0 + 4].map { Double($0) }
      return SIMD4(pixel[0], pixel[1], pixel[2], pixel[3])
    }
  }

  /// The squared error of one colour for another on black, grey and white.
  private func error(_ a: SIMD4<Double>, _ b: SIMD4<Double>) -> Double {
    [0, 127.5, 255].reduce(0.0) { sum, background in
      (0..<3).reduce(sum) { sum, d in
        let (x, y) = (a, b)
        let first = x[d] * x.w / 255 + background * (1 - x.w / 255)
        let second = y[d] * y.w / 255 + background * (1 - y.w / 255)
        return sum + (first - second) * (first - second)
      }
    }
  }

  /// Without iterations every pixel gets the nearest of what was given, and of
  /// complete transparency; an opaque one the nearest opaque one.
  private func expectNearest(
    _ image: Raster, _ written: Raster, _ given: [SIMD4<Double>]
  ) {
    for (before, after) in zip(pixels(image), pixels(written)) {
      let allowed = given.filter { before.w < 255 || $0.w == 255 }
      #expect(allowed.contains(after))
      let least = allowed.map { error(before, $0) }.min() ?? 0
      #expect(error(before, after) < least + 1e-6)
    }
  }

  @Test func alphaIsTheFourthNumber() throws {
    let (image, written, report) = try run(
      "[[250,0,90,128],[120,100,90,255],[200,210,90],[20,40,90,60]]",
      ["--max-iterations", "0"])
    expectNearest(
      image, written,
      [
        .zero, [250, 0, 90, 128], [120, 100, 90, 255], [200, 210, 90, 255],
        [20, 40, 90, 60],
      ])
    #expect(report.palette.contains { $0.alpha == 128 })
    #expect(report.k == 5)
  }

  @Test func threeNumbersAreOpaque() throws {
    let (image, written, report) = try run(
      "[[255,0,90],[0,255,90],[9,9,90]]", ["--max-iterations", "0"])
    expectNearest(
      image, written,
      [.zero, [255, 0, 90, 255], [0, 255, 90, 255], [9, 9, 90, 255]])
    #expect(Set(report.palette.map(\.alpha)) == [0, 255])
  }

  /// Transparency is a component besides those that are given: full EM counts it.
  @Test func transparencyIsOneOfThoseThatShare() throws {
    let text = "[[255,0,90],[9,9,90]]"
    for cprime in [1, 2, 3] {
      let (_, _, report) = try run(text, ["--cprime", "\(cprime)"])
      #expect(report.k == 3 && report.cprime == cprime)
    }
    let bench = try Workbench()
    try bench.write(TestRasters.disc(side: 60), to: "a.png")
    try bench.write(Array(text.utf8), to: "i.json")
    let more = try bench.run([
      "a.png", "--init", "i.json", "--cprime", "4", "-o", "b.png",
    ])
    #expect(more.status == 64 && more.errorLines.count == 1)
    let opaque = try bench.run([
      "a.png", "--background", "fff", "--init", "i.json", "--cprime", "3",
      "-o", "b.png", "--report", "-",
    ])
    #expect(opaque.status == 64 && opaque.errorLines.count == 1)
    #expect(opaque.error.contains("(2), not 3"))
  }

  @Test func iterationsMoveThem() throws {
    let text = "[[255,0,90,90],[0,255,90],[9,9,90]]"
    let errors = try ["0", "1", "20"].map {
      try run(text, ["--max-iterations", $0]).report.mse
    }
    #expect(errors[1] < errors[0])
    #expect(errors[2] < errors[1])
  }

  @Test(arguments: [4, 16, 256, 300])
  func paletteOutIsReadBack(colors: Int) throws {
    let bench = try Workbench()
    try bench.write(TestRasters.disc(side: 60), to: "a.png")
    let first = try bench.run([
      "a.png", "-k", "\(colors)", "-o", "-", "--palette-out", "p.json",
    ])
    #expect(first.status == 0, "\(first.error)")
    let again = try bench.run([
      "a.png", "--init", "p.json", "--max-iterations", "0", "-o", "-",
    ])
    #expect(again.status == 0, "\(again.error)")
    #expect(again.output == first.output)
  }

  @Test func opaqueImagesTakeOpaqueMeans() throws {
    let bench = try Workbench()
    try bench.write(
      TestRasters.noisyGradient(width: 20, height: 20), to: "a.png")
    let means = "[[0,0,0,0],[1,2,3,200],[9,8,7,255],[200,200,200]]"
    try bench.write(Array(means.utf8), to: "m.json")
    let run = try bench.run([
      "a.png", "--init", "m.json", "--max-iterations", "0", "-c", "3",
      "--report", "-", "-o", "b.png",
    ])
    #expect(run.status == 0, "\(run.error)")
    let report = try JSONDecoder().decode(Report.self, from: run.output)
    #expect(Set(report.palette.map(\.hex)) == ["#090807", "#c8c8c8"])
    #expect(report.k == 2)
  }
}
