import Foundation
import ImageFormats
import QuantizeKit
import Rasters
import Testing
import _TestSupport

/// The main job as a user runs it.
@Suite struct MainJobTests {
  private let photo = TestRasters.noisyGradient(width: 120, height: 80)

  private func report(_ data: Data) throws -> Report {
    try JSONDecoder().decode(Report.self, from: data)
  }

  /// Bits a pixel, as the header of a PNG says.
  private func bitDepth(_ png: [UInt8]) -> UInt8 { png[24] }

  /// The colour type in the header of a PNG: 2 RGB, 3 palette.
  private func colorType(_ png: [UInt8]) -> UInt8 { png[25] }

  @Test func writesBesideTheInputAndSaysNothing() throws {
    let bench = try Workbench()
    try bench.write(photo, to: "photo.png")
    let run = try bench.run(["photo.png", "-k", "16", "--cprime", "2"])
    #expect(run.status == 0)
    #expect(run.output.isEmpty)
    #expect(run.error.isEmpty)
    #expect(try bench.names() == ["photo-quantized.png", "photo.png"])
    let written = try bench.read("photo-quantized.png")
    #expect(colorType(written) == 3)
    #expect(bitDepth(written) == 4)
    let decoded = try ImageDecoder.decode(written).raster
    #expect(decoded.size == photo.size)
  }

  @Test func compressesAsHardAsAsked() throws {
    let bench = try Workbench()
    try bench.write(photo, to: "photo.png")
    func size(_ arguments: String...) throws -> Int {
      let run = try bench.run(
        ["photo.png", "-o", "a.png", "--force", "-k", "8"] + arguments)
      #expect(run.status == 0, "\(run.error)")
      return try bench.read("a.png").count
    }
    let stored = try size("--compression", "0")
    #expect(stored > photo.size.pixelCount / 2)
    #expect(try size("--compression", "9") < stored)
    // The level goes with the effort: the same palette, another size.
    #expect(
      try size("--effort", "10") == size("--effort", "10", "--compression", "9")
    )
  }

  @Test(arguments: [
    (2, 1, 3), (4, 2, 3), (5, 4, 3), (16, 4, 3), (17, 8, 3), (256, 8, 3),
    (300, 8, 2),
  ])
  func usesTheSmallestBitDepth(
    colors: Int, depth: UInt8, type: UInt8
  ) throws {
    let bench = try Workbench()
    try bench.write(photo, to: "a.png")
    let run = try bench.run([
      "a.png", "-k", "\(colors)", "-o", "b.png", "--max-iterations", "3",
    ])
    #expect(run.status == 0)
    let written = try bench.read("b.png")
    #expect(bitDepth(written) == depth)
    #expect(colorType(written) == type)
  }

  @Test func reportAgreesWithTheWrittenImage() throws {
    let bench = try Workbench()
    try bench.write(photo, to: "a.png")
    let run = try bench.run([
      "a.png", "-k", "12", "-c", "3", "-o", "b.png", "--report", "r.json",
      "--palette-out", "p.json", "--seed", "9", "--threads", "2",
    ])
    #expect(run.status == 0)
    let report = try report(Data(try bench.read("r.json")))
    let input = try bench.read("a.png")
    let output = try bench.read("b.png")
    #expect(report.tool.name == "quantize")
    #expect(report.input == "a.png")
    #expect(report.output == "b.png")
    #expect(report.width == 120)
    #expect(report.height == 80)
    #expect(report.pixels == 9_600)
    #expect(report.k == 12)
    #expect(report.cprime == 3)
    #expect(report.space == "srgb")
    #expect(report.seed == 9)
    #expect(report.threads == 2)
    #expect(report.iterations == report.freeEnergy.count)
    #expect(report.converged)
    #expect(report.sigma2 > 0)
    #expect(report.means.count == 12)
    #expect(report.means.allSatisfy { $0.count == 3 })
    #expect(report.inputBytes == input.count)
    #expect(report.outputBytes == output.count)
    #expect(report.peakMemoryBytes > 1_000_000)
    #expect(report.seconds.total >= report.seconds.fit)
    for (a, b) in zip(report.freeEnergy, report.freeEnergy.dropFirst()) {
      #expect(b >= a - 1e-12)
    }

    // What the report says of the image, computed from the image.
    let written = try ImageDecoder.decode(output).raster
    var colors: [UInt32: Int] = [:]
    var squaredError = 0
    for (i, sample) in written.samples.enumerated() {
      let difference = Int(sample) - Int(photo.samples[i])
      squaredError += difference * difference
      if i % 3 == 2 {
        let packed = written.samples[i - 2...i].reduce(UInt32(0)) {
          $0 << 8 | UInt32($1)
        }
        colors[packed, default: 0] += 1
      }
    }
    let mse = Double(squaredError) / 9_600
    #expect(abs(report.mse - mse) < 1e-9)
    #expect(
      abs(report.psnr.value - 10 * log10(3 * 255 * 255 / mse)) < 1e-9)
    // The fit ends a little above its optimum, and rounding may come nearer.
    let inertia = try #require(report.inertia)
    #expect(report.mse >= inertia * (1 - 1e-4))
    #expect(report.palette.count == colors.count)
    for entry in report.palette {
      let packed = entry.rgb.reduce(UInt32(0)) { $0 << 8 | UInt32($1) }
      #expect(colors[packed] == entry.count)
      #expect(entry.share == Double(entry.count) / 9_600)
      #expect(
        entry.hex == "#" + String(format: "%06x", packed))
      let mean = report.means[try #require(entry.component)]
      #expect(mean.map { Int($0.rounded()) } == entry.rgb)
    }
    #expect(
      report.palette.map(\.count)
        == report.palette.map(\.count).sorted(by: >))
    let palette = try JSONDecoder().decode(
      [PaletteRecord].self, from: Data(try bench.read("p.json")))
    #expect(palette == report.palette)
  }

  @Test func copiesImagesThatHaveFewColours() throws {
    let bench = try Workbench()
    let flat = TestRasters.make(width: 9, height: 5) { x, y in
      [0x102030, 0x000000, 0xffffff, 0xff0001, 0x00fe00][(x + y) % 5]
    }
    try bench.write(flat, to: "flat.png")
    for colors in [5, 6, 200, 1_000] {
      for cprime in [1, 2, 5] {
        let run = try bench.run([
          "flat.png", "-k", "\(colors)", "-c", "\(cprime)", "-o", "-",
        ])
        #expect(run.status == 0)
        let written = try ImageDecoder.decode([UInt8](run.output)).raster
        #expect(written.samples == flat.samples)
      }
    }
    let run = try bench.run(["flat.png", "-o", "x.png", "--report", "-"])
    let report = try report(run.output)
    #expect(report.mse == 0)
    #expect(report.psnr.value == .infinity)
    #expect(report.k == 256)
    #expect(report.distinctColors == 5)
  }

  @Test func readsAndWritesStandardStreams() throws {
    let bench = try Workbench()
    try bench.write(photo, to: "a.png")
    let file = try bench.run(["a.png", "-k", "8", "-o", "b.png"])
    #expect(file.status == 0)
    let stream = try bench.run(
      ["-", "-k", "8", "-o", "-"], input: try bench.read("a.png"))
    #expect(stream.status == 0)
    #expect([UInt8](stream.output) == (try bench.read("b.png")))
    let byDefault = try bench.run(
      ["-", "-k", "8"], input: try bench.read("a.png"))
    #expect(byDefault.output == stream.output)
    // The report is on standard output, and nothing else.
    let report = try bench.run([
      "a.png", "-k", "8", "-o", "c.png", "--report", "-",
    ])
    #expect(try self.report(report.output).k == 8)
  }

  @Test func writesJPEGByNameAndByFormat() throws {
    let bench = try Workbench()
    try bench.write(photo, to: "a.png")
    let run = try bench.run([
      "a.png", "-k", "8", "-o", "b.jpg", "--report", "-",
    ])
    #expect(run.status == 0)
    let written = try bench.read("b.jpg")
    #expect(written.prefix(3) == [0xff, 0xd8, 0xff])
    // The error is that of the written JPEG, not of the palette.
    let decoded = try ImageDecoder.decode(written).raster
    var squaredError = 0
    for (a, b) in zip(decoded.samples, photo.samples) {
      squaredError += (Int(a) - Int(b)) * (Int(a) - Int(b))
    }
    let mse = try report(run.output).mse
    #expect(abs(mse - Double(squaredError) / 9_600) < 1e-9)
    #expect(try bench.run(["a.png", "--format", "jpeg"]).status == 0)
    #expect(try bench.read("a-quantized.jpg").prefix(2) == [0xff, 0xd8])
    // A JPEG is read by its content, whatever its name.
    try bench.write(written, to: "really-a-jpeg.png")
    let renamed = try bench.run(["really-a-jpeg.png", "-k", "4", "-o", "d.png"])
    #expect(renamed.status == 0)
  }

  @Test(arguments: [1, 2, 16])
  func bytesDoNotDependOnThreads(cprime: Int) throws {
    let bench = try Workbench()
    try bench.write(
      TestRasters.noisyGradient(width: 400, height: 300), to: "a.png")
    let runs = try [1, 2, 7, 2].map { threads in
      try bench.run([
        "a.png", "-k", "16", "-c", "\(cprime)", "-o", "-", "--threads",
        "\(threads)", "--max-iterations", "12",
      ]).output
    }
    #expect(runs[0].count > 1_000)
    #expect(runs.allSatisfy { $0 == runs[0] })
    let other = try bench.run([
      "a.png", "-k", "16", "-c", "\(cprime)", "-o", "-", "--seed", "1",
      "--max-iterations", "2",
    ])
    #expect(other.output != runs[0])
  }

  /// C' of 20 leaves nothing out, and has a kernel of its own.
  @Test(arguments: [1, 2, 5, 20])
  func kernelsGiveTheBytesOfThePortableCode(cprime: Int) throws {
    struct Energies: Decodable, Equatable {
      let freeEnergy: [Double]
      let inertia: Double
    }
    let bench = try Workbench()
    try bench.write(
      TestRasters.noisyGradient(width: 300, height: 200), to: "a.png")
    let arguments = [
      "a.png", "-k", "20", "-c", "\(cprime)", "-o", "-", "--report", "r.json",
      "--force",
    ]
    func run(_ environment: [String: String]) throws -> (Data, Energies) {
      let run = try bench.run(arguments, environment: environment)
      #expect(run.status == 0, "\(run.error)")
      return (
        run.output,
        try JSONDecoder().decode(
          Energies.self, from: Data(try bench.read("r.json")))
      )
    }
    let fast = try run([:])
    let portable = try run(["QUANTIZE_PORTABLE": "1"])
    #expect(fast.0 == portable.0)
    #expect(fast.1 == portable.1)
    #expect(fast.1.freeEnergy.count > 1)
  }

  @Test func moreEffortIsNeverFarWorse() throws {
    let bench = try Workbench()
    try bench.write(
      TestRasters.noisyGradient(width: 300, height: 200), to: "a.png")
    let errors = try [1, 3, 5, 8].map { effort in
      let run = try bench.run([
        "a.png", "-k", "24", "--effort", "\(effort)", "-o", "b.png", "--force",
        "--report", "-",
      ])
      #expect(run.status == 0)
      return try report(run.output).mse
    }
    for (less, more) in zip(errors, errors.dropFirst()) {
      #expect(more < 1.01 * less)
    }
    #expect(errors[3] < errors[0])
  }

  @Test func initialMeansArePlainEM() throws {
    let bench = try Workbench()
    try bench.write(photo, to: "a.png")
    let means: [[Double]] = [[10, 20.5, 30], [200, 180, 90], [0, 0, 0]]
    try bench.write([UInt8](try JSONEncoder().encode(means)), to: "i.json")
    var last = means
    for iterations in 0...3 {
      let run = try bench.run([
        "a.png", "--init", "i.json", "-o", "-", "--report", "r.json",
        "--force", "--max-iterations", "\(iterations)", "--tolerance", "0",
      ])
      #expect(run.status == 0)
      let report = try report(Data(try bench.read("r.json")))
      #expect(report.k == 3)
      #expect(report.iterations == iterations)
      #expect(report.freeEnergy.count == iterations)
      // One step of Lloyd, written out.
      if iterations > 0 { last = lloyd(last) }
      for (mean, expected) in zip(report.means, last) {
        for (a, b) in zip(mean, expected) { #expect(abs(a - b) < 1e-9) }
      }
    }
    // What --palette-out writes can be read back.
    let first = try bench.run([
      "a.png", "-k", "5", "-o", "-", "--palette-out", "p.json",
    ])
    let again = try bench.run([
      "a.png", "--init", "p.json", "--max-iterations", "0", "-o", "-",
    ])
    #expect(first.status == 0)
    #expect(again.output == first.output)
  }

  private func lloyd(_ means: [[Double]]) -> [[Double]] {
    var sums = means.map { _ in [0.0, 0, 0] }
    var counts = means.map { _ in 0.0 }
    for pixel in 0..<photo.size.pixelCount {
      let color = photo.samples[3 * pixel..<3 * pixel + 3].map { Double($0) }
      let distances = means.map { mean in
        zip(mean, color).map { ($0 - $1) * ($0 - $1) }.reduce(0, +)
      }
      let nearest = distances.indices.min { distances[$0] < distances[$1] } ?? 0
      counts[nearest] += 1
      for d in 0..<3 { sums[nearest][d] += color[d] }
    }
    return means.indices.map { c in
      counts[c] > 0 ? sums[c].map { $0 / counts[c] } : means[c]
    }
  }

  @Test func verboseTellsEveryIteration() throws {
    let bench = try Workbench()
    try bench.write(photo, to: "a.png")
    let run = try bench.run([
      "a.png", "-k", "4", "-o", "b.png", "--verbose", "--max-iterations", "3",
      "--tolerance", "0",
    ])
    #expect(run.status == 0)
    #expect(run.output.isEmpty)
    #expect(run.errorLines.count == 5)
    #expect(run.errorLines.first?.hasPrefix("iteration 1: F") == true)
    #expect(run.errorLines[3].contains("nats/pixel, σ² "))
    #expect(run.errorLines.last?.contains("total") == true)
  }
}
