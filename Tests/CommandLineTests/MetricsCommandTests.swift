import Foundation
import ImageFormats
import QuantizeKit
import Rasters
import Testing
import _TestSupport

/// `quantize metrics`, and the same numbers in reports.
@Suite struct MetricsCommandTests {
  private let photo = TestRasters.noisyGradient(width: 64, height: 48)

  private func bench() throws -> Workbench {
    let bench = try Workbench()
    try bench.write(photo, to: "a.png")
    for colors in [4, 16] {
      let run = try bench.run([
        "a.png", "-k", "\(colors)", "-o", "b\(colors).png", "--report",
        "r\(colors).json",
      ])
      #expect(run.status == 0, "\(run.error)")
    }
    return bench
  }

  private func report(_ data: Data) throws -> MetricsReport {
    try JSONDecoder().decode(MetricsReport.self, from: data)
  }

  /// Whatever is written, the report's error is that of the file against the input,
  /// in all of its bits.
  @Test(
    arguments: ["deep.png", "alpha.png", "a.png"],
    [
      ["-o", "x.jpg"], ["-o", "x.png"],
      ["-o", "x.png", "--dither", "riemersma"],
      ["-o", "x.png", "--dither", "floyd-steinberg", "--space", "oklab"],
      ["-o", "x.png", "--dither", "bayer4", "--dither-strength", "0.7"],
      ["-o", "x.png", "--output-depth", "16"],
    ])
  func reportsAreOfTheFile(name: String, options: [String]) throws {
    let bench = try bench()
    try bench.write(
      PNGBuilder(width: 40, height: 30, bitDepth: 16, colorType: 2) {
        x, y, channel in
        (x * 1_301 + y * 787 + channel * 9_001 + x * y * 13) % 65_536
      }.bytes(), to: "deep.png")
    try bench.write(
      PNGBuilder(width: 40, height: 30, bitDepth: 8, colorType: 6) {
        x, y, channel in
        (x * 5 + y * 3 + channel * 35 + x * y / 7) % 256
      }.bytes(), to: "alpha.png")
    let isJPEG = options.contains("x.jpg")
    // A JPEG has no alpha.
    guard name != "alpha.png" || !isJPEG else { return }
    let run = try bench.run([name, "-k", "6", "--report", "r.json"] + options)
    #expect(run.status == 0, "\(run.error)")
    let report = try JSONDecoder().decode(
      Report.self, from: Data(bench.read("r.json")))
    let found = try self.report(
      bench.run([
        "metrics", name, isJPEG ? "x.jpg" : "x.png", "--json",
      ]).output)
    let mse = try #require(found.images.first).mse
    #expect(abs(report.mse - mse) < 1e-9 * mse, "\(report.mse), \(mse)")
  }

  @Test func jsonAgreesWithReports() throws {
    let bench = try bench()
    let run = try bench.run(["metrics", "a.png", "b4.png", "b16.png", "--json"])
    #expect(run.status == 0, "\(run.error)")
    #expect(run.error.isEmpty)
    let found = try report(run.output)
    #expect(found.original == "a.png")
    #expect(found.width == 64)
    #expect(found.height == 48)
    #expect(found.images.map(\.file) == ["b4.png", "b16.png"])
    for (image, name) in zip(found.images, ["r4.json", "r16.json"]) {
      let report = try JSONDecoder().decode(
        Report.self, from: Data(try bench.read(name)))
      #expect(image.mse == report.mse)
      #expect(image.psnr == report.psnr)
      #expect(image.ssim == report.ssim)
      #expect(image.deltaE2000 == report.deltaE2000)
      #expect(image.oklabMse == report.oklabMse)
      #expect(report.seconds.metrics > 0)
      #expect(report.seconds.total > report.seconds.metrics)
    }
    let (worse, better) = (found.images[0], found.images[1])
    let similarities = [worse.ssim, better.ssim].compactMap(\.self)
    #expect(similarities.count == 2)
    #expect(similarities[0] < similarities[1])
    #expect(better.deltaE2000.mean < worse.deltaE2000.mean)
    #expect(better.deltaE2000.p95 > better.deltaE2000.mean)
    #expect(better.oklabMse < worse.oklabMse)
    let threads = try bench.run([
      "metrics", "a.png", "b4.png", "b16.png", "--json", "--threads", "1",
    ])
    #expect(threads.output == run.output)
  }

  @Test func jpegIsMeasuredAsWritten() throws {
    let bench = try bench()
    let written = try bench.run([
      "a.png", "-k", "9", "-o", "c.jpg", "--report", "c.json",
    ])
    #expect(written.status == 0, "\(written.error)")
    let run = try bench.run(["metrics", "a.png", "c.jpg", "--json"])
    let found = try report(run.output)
    let report = try JSONDecoder().decode(
      Report.self, from: Data(try bench.read("c.json")))
    #expect(found.images.map(\.mse) == [report.mse])
    #expect(found.images.map(\.ssim) == [report.ssim])
    #expect(found.images.map(\.deltaE2000) == [report.deltaE2000])
  }

  @Test func transparencyIsMeasuredAsInReports() throws {
    let bench = try Workbench()
    let samples = photo.samples.enumerated().flatMap { place, sample in
      place % 3 == 2 ? [sample, UInt8(place / 3 % 6 * 51)] : [sample]
    }
    try bench.write(
      Raster(size: photo.size, channels: .rgba, samples: samples), to: "a.png")
    let written = try bench.run([
      "a.png", "-k", "12", "-o", "b.png", "--report", "r.json",
    ])
    #expect(written.status == 0, "\(written.error)")
    let run = try bench.run(["metrics", "a.png", "b.png", "--json"])
    let found = try report(run.output)
    let report = try JSONDecoder().decode(
      Report.self, from: Data(try bench.read("r.json")))
    // There by the colours of the palette, here by what is seen.
    #expect(found.images.allSatisfy { abs($0.mse / report.mse - 1) < 1e-9 })
    #expect(found.images.map(\.ssim) == [report.ssim])
    #expect(found.images.map(\.deltaE2000) == [report.deltaE2000])
  }

  @Test func linesAreForOtherPrograms() throws {
    let bench = try bench()
    let run = try bench.run(["metrics", "a.png", "a.png", "b4.png"])
    #expect(run.status == 0, "\(run.error)")
    let lines = String(decoding: run.output, as: UTF8.self)
      .split(separator: "\n").map { $0.split(separator: "\t") }
    #expect(lines.count == 3)
    #expect(lines.allSatisfy { $0.count == 7 })
    #expect(lines[0].first == "file")
    #expect(lines[1] == ["a.png", "0.0", "inf", "1.0", "0.0", "0.0", "0.0"])
    #expect(lines[2].dropFirst().allSatisfy { Double($0) ?? 0 > 0 })
  }

  @Test func smallImagesHaveNoSimilarity() throws {
    let bench = try Workbench()
    try bench.write(
      TestRasters.noisyGradient(width: 30, height: 10), to: "a.png")
    let lines = try bench.run(["metrics", "a.png", "a.png"])
    #expect(String(decoding: lines.output, as: UTF8.self).contains("\tnan\t"))
    let run = try bench.run(["metrics", "a.png", "a.png", "--json"])
    #expect(try report(run.output).images.map(\.ssim) == [nil])
    #expect(!String(decoding: run.output, as: UTF8.self).contains("ssim"))
  }

  @Test func oneImageMayBeStandardInput() throws {
    let bench = try bench()
    let bytes = try bench.read("b4.png")
    let run = try bench.run(["metrics", "a.png", "-", "--json"], input: bytes)
    #expect(run.status == 0, "\(run.error)")
    let named = try bench.run(["metrics", "a.png", "b4.png", "--json"])
    let (piped, file) = (try report(run.output), try report(named.output))
    #expect(piped.images.map(\.file) == ["-"])
    #expect(piped.images.map(\.mse) == file.images.map(\.mse))
  }

  @Test(arguments: [
    (["a.png"], 64, "two images"), (["a.png", ""], 64, "empty"),
    (["-", "-"], 64, "standard input"),
    (["a.png", "a.png", "--threads", "0"], 64, "--threads"),
    (["a.png", "a.png", "--jsno"], 64, "quantize metrics --help"),
    (["a.png", "small.png"], 65, "small.png: it has 9 x 5 pixels"),
    (["a.png", "a.png", "text.png"], 65, "text.png"),
    (["a.png", "missing.png"], 66, "missing.png"),
  ])
  func badUseIsOneLine(
    arguments: [String], status: Int, text: String
  ) throws {
    let bench = try Workbench()
    try bench.write(photo, to: "a.png")
    try bench.write(
      TestRasters.noisyGradient(width: 9, height: 5), to: "small.png")
    try Data("no image".utf8).write(
      to: bench.folder.appending(path: "text.png"))
    let run = try bench.run(["metrics"] + arguments)
    #expect(run.status == status)
    #expect(run.output.isEmpty)
    #expect(run.errorLines.count == 1)
    #expect(run.error.contains(text), "\(run.error)")
  }

  @Test func helpHasExamples() throws {
    let run = try Workbench().run(["metrics", "--help"])
    #expect(run.status == 0)
    let text = String(decoding: run.output, as: UTF8.self)
    #expect(text.contains("quantize metrics photo.jpg"))
    #expect(text.contains("--json"))
  }
}
