import Foundation
import ImageFormats
import QuantizeKit
import Rasters
import Testing
import _TestSupport

/// Images with alpha, from file to file.
@Suite struct TransparencyTests {
  private func pixels(_ raster: Raster) -> [SIMD4<UInt8>] {
    stride(from: 0, to: raster.samples.count, by: 4).map {
      SIMD4(
        raster.samples[$0], raster.samples[$0 + 1], raster.samples[$0 + 2],
        raster.samples[$0 + 3])
    }
  }

  /// The squared error a pixel on a background, 0 to 255.
  private func error(
    _ first: Raster, _ second: Raster, on background: Double
  ) -> Double {
    func shown(_ pixel: SIMD4<UInt8>, _ d: Int) -> Double {
      let alpha = Double(pixel.w) / 255
      return alpha * Double(pixel[d]) + (1 - alpha) * background
    }
    let sum = zip(pixels(first), pixels(second)).reduce(0.0) { sum, pair in
      (0..<3).reduce(sum) { sum, d in
        let difference = shown(pair.0, d) - shown(pair.1, d)
        return sum + difference * difference
      }
    }
    return sum / Double(first.size.pixelCount)
  }

  @Test(arguments: [2, 5, 16, 256, 300])
  func keepsWhatIsOpaqueAndWhatIsNot(colors: Int) throws {
    let bench = try Workbench()
    let image = TestRasters.disc(side: 60)
    try bench.write(image, to: "a.png")
    let run = try bench.run(
      ["a.png", "-k", "\(colors)", "-o", "b.png", "--report", "r.json"])
    #expect(run.status == 0, "\(run.error)")
    let written = try ImageDecoder.decode(try bench.read("b.png")).raster
    #expect(written.channels == .rgba)
    for (before, after) in zip(pixels(image), pixels(written)) {
      if before.w == 0 { #expect(after == .zero) }
      if before.w == 255 { #expect(after.w == 255) }
    }
    let report = try JSONDecoder().decode(
      Report.self, from: Data(try bench.read("r.json")))
    #expect(Set(pixels(written)).count == report.palette.count)
    #expect(report.palette.count <= colors)
    #expect(report.k == colors)
    // The error is the mean of those on three backgrounds.
    let errors = [0, 127.5, 255].map { error(image, written, on: $0) }
    #expect(abs(report.mse - errors.reduce(0, +) / 3) < 1e-9)
    // Transparent entries come first, the others' alphas are left out.
    let alphas = report.palette.map(\.alpha)
    let opaque = alphas.firstIndex(of: 255) ?? alphas.count
    #expect(alphas[opaque...].allSatisfy { $0 == 255 })
    #expect(alphas.first == 0)
  }

  @Test func flattensOntoABackground() throws {
    let bench = try Workbench()
    let size = try #require(ImageSize(width: 2, height: 1))
    try bench.write(
      Raster(
        size: size, channels: .rgba, samples: [200, 0, 0, 51, 9, 9, 9, 0]),
      to: "a.png")
    let run = try bench.run(
      ["a.png", "--background", "#08f", "-o", "b.png"])
    #expect(run.status == 0, "\(run.error)")
    let written = try ImageDecoder.decode(try bench.read("b.png")).raster
    #expect(written.channels == .rgb)
    // 0.2 of (200, 0, 0) over (0, 136, 255).
    #expect(written.samples == [40, 109, 204, 0, 136, 255])
  }

  @Test func alphaBecomesOneBit() throws {
    let bench = try Workbench()
    let image = TestRasters.disc(side: 40)
    try bench.write(image, to: "a.png")
    let run = try bench.run(
      ["a.png", "--alpha-threshold", "100", "-o", "b.png"])
    #expect(run.status == 0, "\(run.error)")
    let written = try ImageDecoder.decode(try bench.read("b.png")).raster
    for (before, after) in zip(pixels(image), pixels(written)) {
      #expect(after.w == (before.w >= 100 ? 255 : 0))
    }
  }

  @Test func nothingToSeeIsOneEntry() throws {
    let bench = try Workbench()
    let size = try #require(ImageSize(width: 3, height: 2))
    try bench.write(
      Raster(
        size: size, channels: .rgba,
        samples: [UInt8](repeating: 7, count: 24).enumerated().map {
          $0.offset % 4 == 3 ? 0 : $0.element
        }), to: "a.png")
    try bench.write(Array("[[0,0,0,0]]".utf8), to: "m.json")
    for arguments in [
      ["-k", "1"], ["-k", "16", "-c", "3"], ["-k", "auto"],
      ["--init", "m.json"],
    ] {
      let run = try bench.run(
        ["a.png", "-o", "b.png", "--force"] + arguments)
      #expect(run.status == 0, "\(run.error)")
      let written = try ImageDecoder.decode(try bench.read("b.png")).raster
      #expect(written.samples == [UInt8](repeating: 0, count: 24))
    }
  }

  @Test(arguments: [
    ["-k", "auto", "--k-max", "20"], ["-k", "auto", "--target-psnr", "30"],
    ["-k", "auto", "--target-delta-e", "3"],
    ["-k", "8", "-c", "3", "--mixing", "learned"],
    ["-k", "8", "-c", "8", "--variance", "per-component"],
  ])
  func everyOptionTakesAlpha(arguments: [String]) throws {
    let bench = try Workbench()
    try bench.write(TestRasters.disc(side: 40), to: "a.png")
    let run = try bench.run(["a.png", "-o", "b.png"] + arguments)
    #expect(run.status == 0, "\(run.error)")
    let written = try ImageDecoder.decode(try bench.read("b.png")).raster
    #expect(written.channels == .rgba)
  }
}
